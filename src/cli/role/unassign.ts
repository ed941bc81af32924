/** `batchyard role unassign`: takes a role back where it was assigned. */

import { CommandError, exitCode } from "../command/exit-code.ts";
import { serviceCommand } from "../command/service-command.ts";
import { indented } from "../command/wrapped-lines.ts";
import { accountScope } from "../connect/management-session.ts";
import { assignmentsHolding, deleteAssignment, findPrincipal, findRole } from "./role-requests.ts";

export const help = `Take a role back. It ends with the next request.

Usage: batchyard role unassign --principal P --role R [--scope S]

  --principal P  object id, application id or user name
  --role R       the role's name or GUID
  --scope S      where it was assigned; default: the first Batch account
  --data DIR     the service's state folder
  --json         the removed assignment as one JSON object
`;

export const execute = serviceCommand(
  {
    principal: { type: "string" },
    role: { type: "string" },
    scope: { type: "string" },
  },
  async ({ values, management }) => {
    if (values.principal === undefined || values.role === undefined) {
      throw new CommandError("give --principal and --role (see --help)", exitCode.usage);
    }
    const session = await management("administrator");
    const scope = (values.scope ?? accountScope(session.service)).toLowerCase();
    const principal = await findPrincipal(session, values.principal);
    const role = await findRole(session, scope, values.role);
    const held = await assignmentsHolding(session, scope, principal);
    const ofRole = held.filter(({ properties }) =>
      properties.roleDefinitionId.toLowerCase().endsWith(`/${role.name}`),
    );
    const assignment = ofRole.find(({ properties }) => properties.scope.toLowerCase() === scope);
    if (assignment === undefined) {
      const [above] = ofRole;
      const hint = above === undefined ? "" : `; it is assigned at ${above.properties.scope}`;
      throw new CommandError(
        `${principal.displayName} has no role '${role.properties.roleName}' there${hint}`,
      );
    }
    await deleteAssignment(session, assignment);
    const text = `${principal.displayName} has the role '${role.properties.roleName}' no more\n${indented(`at ${scope}`, 2)}`;
    return { json: assignment, text };
  },
);
