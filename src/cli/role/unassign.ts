/** `batchyard role unassign`: takes a role back where it was assigned. */
import { parseOptions } from "../command-line.ts";
import { accountScope, managementSession } from "../connect/management-session.ts";
import { CommandError, exitCode } from "../exit-code.ts";
import { dataFolder } from "../service/data-folder.ts";
import { runningService } from "../service/running-service.ts";
import { indented } from "../wrapped-lines.ts";
import { assignmentsHolding, deleteAssignment, findPrincipal, findRole } from "./role-requests.ts";

export const help = `Take a role back. It ends with the next request.

Usage: batchyard role unassign --principal P --role R [--scope S]

  --principal P  object id, application id or user name
  --role R       the role's name or GUID
  --scope S      where it was assigned; default: the first Batch account
  --data DIR     the service's state folder
  --json         the removed assignment as one JSON object
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
  const scope = (options.scope ?? accountScope(session.service)).toLowerCase();
  const principal = await findPrincipal(session, options.principal);
  const role = await findRole(session, scope, options.role);
  const held = await assignmentsHolding(session, scope, principal);
  const ofRole = held.filter(({ properties }) =>
    properties.roleDefinitionId.toLowerCase().endsWith(`/${role.name}`),
  );
  const assignment = ofRole.find(({ properties }) => properties.scope.toLowerCase() === scope);
  if (assignment === undefined) {
    const [above] = ofRole;
    const hint = above === undefined ? "" : `; it is assigned at ${above.properties.scope}`;
    throw new CommandError(`${principal.displayName} has no role '${role.properties.roleName}' there${hint}`);
  }
  await deleteAssignment(session, assignment);
  const text = `${principal.displayName} has the role '${role.properties.roleName}' no more\n${indented(`at ${scope}`, 2)}`;
  process.stdout.write(options.json ? `${JSON.stringify(assignment)}\n` : text);
  return exitCode.ok;
}
