/** `batchyard role assign`: gives a principal a role somewhere. */

import { CommandError, exitCode } from "../command/exit-code.ts";
import { serviceCommand } from "../command/service-command.ts";
import { indented } from "../command/wrapped-lines.ts";
import { accountScope } from "../connect/management-session.ts";
import { assignRole, findPrincipal, findRole } from "./role-requests.ts";

export const help = `Give a principal a role. It holds for the next request.

Usage: batchyard role assign --principal P --role R [--scope S]

  --principal P  object id, application id or user name
  --role R       the role's name or GUID
  --scope S      default: the first Batch account
  --data DIR     the service's state folder
  --json         the assignment as one JSON object
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
    const scope = values.scope ?? accountScope(session.service);
    const principal = await findPrincipal(session, values.principal);
    const role = await findRole(session, scope, values.role);
    const assignment = await assignRole(session, { scope, roleDefinitionId: role.id, principal });
    const text = `${principal.displayName} has the role '${role.properties.roleName}'\n${indented(`at ${scope}`, 2)}`;
    return { json: assignment, text };
  },
);
