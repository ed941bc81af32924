/** The policy set and the questions that every engine is asked: a tenant's assignments of custom roles, and requests of which they allow a part. */
import type { RoleAssignment } from "../../src/core/access/policy.ts";
import { BATCH_PERMISSIONS } from "../../src/wire/rbac/batch-permissions.ts";
import type { Permission } from "../../src/wire/rbac/permission.ts";
import type { RoleDefinition } from "../../src/wire/rbac/role-definition.ts";

const SUBSCRIPTION = "/subscriptions/00000000-0000-4000-8000-000000000000";
const ROLES = 500;
const ASSIGNMENTS_PER_PRINCIPAL = 100;
const ACCOUNTS = 200;

export interface Question {
  readonly principalId: string;
  readonly permission: Permission;
  readonly scope: string;
}

export interface DecisionPolicy {
  readonly roles: readonly RoleDefinition[];
  readonly assignments: readonly RoleAssignment[];
  readonly questions: readonly Question[];
}

const PERMISSIONS = Object.values(BATCH_PERMISSIONS);
const OTHERS = ["Microsoft.Storage/*/read", "Microsoft.Insights/alertRules/*"];

export const accountOf = (number: number) =>
  `${SUBSCRIPTION}/resourceGroups/group${number % 20}/providers/Microsoft.Batch/batchAccounts/account${number}`;

/** Each role grants a third of the Batch permissions, each principal holds its roles on half of the accounts. */
export function decisionPolicy(assignmentCount: number, questionCount: number): DecisionPolicy {
  const roles = Array.from({ length: ROLES }, (_, number) => {
    const granted = (kind: Permission["kind"]) =>
      PERMISSIONS.filter((permission, index) => permission.kind === kind && (index + number) % 3 === 0);
    return {
      name: `${String(number).padStart(8, "0")}-0000-4000-8000-000000000000`,
      roleName: `Role ${number}`,
      type: "CustomRole" as const,
      description: "",
      assignableScopes: [SUBSCRIPTION],
      permissions: [
        {
          actions: [...granted("action").map(({ name }) => name), ...OTHERS],
          notActions: [],
          dataActions: granted("dataAction").map(({ name }) => name),
          notDataActions: [],
        },
      ],
    };
  });
  const principals = Math.max(1, assignmentCount / ASSIGNMENTS_PER_PRINCIPAL);
  const assignments = Array.from({ length: assignmentCount }, (_, number) => ({
    id: `assignment${number}`,
    principalId: `principal${number % principals}`,
    roleDefinitionId: roles[(number * 7) % ROLES]?.name ?? "",
    scope: accountOf((Math.floor(number / principals) * 2) % ACCOUNTS),
  }));
  const questions = Array.from({ length: questionCount }, (_, number) => ({
    principalId: `principal${(number * 31) % principals}`,
    permission: PERMISSIONS[(number * 7) % PERMISSIONS.length] as Permission,
    // No two questions are alike: nothing remembered from an earlier one answers a later one.
    scope: `${accountOf((number * 13) % ACCOUNTS)}/pools/pool${number}`,
  }));
  return { roles, assignments, questions };
}
