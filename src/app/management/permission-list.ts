/** What a caller may do at a scope: the entries of each role that it holds there. */
import { holdsAt } from "../../core/access/management-group.ts";
import { parseScope, type Scope } from "../../core/access/scope.ts";
import { BUILT_IN_ROLES } from "../../wire/rbac/built-in-roles.ts";
import { type RolePermissions, roleDefinitionName } from "../../wire/rbac/role-definition.ts";
import { customRoles } from "../access/role-definitions.ts";
import type { Management } from "./management.ts";
import { assignmentsHeldBy } from "./role-assignment-read.ts";

export async function permissionList(
  management: Management,
  tenantId: string,
  principalId: string,
  scope: Scope,
): Promise<RolePermissions[]> {
  const held = (await assignmentsHeldBy(management, tenantId, principalId)).filter((assignment) => {
    const outer = parseScope(assignment.scope);
    return outer !== undefined && holdsAt(outer, scope, tenantId);
  });
  const names = new Set(held.map(({ role_definition_id }) => roleDefinitionName(role_definition_id)));
  const roles = [...BUILT_IN_ROLES, ...(await customRoles(management.store.read, tenantId))];
  return roles.filter(({ name }) => names.has(name)).flatMap(({ permissions }) => permissions);
}
