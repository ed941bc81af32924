/** What a storage account is told to be. Only the Blob service stands behind it; replication and tiers are recorded, not done. */
import {
  invalidContent,
  type JsonObject,
  optionalObject,
  optionalWord,
  wordOf,
} from "../management/json-body.ts";
import { accountSettingsOf } from "./account-settings.ts";
import type { NetworkRules } from "./network-rules.ts";

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

export interface StorageAccountSpec extends NetworkRules {
  readonly sku: (typeof STORAGE_SKUS)[number];
  readonly kind: (typeof STORAGE_KINDS)[number];
  /** Whether signatures by the account's keys are taken. */
  readonly allowSharedKeyAccess: boolean;
  /** Further settings, by the names that management has for them: kept, and shown. */
  readonly [setting: string]: unknown;
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
  const identity = optionalObject(body, "identity");
  if (identity && wordOf(identity.type ?? "None", IDENTITY_TYPES, "identity.type") !== "None") {
    throw invalidContent("identity.type", "must be None: identities of storage accounts are not built");
  }
  for (const name of ["extendedLocation", "zones", "placement"]) {
    if ((body[name] ?? undefined) !== undefined)
      throw invalidContent(name, "cannot be set: there is one place");
  }
  const settings = accountSettingsOf(known, optionalObject(body, "properties") ?? {});
  return {
    ...settings,
    allowSharedKeyAccess: settings.allowSharedKeyAccess === true,
    sku: skuName ?? known.sku,
    kind: kind ?? known.kind,
  };
}

const IDENTITY_TYPES = ["None", "SystemAssigned", "UserAssigned", "SystemAssigned,UserAssigned"] as const;
