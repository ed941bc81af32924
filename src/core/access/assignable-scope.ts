/** Where a role may be assigned: at its assignable scopes, and at what lies below one. Elsewhere it grants nothing. */
import type { RoleDefinition } from "../../wire/rbac/role-definition.ts";
import {
  type ManagementGroupsOf,
  managementGroupScopes,
  parseScope,
  type Scope,
  scopeContains,
} from "./scope.ts";

/** @param managementGroupsOf of a subscription, nearest first; none where there are no management groups */
export function isAssignableAt(
  { assignableScopes }: RoleDefinition,
  scope: Scope,
  managementGroupsOf: ManagementGroupsOf = () => [],
): boolean {
  const above = managementGroupScopes(scope, managementGroupsOf);
  return assignableScopes.some((text) => {
    const assignable = parseScope(text);
    return assignable !== undefined && (scopeContains(assignable, scope) || above.includes(assignable));
  });
}
