/** `batchyard app create`: registers an application and gives it a service principal. */
import { parseWords } from "../command-line.ts";
import { table } from "../connect/endpoint-table.ts";
import { graphSession } from "../connect/management-session.ts";
import { exitCode } from "../exit-code.ts";
import { dataFolder } from "../service/data-folder.ts";
import { runningService } from "../service/running-service.ts";
import { type Application, applicationWord, PORTAL_REGISTRATION } from "./application-requests.ts";
import { registrationBody, registrationHelp, registrationOptions } from "./registration-options.ts";

export const help = `Register an application in the tenant, with its service principal.

Usage: batchyard app create NAME [OPTIONS]

A secret is given by 'app secret add', a role by 'role assign'.

${registrationHelp}  --data DIR           the service's state folder
  --json               as Microsoft Graph has it
`;

export async function execute(argv: readonly string[]): Promise<number> {
  const { values, words } = parseWords(argv, {
    ...registrationOptions,
    data: { type: "string" },
    json: { type: "boolean", default: false },
  });
  const displayName = applicationWord(words, "batchyard app create NAME [OPTIONS]");
  const folder = dataFolder(values.data);
  const session = await graphSession(await runningService(folder), folder);
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
  process.stdout.write(values.json ? `${JSON.stringify(application)}\n` : text);
  return exitCode.ok;
}
