/** `batchyard account keys`: an account's two keys, and new ones. */
import { oneWord } from "../command/command-line.ts";
import { CommandError, exitCode } from "../command/exit-code.ts";
import { serviceCommandOnWords } from "../command/service-command.ts";
import { table } from "../connect/endpoint-table.ts";
import { accountKeys, findAccount, renewKey } from "./account-requests.ts";

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

export const execute = serviceCommandOnWords(
  { renew: { type: "string" } },
  async ({ values, words, management }) => {
    const name = oneWord(words, "which account? batchyard account keys NAME");
    const renewed = values.renew === undefined ? undefined : KEYS[values.renew];
    if (values.renew !== undefined && renewed === undefined) {
      throw new CommandError("--renew takes primary or secondary", exitCode.usage);
    }
    const session = await management();
    const account = await findAccount(session, name);
    const keys = renewed ? await renewKey(session, account, renewed) : await accountKeys(session, account);
    const text = table([
      ["Primary", keys.primary],
      ["Secondary", keys.secondary],
    ]);
    return { json: keys, text };
  },
);
