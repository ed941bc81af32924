/** For tests: a subscription with two Batch accounts, and short ways to write roles and assignments. */

import { BUILT_IN_ROLES } from "../../wire/rbac/built-in-roles.ts";
import {
  builtInRoleDefinitionId,
  type RoleDefinition,
  type RolePermissions,
} from "../../wire/rbac/role-definition.ts";
import type { Policy, RoleAssignment } from "./policy.ts";

export const SUBSCRIPTION = "/subscriptions/11111111-2222-3333-4444-555555555555";
export const GROUP = `${SUBSCRIPTION}/resourceGroups/render`;
export const ACCOUNT = `${GROUP}/providers/Microsoft.Batch/batchAccounts/farm`;
export const OTHER_ACCOUNT = `${GROUP}/providers/Microsoft.Batch/batchAccounts/farm2`;

export const ALICE = "aaaaaaaa-0000-0000-0000-000000000001";
export const GROUP_OF_ALICE = "aaaaaaaa-0000-0000-0000-000000000002";

export function customRole(name: string, granted: Partial<RolePermissions>): RoleDefinition {
  return {
    name,
    roleName: `Role ${name}`,
    type: "CustomRole",
    description: "",
    assignableScopes: [SUBSCRIPTION],
    permissions: [{ actions: [], notActions: [], dataActions: [], notDataActions: [], ...granted }],
  };
}

export function assign(role: RoleDefinition, scope = ACCOUNT, principalId = ALICE): RoleAssignment {
  const id = `${scope}/providers/Microsoft.Authorization/roleAssignments/${role.name}`;
  return { id, principalId, roleDefinitionId: builtInRoleDefinitionId(role.name), scope };
}

export function policyOf(
  assignments: readonly RoleAssignment[],
  custom: readonly RoleDefinition[] = [],
): Policy {
  return { assignments, definitions: [...BUILT_IN_ROLES, ...custom] };
}
