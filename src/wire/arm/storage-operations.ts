/**
 * `Microsoft.Storage`: accounts and their keys, the Blob service and its containers, and the lists of what no account has here; written by
 * hand in the generated table's form. Source: the reference pages of the provider.
 */
import type { ArmOperation } from "./operation.ts";

const apiVersions: readonly string[] = [
  ..."2015-05-01-preview 2015-06-15 2016-01-01 2016-05-01 2016-12-01 2017-06-01 2017-10-01 2018-02-01".split(
    " ",
  ),
  ..."2018-03-01-preview 2018-07-01 2018-11-01 2019-04-01 2019-06-01 2020-08-01-preview 2021-01-01 2021-02-01".split(
    " ",
  ),
  ..."2021-04-01 2021-06-01 2021-08-01 2021-09-01 2022-05-01 2022-09-01 2023-01-01 2023-04-01".split(" "),
  ..."2023-05-01 2024-01-01 2025-01-01 2025-06-01 2025-08-01 2026-04-01 2026-06-01 2026-09-01".split(" "),
];

const SUBSCRIPTION = "/subscriptions/{subscriptionId}";
const PROVIDER = "providers/Microsoft.Storage";
const OF_GROUP = `${SUBSCRIPTION}/resourceGroups/{resourceGroupName}/${PROVIDER}/storageAccounts`;
const ACCOUNT = `${OF_GROUP}/{accountName}`;
const BLOBS = `${ACCOUNT}/blobServices/default`;
const CONTAINER = `${BLOBS}/containers/{containerName}`;

const row = (method: ArmOperation["method"], path: string, success: readonly number[] = [200]) => ({
  method,
  path,
  success,
  apiVersions,
});

/** One of the services beside the Blob service, and what it would hold. */
const service = <const Name extends string, const Child extends string>(
  name: Name,
  child: Child,
  path: string,
): Record<
  | `Microsoft.Storage/${Name}_${"GetServiceProperties" | "SetServiceProperties"}`
  | `Microsoft.Storage/${Child}_${"List" | "Create"}`,
  ArmOperation
> => {
  const [type = "", below = ""] = path.split("/");
  const at = `${ACCOUNT}/${type}/default`;
  return {
    [`Microsoft.Storage/${name}_GetServiceProperties`]: row("GET", at),
    [`Microsoft.Storage/${name}_SetServiceProperties`]: row("PUT", at),
    [`Microsoft.Storage/${child}_List`]: row("GET", `${at}/${below}`),
    [`Microsoft.Storage/${child}_Create`]: row("PUT", `${at}/${below}/{childName}`, [200, 201]),
  } as never;
};

/** A collection of an account's, as far as it can be read and added to. */
const collection = <const Name extends string>(
  name: Name,
  type: string,
): Record<`Microsoft.Storage/${Name}_${"List" | "Get" | "CreateOrUpdate"}`, ArmOperation> =>
  ({
    [`Microsoft.Storage/${name}_List`]: row("GET", `${ACCOUNT}/${type}`),
    [`Microsoft.Storage/${name}_Get`]: row("GET", `${ACCOUNT}/${type}/{childName}`),
    [`Microsoft.Storage/${name}_CreateOrUpdate`]: row("PUT", `${ACCOUNT}/${type}/{childName}`, [200, 201]),
  }) as never;

export const storageOperations = {
  "Microsoft.Storage/StorageAccounts_CheckNameAvailability": row(
    "POST",
    `${SUBSCRIPTION}/${PROVIDER}/checkNameAvailability`,
  ),
  "Microsoft.Storage/StorageAccounts_Create": row("PUT", ACCOUNT, [200, 202]),
  "Microsoft.Storage/StorageAccounts_Delete": row("DELETE", ACCOUNT, [200, 204]),
  "Microsoft.Storage/StorageAccounts_GetProperties": row("GET", ACCOUNT),
  "Microsoft.Storage/StorageAccounts_Update": row("PATCH", ACCOUNT),
  "Microsoft.Storage/StorageAccounts_List": row("GET", `${SUBSCRIPTION}/${PROVIDER}/storageAccounts`),
  "Microsoft.Storage/StorageAccounts_ListByResourceGroup": row("GET", OF_GROUP),
  "Microsoft.Storage/StorageAccounts_ListKeys": row("POST", `${ACCOUNT}/listKeys`),
  "Microsoft.Storage/StorageAccounts_RegenerateKey": row("POST", `${ACCOUNT}/regenerateKey`),
  "Microsoft.Storage/StorageAccounts_ListAccountSAS": row("POST", `${ACCOUNT}/listAccountSas`),
  "Microsoft.Storage/StorageAccounts_ListServiceSAS": row("POST", `${ACCOUNT}/listServiceSas`),
  "Microsoft.Storage/StorageAccounts_RevokeUserDelegationKeys": row(
    "POST",
    `${ACCOUNT}/revokeUserDelegationKeys`,
  ),
  "Microsoft.Storage/StorageAccounts_Failover": row("POST", `${ACCOUNT}/failover`, [200, 202]),
  "Microsoft.Storage/StorageAccounts_RestoreBlobRanges": row(
    "POST",
    `${ACCOUNT}/restoreBlobRanges`,
    [200, 202],
  ),
  "Microsoft.Storage/StorageAccounts_CustomerInitiatedMigration": row(
    "POST",
    `${ACCOUNT}/startAccountMigration`,
    [200, 202],
  ),
  "Microsoft.Storage/StorageAccounts_GetCustomerInitiatedMigration": row(
    "GET",
    `${ACCOUNT}/accountMigrations/{migrationName}`,
  ),
  "Microsoft.Storage/Operations_List": row("GET", `/${PROVIDER}/operations`),
  "Microsoft.Storage/Skus_List": row("GET", `${SUBSCRIPTION}/${PROVIDER}/skus`),
  "Microsoft.Storage/Usages_ListByLocation": row(
    "GET",
    `${SUBSCRIPTION}/${PROVIDER}/locations/{location}/usages`,
  ),

  "Microsoft.Storage/BlobServices_List": row("GET", `${ACCOUNT}/blobServices`),
  "Microsoft.Storage/BlobServices_GetServiceProperties": row("GET", BLOBS),
  "Microsoft.Storage/BlobServices_SetServiceProperties": row("PUT", BLOBS),
  "Microsoft.Storage/BlobContainers_List": row("GET", `${BLOBS}/containers`),
  "Microsoft.Storage/BlobContainers_Create": row("PUT", CONTAINER, [200, 201]),
  "Microsoft.Storage/BlobContainers_Update": row("PATCH", CONTAINER),
  "Microsoft.Storage/BlobContainers_Get": row("GET", CONTAINER),
  "Microsoft.Storage/BlobContainers_Delete": row("DELETE", CONTAINER, [200, 204]),
  "Microsoft.Storage/BlobContainers_GetImmutabilityPolicy": row(
    "GET",
    `${CONTAINER}/immutabilityPolicies/default`,
  ),
  "Microsoft.Storage/BlobContainers_CreateOrUpdateImmutabilityPolicy": row(
    "PUT",
    `${CONTAINER}/immutabilityPolicies/default`,
  ),
  "Microsoft.Storage/BlobContainers_SetLegalHold": row("POST", `${CONTAINER}/setLegalHold`),
  "Microsoft.Storage/BlobContainers_ClearLegalHold": row("POST", `${CONTAINER}/clearLegalHold`),
  "Microsoft.Storage/BlobContainers_ObjectLevelWorm": row("POST", `${CONTAINER}/migrate`, [200, 202]),

  ...service("FileServices", "FileShares", "fileServices/shares"),
  ...service("QueueServices", "Queue", "queueServices/queues"),
  ...service("TableServices", "Table", "tableServices/tables"),

  "Microsoft.Storage/PrivateLinkResources_ListByStorageAccount": row(
    "GET",
    `${ACCOUNT}/privateLinkResources`,
  ),
  ...collection("PrivateEndpointConnections", "privateEndpointConnections"),
  ...collection("ObjectReplicationPolicies", "objectReplicationPolicies"),
  ...collection("EncryptionScopes", "encryptionScopes"),
  ...collection("LocalUsers", "localUsers"),
  ...collection("BlobInventoryPolicies", "inventoryPolicies"),
  ...collection("NetworkSecurityPerimeterConfigurations", "networkSecurityPerimeterConfigurations"),
  "Microsoft.Storage/ManagementPolicies_Get": row(
    "GET",
    `${ACCOUNT}/managementPolicies/{managementPolicyName}`,
  ),
  "Microsoft.Storage/ManagementPolicies_CreateOrUpdate": row(
    "PUT",
    `${ACCOUNT}/managementPolicies/{managementPolicyName}`,
  ),
} as const satisfies Readonly<Record<string, ArmOperation>>;
