/** `batchyard group create`: a new resource group. */
import { parseWords } from "../command-line.ts";
import { managementSession } from "../connect/management-session.ts";
import { exitCode } from "../exit-code.ts";
import { dataFolder } from "../service/data-folder.ts";
import { runningService } from "../service/running-service.ts";
import { indented } from "../wrapped-lines.ts";
import { createGroup, groupWord } from "./group-requests.ts";

export const help = `Create a resource group.

Usage: batchyard group create NAME [--location L]

  --location L   default: the first account's
  --data DIR     the service's state folder
  --json         the group as the REST API has it
`;

export async function execute(argv: readonly string[]): Promise<number> {
  const { values, words } = parseWords(argv, {
    location: { type: "string" },
    data: { type: "string" },
    json: { type: "boolean", default: false },
  });
  const name = groupWord(words, "batchyard group create NAME");
  const folder = dataFolder(values.data);
  const session = await managementSession(await runningService(folder), folder);
  const group = await createGroup(session, name, values.location ?? session.service.location);
  process.stdout.write(values.json ? `${JSON.stringify(group)}\n` : indented(group.id, 0));
  return exitCode.ok;
}
