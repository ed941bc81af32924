/** Role definitions as management sees them: the built-in ones and the tenant's own. */
import { parseScope, type Scope, scopeContains } from "../../core/access/scope.ts";
import { roleDefinitionsOfTenant } from "../../store/role-assignments.ts";
import { BUILT_IN_ROLES } from "../../wire/rbac/built-in-roles.ts";
import { type RoleDefinition, roleDefinitionName } from "../../wire/rbac/role-definition.ts";
import type { Management } from "./management.ts";

/** Those that can be assigned at the scope. */
export async function roleDefinitionList(
  { store }: Management,
  tenantId: string,
  scope: Scope,
): Promise<RoleDefinition[]> {
  const custom = await roleDefinitionsOfTenant.all(store.read, { tenant_id: tenantId });
  const definitions = [
    ...BUILT_IN_ROLES,
    ...custom.map(({ definition }) => JSON.parse(definition) as RoleDefinition),
  ];
  return definitions.filter(({ assignableScopes }) =>
    assignableScopes.some((text) => {
      const assignable = parseScope(text);
      return assignable !== undefined && scopeContains(assignable, scope);
    }),
  );
}

/** @param id any form of the role definition's id, in any case */
export async function roleDefinitionFind(
  management: Management,
  tenantId: string,
  scope: Scope,
  id: string,
): Promise<RoleDefinition | undefined> {
  const definitions = await roleDefinitionList(management, tenantId, scope);
  return definitions.find(({ name }) => name === roleDefinitionName(id));
}
