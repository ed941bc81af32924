/** `batchyard account show`: one Batch account. */
import { oneWord } from "../command/command-line.ts";
import { serviceCommandOnWords } from "../command/service-command.ts";
import { findAccount } from "./account-requests.ts";

export const help = `Show a Batch account as the REST API has it.

Usage: batchyard account show NAME

  --data DIR   the service's state folder
  --json       on one line
`;

export const execute = serviceCommandOnWords({}, async ({ words, management }) => {
  const name = oneWord(words, "which account? batchyard account show NAME");
  const session = await management();
  const account = await findAccount(session, name);
  return { json: account };
});
