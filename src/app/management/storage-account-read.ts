/** Storage accounts as management sees them: all of them are in memory. */
import { asciiLowerCase } from "../../core/access/ascii-lower-case.ts";
import type { StorageAccount } from "../storage/storage-account.ts";
import type { ResourceGroup } from "../subscriptions/resource-group-read.ts";
import type { Subscription } from "../subscriptions/subscription-read.ts";
import type { Management } from "./management.ts";

/** @param name in any case */
export function storageAccountFind(
  { storage }: Management,
  { key }: ResourceGroup,
  name: string,
): StorageAccount | undefined {
  const account = storage.byName(asciiLowerCase(name));
  return account?.resourceGroupKey === key ? account : undefined;
}

export function storageAccountList(
  { storage }: Management,
  parent: { readonly subscription: Subscription } | { readonly group: ResourceGroup },
): StorageAccount[] {
  return storage.all.filter(({ resourceGroupKey, subscriptionId }) =>
    "group" in parent
      ? resourceGroupKey === parent.group.key
      : subscriptionId === parent.subscription.subscriptionId,
  );
}
