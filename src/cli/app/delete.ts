/** `batchyard app delete`: ends an application's registration. */
import { parseWords } from "../command-line.ts";
import { graphSession } from "../connect/management-session.ts";
import { CommandError, exitCode } from "../exit-code.ts";
import { dataFolder } from "../service/data-folder.ts";
import { runningService } from "../service/running-service.ts";
import { applicationWord, findApplication } from "./application-requests.ts";

export const help = `Delete an application. Its secrets work no more from the next sign-in on.

Usage: batchyard app delete APPLICATION --yes      (its id or its name)

  --yes        without it, nothing is deleted
  --data DIR   the service's state folder
  --json       the deleted application as one JSON object
`;

export async function execute(argv: readonly string[]): Promise<number> {
  const { values, words } = parseWords(argv, {
    yes: { type: "boolean", default: false },
    data: { type: "string" },
    json: { type: "boolean", default: false },
  });
  const name = applicationWord(words, "batchyard app delete APPLICATION --yes");
  if (!values.yes) throw new CommandError(`this deletes '${name}': confirm it by --yes`, exitCode.usage);
  const folder = dataFolder(values.data);
  const session = await graphSession(await runningService(folder), folder);
  const application = await findApplication(session, name);
  await session.send("DELETE", `/applications/${application.id}`);
  process.stdout.write(
    values.json ? `${JSON.stringify(application)}\n` : `deleted ${application.displayName}\n`,
  );
  return exitCode.ok;
}
