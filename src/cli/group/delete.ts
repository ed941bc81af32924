/** `batchyard group delete`: a resource group with all that is in it. */
import { setTimeout as delay } from "node:timers/promises";
import { parseWords } from "../command-line.ts";
import { managementSession } from "../connect/management-session.ts";
import { CommandError, exitCode } from "../exit-code.ts";
import { dataFolder } from "../service/data-folder.ts";
import { runningService } from "../service/running-service.ts";
import { deleteGroup, groupWord, listGroups } from "./group-requests.ts";

export const help = `Delete a resource group, its Batch accounts and all that runs there.

Usage: batchyard group delete NAME --yes

  --yes        without it nothing is deleted
  --data DIR   the service's state folder
  --json       one JSON object
`;

const POLL_MS = 250;

export async function execute(argv: readonly string[]): Promise<number> {
  const { values, words } = parseWords(argv, {
    yes: { type: "boolean", default: false },
    data: { type: "string" },
    json: { type: "boolean", default: false },
  });
  const name = groupWord(words, "batchyard group delete NAME --yes");
  if (!values.yes) throw new CommandError(`say --yes to delete '${name}' with all in it`, exitCode.usage);
  const folder = dataFolder(values.data);
  const session = await managementSession(await runningService(folder), folder);
  await deleteGroup(session, name);
  const isThere = async () =>
    (await listGroups(session)).some((group) => group.name.toLowerCase() === name.toLowerCase());
  while (await isThere()) await delay(POLL_MS);
  process.stdout.write(values.json ? `${JSON.stringify({ deleted: name })}\n` : `deleted ${name}\n`);
  return exitCode.ok;
}
