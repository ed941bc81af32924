/** `batchyard group delete`: a resource group with all that is in it. */

import { setTimeout as delay } from "node:timers/promises";
import { oneWord } from "../command/command-line.ts";
import { CommandError, exitCode } from "../command/exit-code.ts";
import { serviceCommandOnWords } from "../command/service-command.ts";
import { deleteGroup, listGroups } from "./group-requests.ts";

export const help = `Delete a resource group, its Batch accounts and all that runs there.

Usage: batchyard group delete NAME --yes

  --yes        without it nothing is deleted
  --data DIR   the service's state folder
  --json       one JSON object
`;

const POLL_MS = 250;

export const execute = serviceCommandOnWords(
  {
    yes: { type: "boolean", default: false },
  },
  async ({ values, words, management }) => {
    const name = oneWord(words, "which group? batchyard group delete NAME --yes");
    if (!values.yes) throw new CommandError(`say --yes to delete '${name}' with all in it`, exitCode.usage);
    const session = await management();
    await deleteGroup(session, name);
    const isThere = async () =>
      (await listGroups(session)).some((group) => group.name.toLowerCase() === name.toLowerCase());
    while (await isThere()) await delay(POLL_MS);
    return { json: { deleted: name }, text: `deleted ${name}\n` };
  },
);
