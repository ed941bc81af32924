/** What a storage account is told to be. Only the Blob service stands behind it; replication and tiers are recorded, not done. */
import {
  invalidContent,
  type JsonObject,
  optionalObject,
  optionalWord,
  wordOf,
} from "../management/json-body.ts";

export const STORAGE_SKUS = [
  "Standard_LRS",
  "Standard_GRS",
  "Standard_RAGRS",
  "Standard_ZRS",
  "Premium_LRS",
  "Premium_ZRS",
  "Standard_GZRS",
  "Standard_RAGZRS",
] as const;
export const STORAGE_KINDS = ["Storage", "StorageV2", "BlobStorage", "BlockBlobStorage"] as const;

export interface StorageAccountSpec {
  readonly sku: (typeof STORAGE_SKUS)[number];
  readonly kind: (typeof STORAGE_KINDS)[number];
  /** Whether signatures by the account's keys are taken. */
  readonly allowSharedKeyAccess: boolean;
}

export const DEFAULT_STORAGE_ACCOUNT: StorageAccountSpec = {
  sku: "Standard_LRS",
  kind: "StorageV2",
  allowSharedKeyAccess: true,
};

/** @throws Fault InvalidRequestContent naming the property */
export function storageAccountSpecOf(known: StorageAccountSpec, body: JsonObject): StorageAccountSpec {
  const sku = optionalObject(body, "sku");
  const skuName = sku && wordOf(sku.name, STORAGE_SKUS, "sku.name");
  const kind = optionalWord(body, "kind", STORAGE_KINDS);
  const properties = optionalObject(body, "properties") ?? {};
  const allowed = properties.allowSharedKeyAccess ?? undefined;
  if (allowed !== undefined && typeof allowed !== "boolean") {
    throw invalidContent("properties.allowSharedKeyAccess", "must be true or false");
  }
  if (properties.allowBlobPublicAccess === true) {
    throw invalidContent("properties.allowBlobPublicAccess", "must be false: public access is not built");
  }
  return {
    sku: skuName ?? known.sku,
    kind: kind ?? known.kind,
    allowSharedKeyAccess: allowed ?? known.allowSharedKeyAccess,
  };
}
