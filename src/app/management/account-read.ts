/** Batch accounts as management sees them. */
import { asciiLowerCase } from "../../core/access/ascii-lower-case.ts";
import { type AccountSpec, storedAccountSpec } from "../../core/management/account-spec.ts";
import {
  type AccountRow,
  accountByName,
  accountInResourceGroup,
  accountsOfResourceGroup,
  accountsOfSubscription,
} from "../../store/accounts.ts";
import type { Connection } from "../../store/engine/connection.ts";
import { type AccountHandle, accountHandle } from "../accounts/account-handle.ts";
import type { ResourceGroup } from "../subscriptions/resource-group-read.ts";
import type { Subscription } from "../subscriptions/subscription-read.ts";
import type { Management } from "./management.ts";

export interface ManagedAccount {
  readonly handle: AccountHandle;
  readonly spec: AccountSpec;
  readonly isDeleting: boolean;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly changedAt: number;
}

/** @param name in any case */
export async function accountFind(
  { store }: Management,
  group: ResourceGroup,
  name: string,
): Promise<ManagedAccount | undefined> {
  const row = await accountRow(store.read, group, name);
  return row && managedAccount(row);
}

export async function accountList(
  { store }: Management,
  parent: { readonly subscription: Subscription } | { readonly group: ResourceGroup },
): Promise<ManagedAccount[]> {
  const rows =
    "group" in parent
      ? await accountsOfResourceGroup.all(store.read, { resource_group_key: parent.group.key })
      : await accountsOfSubscription.all(store.read, { subscription_id: parent.subscription.subscriptionId });
  return rows.map(managedAccount);
}

export async function isAccountNameFree({ store }: Management, name: string): Promise<boolean> {
  return (await accountByName.first(store.read, { name: asciiLowerCase(name) })) === undefined;
}

export function accountRow(
  connection: Connection,
  { key }: ResourceGroup,
  name: string,
): Promise<AccountRow | undefined> {
  return accountInResourceGroup.first(connection, { resource_group_key: key, name: asciiLowerCase(name) });
}

export function managedAccount(row: AccountRow): ManagedAccount {
  return {
    handle: accountHandle(row),
    spec: storedAccountSpec(row.spec),
    isDeleting: row.state === "deleting",
    createdAt: row.created_at,
    changedAt: row.changed_at,
  };
}
