/** Role assignments; they are read here, and not written yet. */
import {
  type RoleAssignmentRecord,
  roleAssignmentFind,
  roleAssignmentList,
} from "../../app/resources/role-assignment-read.ts";
import type { ArmOperationId } from "../../wire/arm/operations.gen.ts";
import { armFault } from "./arm-fault.ts";
import type { ArmContext, ArmReply } from "./context.ts";
import { operation } from "./operation.ts";
import { rbacFilter } from "./rbac-filter.ts";
import { roleDefinitionId, scopeOf } from "./rbac-scope.ts";

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

function roleAssignmentView(assignment: RoleAssignmentRecord, context: ArmContext): object {
  const { name, scope, roleName, principalId, principalType } = assignment;
  const createdOn = new Date(assignment.createdAt).toISOString();
  return {
    id: `${scope === "/" ? "" : scope}/providers/Microsoft.Authorization/roleAssignments/${name}`,
    name,
    type: "Microsoft.Authorization/roleAssignments",
    properties: {
      roleDefinitionId: roleDefinitionId(context, roleName),
      principalId,
      principalType,
      scope,
      createdOn,
      updatedOn: createdOn,
    },
  };
}
