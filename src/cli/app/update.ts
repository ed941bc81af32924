/** `batchyard app update`: changes how an application is registered. */
import { parseWords } from "../command-line.ts";
import { graphSession } from "../connect/management-session.ts";
import { CommandError, exitCode } from "../exit-code.ts";
import { dataFolder } from "../service/data-folder.ts";
import { runningService } from "../service/running-service.ts";
import { type Application, applicationWord, findApplication } from "./application-requests.ts";
import { registrationBody, registrationHelp, registrationOptions } from "./registration-options.ts";

export const help = `Change an application's registration. Redirect URIs that are given take the
place of those that its platform had.

Usage: batchyard app update APPLICATION OPTIONS    (its id or its name)

${registrationHelp}  --name NAME          its new display name
  --data DIR           the service's state folder
  --json               the application as Microsoft Graph has it now
`;

export async function execute(argv: readonly string[]): Promise<number> {
  const { values, words } = parseWords(argv, {
    ...registrationOptions,
    name: { type: "string" },
    data: { type: "string" },
    json: { type: "boolean", default: false },
  });
  const name = applicationWord(words, "batchyard app update APPLICATION OPTIONS");
  const body = {
    ...registrationBody(values),
    ...(values.name !== undefined && { displayName: values.name }),
  };
  if (Object.keys(body).length === 0)
    throw new CommandError("nothing to change: give --redirect-uri, --accounts or --name", exitCode.usage);
  const folder = dataFolder(values.data);
  const session = await graphSession(await runningService(folder), folder);
  const { id } = await findApplication(session, name);
  await session.send("PATCH", `/applications/${id}`, body);
  const application = await session.send<Application>("GET", `/applications/${id}`);
  process.stdout.write(
    values.json ? `${JSON.stringify(application)}\n` : `changed ${application.displayName}\n`,
  );
  return exitCode.ok;
}
