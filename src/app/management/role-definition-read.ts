/** Role definitions as management sees them: the built-in ones and the tenant's own. */
import { isAssignableAt } from "../../core/access/assignable-scope.ts";
import type { Scope } from "../../core/access/scope.ts";
import { BUILT_IN_ROLES } from "../../wire/rbac/built-in-roles.ts";
import { type RoleDefinitionRecord, roleDefinitionName } from "../../wire/rbac/role-definition.ts";
import { customRoleRecords } from "../access/role-definitions.ts";
import type { Management } from "./management.ts";

/** The roles that can be assigned at the scope. */
export async function roleDefinitionList(
  { store }: Management,
  tenantId: string,
  scope: Scope,
): Promise<RoleDefinitionRecord[]> {
  const definitions = [...BUILT_IN_ROLES, ...(await customRoleRecords(store.read, tenantId))];
  return definitions.filter((definition) => isAssignableAt(definition, scope, () => [tenantId]));
}

/** @param id any form of the role definition's id, in any case */
export async function roleDefinitionFind(
  management: Management,
  tenantId: string,
  scope: Scope,
  id: string,
): Promise<RoleDefinitionRecord | undefined> {
  const definitions = await roleDefinitionList(management, tenantId, scope);
  return definitions.find(({ name }) => name === roleDefinitionName(id));
}
