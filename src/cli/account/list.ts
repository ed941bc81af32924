/** `batchyard account list`: the Batch accounts of the first subscription. */
import { parseOptions } from "../command-line.ts";
import { table } from "../connect/endpoint-table.ts";
import { managementSession } from "../connect/management-session.ts";
import { exitCode } from "../exit-code.ts";
import { dataFolder } from "../service/data-folder.ts";
import { runningService } from "../service/running-service.ts";
import { listAccounts } from "./account-requests.ts";

export const help = `List the Batch accounts of the subscription.

Usage: batchyard account list

  --data DIR   the service's state folder
  --json       one JSON array, as the REST API has them
`;

export async function execute(argv: readonly string[]): Promise<number> {
  const options = parseOptions(argv, {
    data: { type: "string" },
    json: { type: "boolean", default: false },
  });
  const folder = dataFolder(options.data);
  const session = await managementSession(await runningService(folder), folder);
  const accounts = await listAccounts(session);
  const text = table(accounts.map(({ name, properties }) => [name, `https://${properties.accountEndpoint}`]));
  process.stdout.write(options.json ? `${JSON.stringify(accounts)}\n` : text);
  return exitCode.ok;
}
