/** The storage account that a path names. */
import { storageAccountFind } from "../../../app/management/storage-account-read.ts";
import { STORAGE_ACCOUNT_TYPE, type StorageAccount } from "../../../app/storage/storage-account.ts";
import { armFault } from "../request/arm-fault.ts";
import type { ArmContext } from "../request/context.ts";

/** @throws Fault ResourceNotFound */
export function namedStorageAccount({ plane, parent, path }: ArmContext): StorageAccount {
  const name = path.accountName ?? "";
  const account = storageAccountFind(plane, parent.group, name);
  if (account) return account;
  throw armFault(
    "ResourceNotFound",
    `The Resource '${STORAGE_ACCOUNT_TYPE}/${name}' under resource group '${parent.group.name}' was not found.`,
  );
}

/** Of an account, as its children show it. */
export const skuView = ({ spec: { sku } }: StorageAccount) => ({ name: sku, tier: sku.split("_")[0] });
