/**
 * What a storage account has none of here: lists are empty, and what is asked for by name is not there. Making one of them is a declared
 * 501. Sources: the reference pages of `Microsoft.Storage`.
 */
import type { ArmOperationId } from "../../../wire/arm/operations.ts";
import { type ArmErrorCode, armFault } from "../request/arm-fault.ts";
import { operation } from "../request/operation.ts";
import { namedStorageAccount } from "./named-storage-account.ts";

const none = (id: ArmOperationId) =>
  operation(id, async (context) => {
    namedStorageAccount(context);
    return { json: { value: [] } };
  });

const missing = (id: ArmOperationId, what: string, code: ArmErrorCode = "ResourceNotFound") =>
  operation(id, async (context) => {
    const { name } = namedStorageAccount(context);
    throw armFault(code, `The storage account '${name}' has no ${what}.`);
  });

export const listShares = none("Microsoft.Storage/FileShares_List");
export const listQueues = none("Microsoft.Storage/Queue_List");
export const listTables = none("Microsoft.Storage/Table_List");
export const listReplication = none("Microsoft.Storage/ObjectReplicationPolicies_List");
export const listEncryptionScopes = none("Microsoft.Storage/EncryptionScopes_List");
export const listLocalUsers = none("Microsoft.Storage/LocalUsers_List");
export const listInventory = none("Microsoft.Storage/BlobInventoryPolicies_List");
export const listPerimeters = none("Microsoft.Storage/NetworkSecurityPerimeterConfigurations_List");
export const listPrivateEndpoints = none("Microsoft.Storage/PrivateEndpointConnections_List");

export const getManagementPolicy = missing(
  "Microsoft.Storage/ManagementPolicies_Get",
  "management policy",
  "ManagementPolicyNotFound",
);
export const getReplication = missing(
  "Microsoft.Storage/ObjectReplicationPolicies_Get",
  "replication policy",
);
export const getEncryptionScope = missing("Microsoft.Storage/EncryptionScopes_Get", "encryption scope");
export const getLocalUser = missing("Microsoft.Storage/LocalUsers_Get", "local user");
export const getInventory = missing("Microsoft.Storage/BlobInventoryPolicies_Get", "inventory policy");
export const getPerimeter = missing(
  "Microsoft.Storage/NetworkSecurityPerimeterConfigurations_Get",
  "network security perimeter",
);
export const getPrivateEndpoint = missing(
  "Microsoft.Storage/PrivateEndpointConnections_Get",
  "private endpoint connection",
);
export const getMigration = missing(
  "Microsoft.Storage/StorageAccounts_GetCustomerInitiatedMigration",
  "migration",
);
export const getImmutability = missing(
  "Microsoft.Storage/BlobContainers_GetImmutabilityPolicy",
  "immutability policy",
);

/** What could be linked to, if networks were built. */
export const listPrivateLinks = operation(
  "Microsoft.Storage/PrivateLinkResources_ListByStorageAccount",
  async (context) => {
    const { name } = namedStorageAccount(context);
    const { subscription, group } = context.parent;
    const at = `/subscriptions/${subscription.subscriptionId}/resourceGroups/${group.name}/providers/Microsoft.Storage/storageAccounts/${name}`;
    return {
      json: {
        value: [
          {
            id: `${at}/privateLinkResources/blob`,
            name: "blob",
            type: "Microsoft.Storage/storageAccounts/privateLinkResources",
            properties: {
              groupId: "blob",
              requiredMembers: ["blob"],
              requiredZoneNames: ["privatelink.blob.core.windows.net"],
            },
          },
        ],
      },
    };
  },
);
