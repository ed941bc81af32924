/** `batchyard app consent`: an administrator grants what an application asks for, for all users. */
import { oneWord } from "../command/command-line.ts";
import { serviceCommandOnWords } from "../command/service-command.ts";
import { directoryList } from "../directory-list.ts";
import { equals, findApplication, findServicePrincipal } from "./application-requests.ts";

export const help = `Grant an application the delegated permissions it asks for, for all users.

Usage: batchyard app consent APPLICATION      (its id or its name)

  --data DIR   the service's state folder
  --json       the grants as one JSON array
`;

interface Grant {
  readonly id: string;
  readonly consentType: string;
  readonly resourceId: string;
  readonly scope: string;
}

export const execute = serviceCommandOnWords({}, async ({ words, graph }) => {
  const name = oneWord(words, "which application? batchyard app consent APPLICATION");
  const session = await graph();
  const application = await findApplication(session, name);
  const client = await findServicePrincipal(session, application.appId);
  const path = `/oauth2PermissionGrants?$filter=${equals("clientId", client.id)}`;
  const held = await directoryList<Grant>(session, path);
  const lines: string[] = [];
  const grants: object[] = [];
  for (const { resourceAppId, resourceAccess } of application.requiredResourceAccess) {
    const resource = await findServicePrincipal(session, resourceAppId);
    const wanted = new Set(resourceAccess.map(({ id }) => id));
    const asked = resource.oauth2PermissionScopes
      .filter(({ id }) => wanted.has(id))
      .map(({ value }) => value);
    if (asked.length === 0) continue;
    const grant = held.find((one) => one.consentType === "AllPrincipals" && one.resourceId === resource.id);
    const scope = [...new Set([...(grant?.scope.split(" ") ?? []), ...asked])].filter(Boolean).join(" ");
    const whole = { clientId: client.id, consentType: "AllPrincipals", resourceId: resource.id, scope };
    if (grant === undefined) await session.send("POST", "/oauth2PermissionGrants", whole);
    else await session.send("PATCH", `/oauth2PermissionGrants/${grant.id}`, { scope });
    grants.push(whole);
    lines.push(`  ${resource.displayName}: ${scope}\n`);
  }
  const text = `${application.displayName} may, for all users:\n${lines.join("")}`;
  return { json: grants, text };
});
