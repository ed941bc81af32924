/** Deny assignments: managed applications and blueprints make them in Azure, and nothing does here, so there are none. */
import type { ArmOperationId } from "../../../wire/arm/operations.ts";
import { armFault } from "../request/arm-fault.ts";
import { alias, operation } from "../request/operation.ts";

const none = (id: ArmOperationId) => operation(id, async () => ({ json: { value: [] } }));

export const listDenials = none("Microsoft.Authorization/DenyAssignments_List");
export const listDenialsOfGroup = none("Microsoft.Authorization/DenyAssignments_ListForResourceGroup");
export const listDenialsOfResource = none("Microsoft.Authorization/DenyAssignments_ListForResource");
export const listDenialsAtScope = none("Microsoft.Authorization/DenyAssignments_ListForScope");

export const getDenial = operation("Microsoft.Authorization/DenyAssignments_Get", async ({ path }) => {
  throw armFault("DenyAssignmentNotFound", `There is no deny assignment '${path.denyAssignmentId}' here.`);
});

export const getDenialById = alias("Microsoft.Authorization/DenyAssignments_GetById", getDenial);
