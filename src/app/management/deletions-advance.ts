/**
 * Takes every account and resource group that is being deleted one step further. Idempotent; called by a reconciler.
 * @throws what the first step that failed has thrown, once all the others are taken
 */
import { accountsDeleting, resourceGroupsDeleting } from "../../store/accounts.ts";
import { accountAdvance } from "./account-delete.ts";
import type { Management } from "./management.ts";
import { resourceGroupAdvance } from "./resource-group-delete.ts";

export async function deletionsAdvance(management: Management): Promise<void> {
  const { read } = management.store;
  const failures: unknown[] = [];
  const take = (step: Promise<unknown>) => step.catch((error) => failures.push(error));
  for (const { key } of await accountsDeleting.all(read, {})) await take(accountAdvance(management, key));
  for (const { key } of await resourceGroupsDeleting.all(read, {}))
    await take(resourceGroupAdvance(management, key));
  if (failures.length > 0) throw failures[0];
}
