/** `batchyard user list`: the users of the tenant. */
import { parseOptions } from "../command-line.ts";
import { graphSession } from "../connect/management-session.ts";
import { directoryList } from "../directory-list.ts";
import { exitCode } from "../exit-code.ts";
import { dataFolder } from "../service/data-folder.ts";
import { runningService } from "../service/running-service.ts";

export const help = `List the users of the tenant.

Usage: batchyard user list

  --data DIR   the service's state folder
  --json       as Microsoft Graph has it
`;

export async function execute(argv: readonly string[]): Promise<number> {
  const options = parseOptions(argv, {
    data: { type: "string" },
    json: { type: "boolean", default: false },
  });
  const folder = dataFolder(options.data);
  const session = await graphSession(await runningService(folder), folder);
  const found = await directoryList<Readonly<Record<"id" | "userPrincipalName", string>>>(session, "/users");
  const text = found.map(({ id, userPrincipalName }) => `  ${id}  ${userPrincipalName}\n`);
  process.stdout.write(options.json ? `${JSON.stringify(found)}\n` : text.join(""));
  return exitCode.ok;
}
