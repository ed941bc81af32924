/** `batchyard account show`: one Batch account. */
import { parseWords } from "../command-line.ts";
import { managementSession } from "../connect/management-session.ts";
import { exitCode } from "../exit-code.ts";
import { dataFolder } from "../service/data-folder.ts";
import { runningService } from "../service/running-service.ts";
import { accountWord, findAccount } from "./account-requests.ts";

export const help = `Show a Batch account as the REST API has it.

Usage: batchyard account show NAME

  --data DIR   the service's state folder
  --json       on one line
`;

export async function execute(argv: readonly string[]): Promise<number> {
  const { values, words } = parseWords(argv, {
    data: { type: "string" },
    json: { type: "boolean", default: false },
  });
  const name = accountWord(words, "batchyard account show NAME");
  const folder = dataFolder(values.data);
  const session = await managementSession(await runningService(folder), folder);
  const account = await findAccount(session, name);
  process.stdout.write(`${JSON.stringify(account, null, values.json ? undefined : 2)}\n`);
  return exitCode.ok;
}
