/** `batchyard group create`: a new resource group. */
import { oneWord } from "../command/command-line.ts";
import { serviceCommandOnWords } from "../command/service-command.ts";
import { indented } from "../command/wrapped-lines.ts";
import { createGroup } from "./group-requests.ts";

export const help = `Create a resource group.

Usage: batchyard group create NAME [--location L]

  --location L   default: the first account's
  --data DIR     the service's state folder
  --json         the group as the REST API has it
`;

export const execute = serviceCommandOnWords(
  { location: { type: "string" } },
  async ({ values, words, management }) => {
    const name = oneWord(words, "which group? batchyard group create NAME");
    const session = await management();
    const group = await createGroup(session, name, values.location ?? session.service.location);
    return { json: group, text: indented(group.id, 0) };
  },
);
