/** Puts a role in the place of the broader ones a principal holds. First it is given, then they are taken: at no moment has it neither. */

import type { FoundPrincipal } from "../../wire/access/access-api.ts";
import { CommandError } from "../command/exit-code.ts";
import type { ManagementSession } from "../connect/management-session.ts";
import {
  assignmentsHolding,
  assignRole,
  createRole,
  deleteAssignment,
  findPrincipal,
  listRoles,
  type RoleProperties,
} from "./role-requests.ts";

/**
 * @returns what was done, a line each
 * @throws CommandError also where it would take the roles of whoever applies it: halfway through, nobody could finish or undo it
 */
export async function applyRole(
  session: ManagementSession,
  wanted: {
    readonly role: { readonly properties: RoleProperties };
    /** Where the role is to hold. */
    readonly scope: string;
    readonly principal: FoundPrincipal;
  },
): Promise<string[]> {
  const { scope, principal } = wanted;
  const author = await findPrincipal(session, session.signedInAs);
  if (author.objectId === principal.objectId) {
    throw new CommandError(
      `not applied: ${principal.displayName} would take its own roles; let another owner create and assign the role`,
    );
  }
  const others = await assignmentsHolding(session, scope, principal);
  const names = new Map(
    (await listRoles(session, scope)).map(({ name, properties }) => [name, properties.roleName]),
  );
  const role = await createRole(session, wanted.role);
  await assignRole(session, { scope, roleDefinitionId: role.id, principal });
  const done = [
    `created the role '${role.properties.roleName}'`,
    `assigned it to ${principal.displayName} at ${scope}`,
  ];
  for (const other of others) {
    await deleteAssignment(session, other);
    const { roleDefinitionId } = other.properties;
    const name = roleDefinitionId.slice(roleDefinitionId.lastIndexOf("/") + 1).toLowerCase();
    done.push(`took back '${names.get(name) ?? name}' at ${other.properties.scope}`);
  }
  return done;
}
