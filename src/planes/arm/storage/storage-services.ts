/**
 * The services of a storage account. Only the Blob service is there; of the others it is said what a new account has, so that programs
 * which look at all of them go on. Sources: the reference pages "Blob Services - …", "File Services - …", "Queue Services - …", "Table
 * Services - …".
 */
import { blobServiceGet, blobServiceSet } from "../../../app/storage/blob-service.ts";
import { type StorageAccount, storageAccountScope } from "../../../app/storage/storage-account.ts";
import {
  type BlobServiceBody,
  blobServiceBodyOf,
  requireNothingSet,
} from "../../../core/storage/blob-service-body.ts";
import type { CorsRule } from "../../../core/storage/cors.ts";
import type { ArmOperationId } from "../../../wire/arm/operations.ts";
import { readJsonBody } from "../request/json-body.ts";
import { operation } from "../request/operation.ts";
import { namedStorageAccount, skuView } from "./named-storage-account.ts";

export const listBlobServices = operation("Microsoft.Storage/BlobServices_List", async (context) => {
  const account = namedStorageAccount(context);
  return {
    json: { value: [blobServiceView(account, await blobServiceGet(context.plane.storage, account))] },
  };
});

export const getBlobService = operation(
  "Microsoft.Storage/BlobServices_GetServiceProperties",
  async (context) => {
    const account = namedStorageAccount(context);
    return { json: blobServiceView(account, await blobServiceGet(context.plane.storage, account)) };
  },
);

export const putBlobService = operation(
  "Microsoft.Storage/BlobServices_SetServiceProperties",
  async (context) => {
    const account = namedStorageAccount(context);
    const body = blobServiceBodyOf(await readJsonBody(context.exchange));
    return { json: blobServiceView(account, await blobServiceSet(context.plane.storage, account, body)) };
  },
);

export const getFileService = emptyGet("Microsoft.Storage/FileServices_GetServiceProperties", "fileServices");
export const putFileService = emptyPut("Microsoft.Storage/FileServices_SetServiceProperties", "fileServices");
export const getQueueService = emptyGet(
  "Microsoft.Storage/QueueServices_GetServiceProperties",
  "queueServices",
);
export const putQueueService = emptyPut(
  "Microsoft.Storage/QueueServices_SetServiceProperties",
  "queueServices",
);
export const getTableService = emptyGet(
  "Microsoft.Storage/TableServices_GetServiceProperties",
  "tableServices",
);
export const putTableService = emptyPut(
  "Microsoft.Storage/TableServices_SetServiceProperties",
  "tableServices",
);

function emptyGet(id: ArmOperationId, type: string) {
  return operation(id, async (context) => ({ json: emptyView(namedStorageAccount(context), type) }));
}

function emptyPut(id: ArmOperationId, type: string) {
  return operation(id, async (context) => {
    const account = namedStorageAccount(context);
    requireNothingSet(await readJsonBody(context.exchange));
    return { json: emptyView(account, type) };
  });
}

function emptyView(account: StorageAccount, type: string): object {
  const properties = {
    cors: { corsRules: [] },
    ...(type === "fileServices" && {
      shareDeleteRetentionPolicy: { enabled: false },
      protocolSettings: { smb: {} },
    }),
  };
  return serviceView(account, type, properties);
}

function blobServiceView(
  account: StorageAccount,
  { corsRules, defaultServiceVersion }: BlobServiceBody,
): object {
  return serviceView(account, "blobServices", {
    cors: { corsRules: (corsRules ?? []).map(ruleView) },
    deleteRetentionPolicy: { allowPermanentDelete: false, enabled: false },
    ...(defaultServiceVersion !== undefined && { defaultServiceVersion }),
  });
}

function serviceView(account: StorageAccount, type: string, properties: object): object {
  return {
    sku: skuView(account),
    id: `${storageAccountScope(account)}/${type}/default`,
    name: "default",
    type: `Microsoft.Storage/storageAccounts/${type}`,
    properties,
  };
}

const ruleView = ({ origins, methods, headers, exposed, maxAgeSeconds }: CorsRule): object => ({
  allowedOrigins: origins,
  allowedMethods: methods,
  allowedHeaders: headers,
  exposedHeaders: exposed,
  maxAgeInSeconds: maxAgeSeconds,
});
