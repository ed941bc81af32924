/** Role assignments. */
import { roleAssignmentRemove, roleAssignmentWrite } from "../../../app/access/role-assignments.ts";
import {
  type RoleAssignmentRecord,
  roleAssignmentFind,
  roleAssignmentList,
  roleAssignmentRecord,
} from "../../../app/management/role-assignment-read.ts";
import { scopeExists } from "../../../app/management/scope-exists.ts";
import type { ArmOperationId } from "../../../wire/arm/operations.ts";
import { armFault } from "../request/arm-fault.ts";
import type { ArmContext, ArmReply } from "../request/context.ts";
import { readJsonBody } from "../request/json-body.ts";
import { alias, operation } from "../request/operation.ts";
import { rbacFilter } from "../request/rbac-filter.ts";
import { roleDefinitionId, scopeOf } from "../request/rbac-scope.ts";

/** One question under three names: the description tells the scopes apart. */
const list = (id: ArmOperationId) => operation(id, listAtScope);

export const listForScope = list("Microsoft.Authorization/RoleAssignments_ListForScope");
export const listForSubscription = list("Microsoft.Authorization/RoleAssignments_ListForSubscription");
export const listForGroup = list("Microsoft.Authorization/RoleAssignments_ListForResourceGroup");

export const getRoleAssignment = operation("Microsoft.Authorization/RoleAssignments_Get", async (context) => {
  const { plane, principal, path } = context;
  const name = path.roleAssignmentName ?? "";
  const found = await roleAssignmentFind(plane, principal.tenantId, scopeOf(context), name);
  if (!found) throw armFault("RoleAssignmentNotFound", `There is no role assignment '${name}' here.`);
  return { json: roleAssignmentView(found, context) };
});

/** Always 201: some clients take nothing else, also where the assignment was there already. */
export const putRoleAssignment = operation(
  "Microsoft.Authorization/RoleAssignments_Create",
  async (context) => {
    const { plane, principal, path, exchange } = context;
    const body = await readJsonBody(exchange);
    const scope = path.scope ?? "";
    if (!(await scopeExists(plane, principal.tenantId, scopeOf(context)))) {
      throw armFault("ResourceNotFound", `There is nothing at the scope '${scope}'.`);
    }
    const name = path.roleAssignmentName ?? "";
    const { assignment } = await roleAssignmentWrite(plane, principal, { name, scope, body });
    return { status: 201, json: roleAssignmentView(roleAssignmentRecord(assignment), context) };
  },
);

export const deleteRoleAssignment = operation(
  "Microsoft.Authorization/RoleAssignments_Delete",
  async (context) => {
    const { plane, principal, path } = context;
    const scope = path.scope ?? "";
    const deleted = await roleAssignmentRemove(
      plane,
      principal.tenantId,
      scope,
      path.roleAssignmentName ?? "",
    );
    return deleted
      ? { status: 200, json: roleAssignmentView(roleAssignmentRecord(deleted), context) }
      : { status: 204 };
  },
);

export const listForResource = list("Microsoft.Authorization/RoleAssignments_ListForResource");
export const getById = alias("Microsoft.Authorization/RoleAssignments_GetById", getRoleAssignment);
export const createById = alias("Microsoft.Authorization/RoleAssignments_CreateById", putRoleAssignment);
export const deleteById = alias("Microsoft.Authorization/RoleAssignments_DeleteById", deleteRoleAssignment);

async function listAtScope(context: ArmContext): Promise<ArmReply> {
  const { plane, principal, exchange } = context;
  const filter = rbacFilter(exchange.query, ["atScope", "assignedTo", "principalId"]);
  const principalId = filter.get("principalId") ?? filter.get("assignedTo");
  const assignments = await roleAssignmentList(plane, principal.tenantId, scopeOf(context), {
    atScope: filter.has("atScope"),
    ...(principalId !== undefined && { principalId }),
  });
  return { json: { value: assignments.map((assignment) => roleAssignmentView(assignment, context)) } };
}

/** The api-versions that brought these. */
const PRINCIPAL_TYPES = "2018-09-01-preview";
const AUTHORS = "2020-04-01-preview";

function roleAssignmentView(assignment: RoleAssignmentRecord, context: ArmContext): object {
  const { name, scope, roleName, principalId, principalType, description, createdBy } = assignment;
  const createdOn = new Date(assignment.createdAt).toISOString();
  const { apiVersion } = context;
  return {
    id: `${scope === "/" ? "" : scope}/providers/Microsoft.Authorization/roleAssignments/${name}`,
    name,
    type: "Microsoft.Authorization/roleAssignments",
    properties: {
      roleDefinitionId: roleDefinitionId(context, roleName),
      principalId,
      scope,
      ...(apiVersion >= PRINCIPAL_TYPES && { principalType }),
      ...(apiVersion >= AUTHORS && {
        condition: null,
        conditionVersion: null,
        description: description ?? null,
        delegatedManagedIdentityResourceId: null,
        createdOn,
        updatedOn: createdOn,
        ...(createdBy !== undefined && { createdBy, updatedBy: createdBy }),
      }),
    },
  };
}
