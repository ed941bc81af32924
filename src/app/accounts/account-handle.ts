/**
 * An account that a caller has been identified with and authorized on. Use cases take the handle, not a name: whoever holds
 * one has passed the plane's pipeline.
 */
import type { AccountRow } from "../../store/accounts.ts";

export interface AccountHandle {
  readonly key: number;
  readonly name: string;
  readonly tenantId: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly location: string;
}

export function accountHandle(row: AccountRow): AccountHandle {
  return {
    key: row.key,
    name: row.name,
    tenantId: row.tenant_id,
    subscriptionId: row.subscription_id,
    resourceGroup: row.resource_group,
    location: row.location,
  };
}

/** The account's ARM id, which is also the scope of every data-plane decision. */
export function accountScope(account: AccountHandle): string {
  return `/subscriptions/${account.subscriptionId}/resourceGroups/${account.resourceGroup}/providers/Microsoft.Batch/batchAccounts/${account.name}`;
}
