/**
 * What clients ask Resource Manager for around a Batch account, written by hand in the generated table's form: lists of what this
 * service has nothing of, management groups, features, and older ways to ask for tags and types. Sources: the reference pages
 * "Classic Administrators - List", "Role Eligibility Schedule Instances - List For Scope" and its like, "Policy Assignments - List",
 * "Features - List", "Management Groups - List", "Activity Logs - List event categories", "Metrics - List", "Usage - List" of Compute, "Entities - List", "Resource Links - List At Subscription".
 */
import type { ArmOperation } from "./operation.ts";

const SUBSCRIPTION = "/subscriptions/{subscriptionId}";

const row = (method: ArmOperation["method"], path: string, versions: string, success = [200]) => ({
  method,
  path,
  success,
  apiVersions: [...new Set(versions.split(" "))].sort(),
});
const get = (path: string, versions: string) => row("GET", path, versions);

const PIM =
  "2020-10-01-preview 2020-10-01 2022-04-01-preview 2022-08-01-preview 2024-02-01-preview 2024-09-01-preview";
const POLICY =
  "2015-10-01-preview 2015-11-01 2016-04-01 2016-12-01 2017-06-01-preview 2018-03-01 2018-05-01 2019-01-01 2019-06-01 2019-09-01 2020-03-01 2020-08-01 2020-09-01 2021-06-01 2022-06-01 2022-07-01-preview 2023-04-01 2024-04-01 2024-05-01 2025-01-01 2025-03-01 2025-11-01 2025-12-01-preview 2026-01-01-preview 2026-06-01 2026-07-01";
const FEATURES = "2015-12-01 2021-07-01";
const GROUPS =
  "2017-11-01-preview 2018-01-01-preview 2018-03-01-preview 2019-11-01 2020-02-01 2020-05-01 2020-10-01 2021-04-01 2023-04-01";
const TAGS =
  "2014-04-01 2015-01-01 2015-11-01 2016-02-01 2016-07-01 2016-09-01 2017-05-10 2018-02-01 2018-05-01 2019-03-01 2019-05-01 2019-05-10 2019-07-01 2019-08-01 2019-10-01 2020-06-01 2020-08-01 2020-10-01 2021-01-01 2021-04-01 2022-09-01 2023-07-01 2024-03-01 2024-07-01 2024-11-01 2025-03-01 2025-04-01";
const BATCH =
  "2015-12-01 2017-01-01 2017-05-01 2017-09-01 2018-12-01 2019-04-01 2019-08-01 2020-03-01 2020-05-01 2020-09-01 2021-01-01 2021-06-01 2022-01-01 2022-06-01 2022-10-01 2023-05-01 2023-11-01 2024-02-01 2024-07-01 2025-06-01";
const COMPUTE =
  "2015-06-15 2016-03-30 2017-03-30 2017-12-01 2018-06-01 2018-10-01 2019-03-01 2019-07-01 2019-12-01 2020-06-01 2020-12-01 2021-03-01 2021-07-01 2021-11-01 2022-03-01 2022-08-01 2022-11-01 2023-03-01 2023-07-01 2023-09-01 2024-03-01 2024-07-01 2024-11-01 2025-04-01";

const atScope = (type: string) => `/{scope}/providers/Microsoft.Authorization/${type}`;
const FEATURE = `${SUBSCRIPTION}/providers/Microsoft.Features/providers/{resourceProviderNamespace}/features`;
const FEATURE_PROVIDERS = `${SUBSCRIPTION}/providers/Microsoft.Features/featureProviders/{providerNamespace}`;
const IN_GROUP = `${SUBSCRIPTION}/resourceGroups/{resourceGroupName}`;
const ACCOUNT = `${IN_GROUP}/providers/Microsoft.Batch/batchAccounts/{accountName}`;
const GROUP = "/providers/Microsoft.Management/managementGroups";

const METRICS = "2018-01-01 2019-07-01 2021-05-01 2023-10-01 2024-02-01";
const LOCKS = "2015-01-01 2016-09-01 2017-04-01 2020-05-01";

export const neighbourOperations = {
  "Microsoft.Authorization/ManagementLocks_ListByScope": get(atScope("locks"), LOCKS),
  "Microsoft.Authorization/ManagementLocks_GetByScope": get(atScope("locks/{lockName}"), LOCKS),
  "Microsoft.Authorization/ManagementLocks_CreateOrUpdateByScope": row(
    "PUT",
    atScope("locks/{lockName}"),
    LOCKS,
    [200, 201],
  ),
  "Microsoft.Authorization/ManagementLocks_DeleteByScope": row(
    "DELETE",
    atScope("locks/{lockName}"),
    LOCKS,
    [200, 204],
  ),
  "Microsoft.Authorization/ClassicAdministrators_List": get(
    `${SUBSCRIPTION}/providers/Microsoft.Authorization/classicAdministrators`,
    "2015-06-01 2015-07-01",
  ),
  "Microsoft.Authorization/RoleEligibilitySchedules_ListForScope": get(
    atScope("roleEligibilitySchedules"),
    PIM,
  ),
  "Microsoft.Authorization/RoleEligibilityScheduleInstances_ListForScope": get(
    atScope("roleEligibilityScheduleInstances"),
    PIM,
  ),
  "Microsoft.Authorization/RoleEligibilityScheduleRequests_ListForScope": get(
    atScope("roleEligibilityScheduleRequests"),
    PIM,
  ),
  "Microsoft.Authorization/RoleAssignmentSchedules_ListForScope": get(
    atScope("roleAssignmentSchedules"),
    PIM,
  ),
  "Microsoft.Authorization/RoleAssignmentScheduleInstances_ListForScope": get(
    atScope("roleAssignmentScheduleInstances"),
    PIM,
  ),
  "Microsoft.Authorization/RoleAssignmentScheduleRequests_ListForScope": get(
    atScope("roleAssignmentScheduleRequests"),
    PIM,
  ),
  "Microsoft.Authorization/RoleManagementPolicies_ListForScope": get(atScope("roleManagementPolicies"), PIM),
  "Microsoft.Authorization/RoleManagementPolicyAssignments_ListForScope": get(
    atScope("roleManagementPolicyAssignments"),
    PIM,
  ),
  "Microsoft.Authorization/PolicyAssignments_ListForScope": get(atScope("policyAssignments"), POLICY),
  "Microsoft.Authorization/PolicyAssignments_Get": get(
    atScope("policyAssignments/{policyAssignmentName}"),
    POLICY,
  ),
  "Microsoft.Authorization/PolicyExemptions_ListForScope": get(atScope("policyExemptions"), POLICY),
  "Microsoft.Authorization/PolicyDefinitions_List": get(
    `${SUBSCRIPTION}/providers/Microsoft.Authorization/policyDefinitions`,
    POLICY,
  ),
  "Microsoft.Authorization/PolicySetDefinitions_List": get(
    `${SUBSCRIPTION}/providers/Microsoft.Authorization/policySetDefinitions`,
    POLICY,
  ),
  "Microsoft.Compute/Usage_List": get(
    `${SUBSCRIPTION}/providers/Microsoft.Compute/locations/{location}/usages`,
    COMPUTE,
  ),
  "Microsoft.Features/Features_ListAll": get(
    `${SUBSCRIPTION}/providers/Microsoft.Features/features`,
    FEATURES,
  ),
  "Microsoft.Features/Features_List": get(FEATURE, FEATURES),
  "Microsoft.Features/Features_Get": get(`${FEATURE}/{featureName}`, FEATURES),
  "Microsoft.Features/Features_Register": row("POST", `${FEATURE}/{featureName}/register`, FEATURES),
  "Microsoft.Features/Features_Unregister": row("POST", `${FEATURE}/{featureName}/unregister`, FEATURES),
  "Microsoft.Features/SubscriptionFeatureRegistrations_ListBySubscription": get(
    `${FEATURE_PROVIDERS}/subscriptionFeatureRegistrations`,
    FEATURES,
  ),
  "Microsoft.Features/SubscriptionFeatureRegistrations_ListAllBySubscription": get(
    `${SUBSCRIPTION}/providers/Microsoft.Features/subscriptionFeatureRegistrations`,
    FEATURES,
  ),
  "Microsoft.Insights/EventCategories_List": get(
    "/providers/Microsoft.Insights/eventcategories",
    "2015-04-01",
  ),
  "Microsoft.Insights/ActivityLogs_List": get(
    `${SUBSCRIPTION}/providers/Microsoft.Insights/eventtypes/management/values`,
    "2014-04-01 2015-04-01 2017-03-01-preview",
  ),
  "Microsoft.Insights/Metrics_List": get(`${ACCOUNT}/providers/Microsoft.Insights/metrics`, METRICS),
  "Microsoft.Insights/MetricDefinitions_List": get(
    `${ACCOUNT}/providers/Microsoft.Insights/metricDefinitions`,
    METRICS,
  ),
  "Microsoft.Management/ManagementGroups_List": get(GROUP, GROUPS),
  "Microsoft.Management/ManagementGroups_Get": get(`${GROUP}/{groupId}`, GROUPS),
  "Microsoft.Management/Entities_List": row("POST", "/providers/Microsoft.Management/getEntities", GROUPS),
  "Microsoft.Resources/Deployments_ListAtSubscriptionScope": get(
    `${SUBSCRIPTION}/providers/Microsoft.Resources/deployments`,
    TAGS,
  ),
  "Microsoft.Resources/Deployments_ListByResourceGroup": get(
    `${IN_GROUP}/providers/Microsoft.Resources/deployments`,
    TAGS,
  ),
  "Microsoft.Resources/Deployments_CreateOrUpdate": row(
    "PUT",
    `${IN_GROUP}/providers/Microsoft.Resources/deployments/{deploymentName}`,
    TAGS,
    [200, 201],
  ),
  "Microsoft.Resources/ResourceGroups_ExportTemplate": row(
    "POST",
    `${IN_GROUP}/exportTemplate`,
    TAGS,
    [200, 202],
  ),
  "Microsoft.Resources/Resources_MoveResources": row("POST", `${IN_GROUP}/moveResources`, TAGS, [202, 204]),
  "Microsoft.Resources/Resources_ValidateMoveResources": row(
    "POST",
    `${IN_GROUP}/validateMoveResources`,
    TAGS,
    [202, 204],
  ),
  "Microsoft.Resources/ResourceLinks_ListAtSubscription": get(
    `${SUBSCRIPTION}/providers/Microsoft.Resources/links`,
    "2016-09-01",
  ),
  "Microsoft.Resources/ProviderPermissions_List": get(
    `${SUBSCRIPTION}/providers/{resourceProviderNamespace}/providerPermissions`,
    TAGS,
  ),
  "Microsoft.Resources/ProviderResourceTypes_List": get(
    `${SUBSCRIPTION}/providers/{resourceProviderNamespace}/resourceTypes`,
    `${BATCH} ${TAGS}`,
  ),
  "Microsoft.Resources/Tags_List": get(`${SUBSCRIPTION}/tagNames`, TAGS),
  "Microsoft.Resources/Tags_CreateOrUpdate": row(
    "PUT",
    `${SUBSCRIPTION}/tagNames/{tagName}`,
    TAGS,
    [200, 201],
  ),
  "Microsoft.Resources/Tags_Delete": row("DELETE", `${SUBSCRIPTION}/tagNames/{tagName}`, TAGS, [200, 204]),
  "Microsoft.Resources/Tags_CreateOrUpdateValue": row(
    "PUT",
    `${SUBSCRIPTION}/tagNames/{tagName}/tagValues/{tagValue}`,
    TAGS,
    [200, 201],
  ),
  "Microsoft.Resources/Tags_DeleteValue": row(
    "DELETE",
    `${SUBSCRIPTION}/tagNames/{tagName}/tagValues/{tagValue}`,
    TAGS,
    [200, 204],
  ),
} as const satisfies Readonly<Record<string, ArmOperation>>;
