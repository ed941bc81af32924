/** `batchyard group list`: the resource groups of the first subscription. */
import { parseOptions } from "../command-line.ts";
import { table } from "../connect/endpoint-table.ts";
import { managementSession } from "../connect/management-session.ts";
import { exitCode } from "../exit-code.ts";
import { dataFolder } from "../service/data-folder.ts";
import { runningService } from "../service/running-service.ts";
import { listGroups } from "./group-requests.ts";

export const help = `List the resource groups of the subscription.

Usage: batchyard group list

  --data DIR   the service's state folder
  --json       one JSON array, as the REST API has them
`;

export async function execute(argv: readonly string[]): Promise<number> {
  const options = parseOptions(argv, {
    data: { type: "string" },
    json: { type: "boolean", default: false },
  });
  const folder = dataFolder(options.data);
  const groups = await listGroups(await managementSession(await runningService(folder), folder));
  const text = table(groups.map(({ name, location }) => [name, location]));
  process.stdout.write(options.json ? `${JSON.stringify(groups)}\n` : text);
  return exitCode.ok;
}
