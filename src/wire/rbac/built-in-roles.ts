/**
 * The built-in roles this service knows, with Azure's ids and permissions; the descriptions are ours. Sources: the
 * Azure pages "Azure built-in roles for Privileged", "Azure built-in roles for General", "Azure built-in roles for Identity" and "Role-based access control
 * for Azure Batch service".
 *
 * Narrowest first: where several roles would do, a reader should be offered the smallest.
 */

import type { RoleDefinition, RolePermissions } from "./role-definition.ts";

export const AZURE_BATCH_JOB_SUBMITTER = builtInRole(
  "48e5e92e-a480-4e71-aa9c-2778f4c13781",
  "Azure Batch Job Submitter",
  "Submit and manage jobs and job schedules; see pools and applications.",
  {
    actions: [
      "Microsoft.Batch/batchAccounts/applications/read",
      "Microsoft.Batch/batchAccounts/applications/versions/read",
      "Microsoft.Batch/batchAccounts/pools/read",
      "Microsoft.Insights/alertRules/*",
      "Microsoft.Resources/subscriptions/resourceGroups/read",
    ],
    dataActions: ["Microsoft.Batch/batchAccounts/jobSchedules/*", "Microsoft.Batch/batchAccounts/jobs/*"],
  },
);

export const AZURE_BATCH_ACCOUNT_READER = builtInRole(
  "11076f67-66f6-4be0-8f6b-f0609fd05cc9",
  "Azure Batch Account Reader",
  "See everything in Batch accounts, pools and jobs included.",
  {
    actions: ["Microsoft.Batch/*/read", "Microsoft.Resources/subscriptions/resourceGroups/read"],
    dataActions: ["Microsoft.Batch/*/read"],
  },
);

export const AZURE_BATCH_DATA_CONTRIBUTOR = builtInRole(
  "6aaa78f1-f7de-44ca-8722-c64a23943cae",
  "Azure Batch Data Contributor",
  "Manage pools, jobs and applications, but not the Batch account.",
  {
    actions: [
      "Microsoft.Authorization/*/read",
      "Microsoft.Batch/batchAccounts/read",
      "Microsoft.Batch/batchAccounts/applications/*",
      "Microsoft.Batch/batchAccounts/certificates/*",
      "Microsoft.Batch/batchAccounts/certificateOperationResults/*",
      "Microsoft.Batch/batchAccounts/pools/*",
      "Microsoft.Batch/batchAccounts/poolOperationResults/*",
      "Microsoft.Batch/locations/*/read",
      "Microsoft.Insights/alertRules/*",
      "Microsoft.Resources/deployments/*",
      "Microsoft.Resources/subscriptions/resourceGroups/read",
    ],
    dataActions: ["Microsoft.Batch/batchAccounts/jobSchedules/*", "Microsoft.Batch/batchAccounts/jobs/*"],
  },
);

export const AZURE_BATCH_ACCOUNT_CONTRIBUTOR = builtInRole(
  "29fe4964-1e60-436b-bd3a-77fd4c178b3c",
  "Azure Batch Account Contributor",
  "Manage Batch accounts and everything in them.",
  {
    actions: [
      "Microsoft.Authorization/*/read",
      "Microsoft.Batch/*",
      "Microsoft.Insights/alertRules/*",
      "Microsoft.Resources/deployments/*",
      "Microsoft.Resources/subscriptions/resourceGroups/read",
    ],
    dataActions: ["Microsoft.Batch/*"],
  },
);

const AROUND_IDENTITIES = [
  "Microsoft.Authorization/*/read",
  "Microsoft.Insights/alertRules/*",
  "Microsoft.Resources/deployments/*",
  "Microsoft.Resources/subscriptions/resourceGroups/read",
  "Microsoft.Support/*",
];

export const MANAGED_IDENTITY_OPERATOR = builtInRole(
  "f1a07417-d97a-45cb-824c-7a7467783830",
  "Managed Identity Operator",
  "See user-assigned identities and give them to resources.",
  {
    actions: [
      "Microsoft.ManagedIdentity/userAssignedIdentities/*/read",
      "Microsoft.ManagedIdentity/userAssignedIdentities/*/assign/action",
      ...AROUND_IDENTITIES,
    ],
  },
);

export const MANAGED_IDENTITY_CONTRIBUTOR = builtInRole(
  "e40ec5ca-96e0-45a2-b4ff-59039f2c2b59",
  "Managed Identity Contributor",
  "Create, see, change and delete user-assigned identities.",
  {
    actions: [
      "Microsoft.ManagedIdentity/userAssignedIdentities/read",
      "Microsoft.ManagedIdentity/userAssignedIdentities/write",
      "Microsoft.ManagedIdentity/userAssignedIdentities/delete",
      "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/read",
      "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/write",
      "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/delete",
      ...AROUND_IDENTITIES,
    ],
  },
);

export const STORAGE_BLOB_DATA_READER = builtInRole(
  "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
  "Storage Blob Data Reader",
  "See blob containers and read what is in them.",
  {
    actions: [
      "Microsoft.Storage/storageAccounts/blobServices/containers/read",
      "Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action",
    ],
    dataActions: ["Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read"],
  },
);

export const STORAGE_BLOB_DATA_CONTRIBUTOR = builtInRole(
  "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
  "Storage Blob Data Contributor",
  "Manage blob containers, and read, write and delete what is in them.",
  {
    actions: [
      "Microsoft.Storage/storageAccounts/blobServices/containers/delete",
      "Microsoft.Storage/storageAccounts/blobServices/containers/read",
      "Microsoft.Storage/storageAccounts/blobServices/containers/write",
      "Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action",
    ],
    dataActions: [
      "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/delete",
      "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read",
      "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write",
      "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/move/action",
      "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/add/action",
    ],
  },
);

export const STORAGE_BLOB_DATA_OWNER = builtInRole(
  "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
  "Storage Blob Data Owner",
  "Do everything with blob containers and what is in them.",
  {
    actions: [
      "Microsoft.Storage/storageAccounts/blobServices/containers/*",
      "Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action",
    ],
    dataActions: ["Microsoft.Storage/storageAccounts/blobServices/containers/blobs/*"],
  },
);

export const READER = builtInRole(
  "acdd72a7-3385-48ef-bd42-f606fba81ae7",
  "Reader",
  "See all resources, change none.",
  { actions: ["*/read"] },
);

export const USER_ACCESS_ADMINISTRATOR = builtInRole(
  "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
  "User Access Administrator",
  "Manage who has access to resources.",
  { actions: ["*/read", "Microsoft.Authorization/*", "Microsoft.Support/*"] },
);

export const CONTRIBUTOR = builtInRole(
  "b24988ac-6180-42a0-ab88-20f7382dd24c",
  "Contributor",
  "Manage all resources, but not who has access to them.",
  {
    actions: ["*"],
    notActions: [
      "Microsoft.Authorization/*/Delete",
      "Microsoft.Authorization/*/Write",
      "Microsoft.Authorization/elevateAccess/Action",
      "Microsoft.Blueprint/blueprintAssignments/write",
      "Microsoft.Blueprint/blueprintAssignments/delete",
      "Microsoft.Compute/galleries/share/action",
      "Microsoft.Purview/consents/write",
      "Microsoft.Purview/consents/delete",
      "Microsoft.Resources/deploymentStacks/manageDenySetting/action",
      "Microsoft.Subscription/cancel/action",
      "Microsoft.Subscription/enable/action",
    ],
  },
);

export const OWNER = builtInRole(
  "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
  "Owner",
  "Manage all resources and who has access to them.",
  { actions: ["*"] },
);

export const BUILT_IN_ROLES: readonly RoleDefinition[] = [
  AZURE_BATCH_JOB_SUBMITTER,
  AZURE_BATCH_ACCOUNT_READER,
  AZURE_BATCH_DATA_CONTRIBUTOR,
  AZURE_BATCH_ACCOUNT_CONTRIBUTOR,
  MANAGED_IDENTITY_OPERATOR,
  MANAGED_IDENTITY_CONTRIBUTOR,
  STORAGE_BLOB_DATA_READER,
  STORAGE_BLOB_DATA_CONTRIBUTOR,
  STORAGE_BLOB_DATA_OWNER,
  READER,
  USER_ACCESS_ADMINISTRATOR,
  CONTRIBUTOR,
  OWNER,
];

function builtInRole(
  name: string,
  roleName: string,
  description: string,
  granted: Partial<RolePermissions>,
): RoleDefinition {
  const permissions = { actions: [], notActions: [], dataActions: [], notDataActions: [], ...granted };
  return {
    name,
    roleName,
    type: "BuiltInRole",
    description,
    assignableScopes: ["/"],
    permissions: [permissions],
  };
}
