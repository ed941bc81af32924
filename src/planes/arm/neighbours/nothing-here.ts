/**
 * Lists of what this service has nothing of, and clients ask for around what it has: no classic administrators, no eligible roles, no
 * policies, no activity log of Monitor's. What of these is asked for by name is not there.
 */
import type { ArmOperationId } from "../../../wire/arm/operations.ts";
import { armFault } from "../request/arm-fault.ts";
import { operation } from "../request/operation.ts";

const none = (id: ArmOperationId) => operation(id, async () => ({ json: { value: [] } }));

export const classicAdministrators = none("Microsoft.Authorization/ClassicAdministrators_List");
export const eligibilities = none("Microsoft.Authorization/RoleEligibilitySchedules_ListForScope");
export const eligibilityInstances = none(
  "Microsoft.Authorization/RoleEligibilityScheduleInstances_ListForScope",
);
export const eligibilityRequests = none(
  "Microsoft.Authorization/RoleEligibilityScheduleRequests_ListForScope",
);
export const schedules = none("Microsoft.Authorization/RoleAssignmentSchedules_ListForScope");
export const scheduleInstances = none("Microsoft.Authorization/RoleAssignmentScheduleInstances_ListForScope");
export const scheduleRequests = none("Microsoft.Authorization/RoleAssignmentScheduleRequests_ListForScope");
export const rolePolicies = none("Microsoft.Authorization/RoleManagementPolicies_ListForScope");
export const rolePolicyAssignments = none(
  "Microsoft.Authorization/RoleManagementPolicyAssignments_ListForScope",
);
export const policyAssignments = none("Microsoft.Authorization/PolicyAssignments_ListForScope");
export const policyExemptions = none("Microsoft.Authorization/PolicyExemptions_ListForScope");
export const policyDefinitions = none("Microsoft.Authorization/PolicyDefinitions_List");
export const policySetDefinitions = none("Microsoft.Authorization/PolicySetDefinitions_List");
export const activityLogs = none("Microsoft.Insights/ActivityLogs_List");
export const eventCategories = none("Microsoft.Insights/EventCategories_List");
export const providerPermissions = none("Microsoft.Resources/ProviderPermissions_List");

export const deployments = none("Microsoft.Resources/Deployments_ListAtSubscriptionScope");
export const deploymentsOfGroup = none("Microsoft.Resources/Deployments_ListByResourceGroup");
export const resourceLinks = none("Microsoft.Resources/ResourceLinks_ListAtSubscription");

export const getPolicyAssignment = operation(
  "Microsoft.Authorization/PolicyAssignments_Get",
  async ({ path }) => {
    const name = path.policyAssignmentName ?? "";
    throw armFault("PolicyAssignmentNotFound", `The policy assignment '${name}' is not found.`);
  },
);
