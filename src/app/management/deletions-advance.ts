/** Takes every account and resource group that is being deleted one step further. Idempotent; called by a reconciler. */
import { accountsDeleting, resourceGroupsDeleting } from "../../store/accounts.ts";
import { accountAdvance } from "./account-delete.ts";
import type { Management } from "./management.ts";
import { resourceGroupAdvance } from "./resource-group-delete.ts";

export async function deletionsAdvance(management: Management): Promise<void> {
  const { read } = management.store;
  for (const { key } of await accountsDeleting.all(read, {})) await accountAdvance(management, key);
  for (const { key } of await resourceGroupsDeleting.all(read, {}))
    await resourceGroupAdvance(management, key);
}
