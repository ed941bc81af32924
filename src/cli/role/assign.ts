/** `batchyard role assign`: gives a principal a role somewhere. */
import { parseOptions } from "../command-line.ts";
import { accountScope, managementSession } from "../connect/management-session.ts";
import { CommandError, exitCode } from "../exit-code.ts";
import { dataFolder } from "../service/data-folder.ts";
import { runningService } from "../service/running-service.ts";
import { indented } from "../wrapped-lines.ts";
import { assignRole, findPrincipal, findRole } from "./role-requests.ts";

export const help = `Give a principal a role. It holds for the next request.

Usage: batchyard role assign --principal P --role R [--scope S]

  --principal P  object id, application id or user name
  --role R       the role's name or GUID
  --scope S      default: the first Batch account
  --data DIR     the service's state folder
  --json         the assignment as one JSON object
`;

export async function execute(argv: readonly string[]): Promise<number> {
  const options = parseOptions(argv, {
    principal: { type: "string" },
    role: { type: "string" },
    scope: { type: "string" },
    data: { type: "string" },
    json: { type: "boolean", default: false },
  });
  if (options.principal === undefined || options.role === undefined) {
    throw new CommandError("give --principal and --role (see --help)", exitCode.usage);
  }
  const folder = dataFolder(options.data);
  const session = await managementSession(await runningService(folder), folder, "administrator");
  const scope = options.scope ?? accountScope(session.service);
  const principal = await findPrincipal(session, options.principal);
  const role = await findRole(session, scope, options.role);
  const assignment = await assignRole(session, { scope, roleDefinitionId: role.id, principal });
  const text = `${principal.displayName} has the role '${role.properties.roleName}'\n${indented(`at ${scope}`, 2)}`;
  process.stdout.write(options.json ? `${JSON.stringify(assignment)}\n` : text);
  return exitCode.ok;
}
