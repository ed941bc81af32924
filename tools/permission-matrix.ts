/**
 * What a principal with one role at a Batch account's resource group may do, worked out by the evaluator that the service uses.
 * Owns no rules and no text.
 */
import { decideOperation } from "../src/core/access/operation-access.ts";
import { compilePolicy } from "../src/core/access/policy.ts";
import { compilePrincipal, type PrincipalAccess } from "../src/core/access/principal-access.ts";
import { type ArmOperationId, armOperations } from "../src/wire/arm/operations.ts";
import { armPermission } from "../src/wire/arm/permissions.ts";
import { type BatchOperationId, batchOperations } from "../src/wire/batch/operations.gen.ts";
import { batchOperationAccess } from "../src/wire/batch/permissions.ts";
import { BATCH_PERMISSIONS, type BatchPermission } from "../src/wire/rbac/batch-permissions.ts";
import {
  AZURE_BATCH_ACCOUNT_CONTRIBUTOR,
  AZURE_BATCH_ACCOUNT_READER,
  AZURE_BATCH_DATA_CONTRIBUTOR,
  AZURE_BATCH_JOB_SUBMITTER,
  CONTRIBUTOR,
  OWNER,
  READER,
} from "../src/wire/rbac/built-in-roles.ts";
import type { Permission } from "../src/wire/rbac/permission.ts";
import type { RoleDefinition } from "../src/wire/rbac/role-definition.ts";

/** The fourteen that the page on role-based access control for Azure Batch lists, in its order. */
export const DOCUMENTED_PERMISSIONS = [
  "pools/write",
  "pools/delete",
  "pools/read",
  "jobSchedules/write",
  "jobSchedules/delete",
  "jobSchedules/read",
  "jobs/write",
  "jobs/delete",
  "jobs/read",
  "certificates/write",
  "certificates/delete",
  "certificates/read",
  "read",
  "listKeys/action",
] as const satisfies readonly BatchPermission[];

export const REVIEWED_ROLES: readonly RoleDefinition[] = [
  OWNER,
  CONTRIBUTOR,
  READER,
  AZURE_BATCH_ACCOUNT_CONTRIBUTOR,
  AZURE_BATCH_ACCOUNT_READER,
  AZURE_BATCH_DATA_CONTRIBUTOR,
  AZURE_BATCH_JOB_SUBMITTER,
];

/** Operations whose body may ask for an auto pool, which needs `pools/write` besides. */
const WITH_AUTO_POOL: readonly BatchOperationId[] = [
  "Job_Add",
  "Job_Patch",
  "Job_Update",
  "JobSchedule_Add",
  "JobSchedule_Patch",
  "JobSchedule_Update",
];

const GROUP = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/group";
const ACCOUNT = `${GROUP}/providers/Microsoft.Batch/batchAccounts/account`;

export function singlePermissionRole(name: BatchPermission): RoleDefinition {
  const { kind, name: pattern } = BATCH_PERMISSIONS[name];
  const nothing = { actions: [], notActions: [], dataActions: [], notDataActions: [] };
  return {
    name: "00000000-0000-0000-0000-000000000000",
    roleName: name,
    type: "CustomRole",
    description: "",
    assignableScopes: [GROUP],
    permissions: [{ ...nothing, [kind === "action" ? "actions" : "dataActions"]: [pattern] }],
  };
}

export interface MatrixRow {
  readonly operation: string;
  /** One per role, in the roles' order. */
  readonly allowed: readonly boolean[];
}

export function dataPlaneMatrix(roles: readonly RoleDefinition[]): MatrixRow[] {
  const holders = roles.map(holderOf);
  const row = (id: BatchOperationId, withAutoPool: boolean): MatrixRow => ({
    operation: withAutoPool ? `${id}, with an auto pool` : id,
    allowed: holders.map(
      (holder) => decideOperation(holder, { ...batchOperationAccess(id), withAutoPool }, ACCOUNT).allowed,
    ),
  });
  return (Object.keys(batchOperations) as BatchOperationId[]).flatMap((id) =>
    WITH_AUTO_POOL.includes(id) ? [row(id, false), row(id, true)] : [row(id, false)],
  );
}

export function managementMatrix(roles: readonly RoleDefinition[]): MatrixRow[] {
  const holders = roles.map(holderOf);
  return (Object.keys(armOperations) as ArmOperationId[]).map((operation) => ({
    operation,
    allowed: holders.map((holder) => holder.decide(concretePermission(operation), ACCOUNT).allowed),
  }));
}

/** Of `Microsoft.Batch` where the request names the provider. */
function concretePermission(id: ArmOperationId): Permission {
  const { name, kind } = armPermission(id);
  return { name: name.replace("{resourceProviderNamespace}", "Microsoft.Batch"), kind };
}

function holderOf(role: RoleDefinition): PrincipalAccess {
  const assignment = { id: "assignment", principalId: "holder", roleDefinitionId: role.name, scope: GROUP };
  return compilePrincipal(["holder"], compilePolicy({ assignments: [assignment], definitions: [role] }));
}
