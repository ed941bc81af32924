/** `batchyard account keys`: an account's two keys, and new ones. */
import { parseWords } from "../command-line.ts";
import { table } from "../connect/endpoint-table.ts";
import { managementSession } from "../connect/management-session.ts";
import { CommandError, exitCode } from "../exit-code.ts";
import { dataFolder } from "../service/data-folder.ts";
import { runningService } from "../service/running-service.ts";
import { accountKeys, accountWord, findAccount, renewKey } from "./account-requests.ts";

export const help = `Show an account's keys. One that is renewed stops at once.

Usage: batchyard account keys NAME [--renew primary|secondary]

  --renew K    make a new primary or secondary key first
  --data DIR   the service's state folder
  --json       one JSON object
`;

const KEYS: Readonly<Record<string, "Primary" | "Secondary">> = {
  primary: "Primary",
  secondary: "Secondary",
};

export async function execute(argv: readonly string[]): Promise<number> {
  const { values, words } = parseWords(argv, {
    renew: { type: "string" },
    data: { type: "string" },
    json: { type: "boolean", default: false },
  });
  const name = accountWord(words, "batchyard account keys NAME");
  const renewed = values.renew === undefined ? undefined : KEYS[values.renew];
  if (values.renew !== undefined && renewed === undefined) {
    throw new CommandError("--renew takes primary or secondary", exitCode.usage);
  }
  const folder = dataFolder(values.data);
  const session = await managementSession(await runningService(folder), folder);
  const account = await findAccount(session, name);
  const keys = renewed ? await renewKey(session, account, renewed) : await accountKeys(session, account);
  const text = table([
    ["Primary", keys.primary],
    ["Secondary", keys.secondary],
  ]);
  process.stdout.write(values.json ? `${JSON.stringify(keys)}\n` : text);
  return exitCode.ok;
}
