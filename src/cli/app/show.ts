/** `batchyard app show`: one application. */
import { parseWords } from "../command-line.ts";
import { graphSession } from "../connect/management-session.ts";
import { exitCode } from "../exit-code.ts";
import { dataFolder } from "../service/data-folder.ts";
import { runningService } from "../service/running-service.ts";
import { applicationWord, findApplication } from "./application-requests.ts";

export const help = `Show an application as Microsoft Graph has it.

Usage: batchyard app show APPLICATION      (its id or its name)

  --data DIR   the service's state folder
  --json       on one line
`;

export async function execute(argv: readonly string[]): Promise<number> {
  const { values, words } = parseWords(argv, {
    data: { type: "string" },
    json: { type: "boolean", default: false },
  });
  const name = applicationWord(words, "batchyard app show APPLICATION");
  const folder = dataFolder(values.data);
  const application = await findApplication(await graphSession(await runningService(folder), folder), name);
  process.stdout.write(`${JSON.stringify(application, null, values.json ? 0 : 2)}\n`);
  return exitCode.ok;
}
