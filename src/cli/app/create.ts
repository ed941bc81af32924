/** `batchyard app create`: registers an application and gives it a service principal. */
import { oneWord } from "../command/command-line.ts";
import { serviceCommandOnWords } from "../command/service-command.ts";
import { table } from "../connect/endpoint-table.ts";
import { type Application, PORTAL_REGISTRATION } from "./application-requests.ts";
import { registrationBody, registrationHelp, registrationOptions } from "./registration-options.ts";

export const help = `Register an application in the tenant, with its service principal.

Usage: batchyard app create NAME [OPTIONS]

A secret is given by 'app secret add', a role by 'role assign'.

${registrationHelp}  --data DIR           the service's state folder
  --json               as Microsoft Graph has it
`;

export const execute = serviceCommandOnWords({ ...registrationOptions }, async ({ values, words, graph }) => {
  const displayName = oneWord(words, "which application? batchyard app create NAME [OPTIONS]");
  const session = await graph();
  const application = await session.send<Application>("POST", "/applications", {
    displayName,
    ...PORTAL_REGISTRATION,
    ...registrationBody(values),
  });
  await session.send("POST", "/servicePrincipals", { appId: application.appId });
  const text = table([
    ["Application", application.displayName],
    ["Client id", application.appId],
    ["Tenant", session.service.tenantId],
  ]);
  return { json: application, text };
});
