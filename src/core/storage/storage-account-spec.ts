/** What a storage account is told to be. Only the Blob service stands behind it; replication and tiers are recorded, not done. */

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
