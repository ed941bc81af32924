/** Batch accounts as management sees them. */
import { asciiLowerCase } from "../../core/access/ascii-lower-case.ts";
import {
  type AccountRow,
  accountInResourceGroup,
  accountsOfResourceGroup,
  accountsOfSubscription,
} from "../../store/accounts.ts";
import type { AccountHandle } from "../accounts/account-handle.ts";
import type { Management } from "./management.ts";
import type { ResourceGroup } from "./resource-group-read.ts";
import type { Subscription } from "./subscription-read.ts";

/** @param name in any case */
export async function accountFind(
  management: Management,
  group: ResourceGroup,
  name: string,
): Promise<AccountHandle | undefined> {
  const row = await accountRow(management, group, name);
  return row && accountHandle(row);
}

export async function accountList(
  { store }: Management,
  place: { readonly subscription: Subscription } | { readonly group: ResourceGroup },
): Promise<AccountHandle[]> {
  const rows =
    "group" in place
      ? await accountsOfResourceGroup.all(store.read, { resource_group_key: place.group.key })
      : await accountsOfSubscription.all(store.read, { subscription_id: place.subscription.subscriptionId });
  return rows.map(accountHandle);
}

export function accountRow(
  { store }: Management,
  { key }: ResourceGroup,
  name: string,
): Promise<AccountRow | undefined> {
  return accountInResourceGroup.first(store.read, { resource_group_key: key, name: asciiLowerCase(name) });
}

function accountHandle(row: AccountRow): AccountHandle {
  return {
    key: row.key,
    name: row.name,
    tenantId: row.tenant_id,
    subscriptionId: row.subscription_id,
    resourceGroup: row.resource_group,
    location: row.location,
  };
}
