/** `batchyard role list`: built-in and custom roles. */
import { parseOptions } from "../command-line.ts";
import { accountScope, managementSession } from "../connect/management-session.ts";
import { exitCode } from "../exit-code.ts";
import { dataFolder } from "../service/data-folder.ts";
import { runningService } from "../service/running-service.ts";
import { indented } from "../wrapped-lines.ts";
import { listRoles } from "./role-requests.ts";

export const help = `List the roles that can be assigned.

Usage: batchyard role list [--custom] [--scope S]

  --custom     the tenant's own only
  --scope S    default: the first Batch account
  --data DIR   the service's state folder
  --json       one JSON array, as the REST API has them
`;

export async function execute(argv: readonly string[]): Promise<number> {
  const options = parseOptions(argv, {
    custom: { type: "boolean", default: false },
    scope: { type: "string" },
    data: { type: "string" },
    json: { type: "boolean", default: false },
  });
  const folder = dataFolder(options.data);
  const session = await managementSession(await runningService(folder), folder);
  const roles = await listRoles(session, options.scope ?? accountScope(session.service));
  const wanted = roles.filter(({ properties }) => !options.custom || properties.type === "CustomRole");
  const text = wanted.map(
    ({ name, properties }) =>
      indented(`${properties.roleName}  (${name})`, 0) + indented(properties.description, 2),
  );
  process.stdout.write(options.json ? `${JSON.stringify(wanted)}\n` : text.join(""));
  return exitCode.ok;
}
