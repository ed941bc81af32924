/** A storage account as the rest of the program sees it, and how its keys are sealed. */
import { randomBytes } from "node:crypto";
import type { Tags } from "../../core/management/tags.ts";
import type { StorageAccountSpec } from "../../core/storage/storage-account-spec.ts";
import type { StorageAccountRow } from "../../store/storage-accounts.ts";
import type { Sealing } from "../secrets/sealing.ts";
import { resourceGroupScope } from "../subscriptions/resource-group-read.ts";

export interface StorageAccount {
  readonly key: number;
  readonly name: string;
  readonly tenantId: string;
  readonly subscriptionId: string;
  readonly resourceGroupKey: number;
  readonly resourceGroup: string;
  readonly location: string;
  readonly tags: Tags;
  readonly spec: StorageAccountSpec;
  /** `key1` and `key2`, decoded. */
  readonly keys: readonly [Uint8Array, Uint8Array];
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** As Azure's account keys have. */
const KEY_BYTES = 64;

export const STORAGE_ACCOUNT_TYPE = "Microsoft.Storage/storageAccounts";

/** The resource id: where control of it and, above its containers, access to data is decided. */
export function storageAccountScope({
  subscriptionId,
  resourceGroup,
  name,
}: Pick<StorageAccount, "subscriptionId" | "resourceGroup" | "name">): string {
  return `${resourceGroupScope({ subscriptionId, name: resourceGroup })}/providers/${STORAGE_ACCOUNT_TYPE}/${name}`;
}

export function newStorageKeys(sealing: Sealing, account: string) {
  return {
    sealed_key1: newStorageKey(sealing, account, "key1"),
    sealed_key2: newStorageKey(sealing, account, "key2"),
  };
}

export function newStorageKey(sealing: Sealing, account: string, which: "key1" | "key2"): string {
  return sealing.seal(randomBytes(KEY_BYTES), keyPurpose(account, which));
}

/** @throws SealBroken when another installation sealed the keys */
export function storageAccountOf(row: StorageAccountRow, sealing: Sealing): StorageAccount {
  const { name } = row;
  return {
    key: row.key,
    name,
    tenantId: row.tenant_id,
    subscriptionId: row.subscription_id,
    resourceGroupKey: row.resource_group_key,
    resourceGroup: row.resource_group,
    location: row.location,
    tags: JSON.parse(row.tags),
    spec: JSON.parse(row.spec),
    keys: [
      sealing.unseal(row.sealed_key1, keyPurpose(name, "key1")),
      sealing.unseal(row.sealed_key2, keyPurpose(name, "key2")),
    ],
    createdAt: row.created_at,
  };
}

const keyPurpose = (account: string, which: "key1" | "key2") => `storage_account/${account}/${which}`;
