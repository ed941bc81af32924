/** Deleting a resource group: what is in it goes first, the group with the last of it. */
import {
  accountsOfResourceGroup,
  resourceGroupByKey,
  resourceGroupDelete,
  resourceGroupDeleting,
} from "../../store/accounts.ts";
import { identitiesOfResourceGroup } from "../../store/identities.ts";
import { scopeAssignmentsDelete } from "../access/scope-assignments.ts";
import { identityDrop } from "../identities/identity-write.ts";
import {
  type ResourceGroup,
  resourceGroup,
  resourceGroupScope,
} from "../subscriptions/resource-group-read.ts";
import { accountRequestDelete, type Deletion, refuseLast } from "./account-delete.ts";
import type { Management } from "./management.ts";
import { storageAccountsRemove } from "./storage-account-write.ts";

/** From now on nothing can be created in the group. @throws Fault LastAccount */
export async function resourceGroupRequestDelete(
  management: Management,
  { key }: Pick<ResourceGroup, "key">,
): Promise<Deletion> {
  await management.store.write(async (c) => {
    const accounts = await accountsOfResourceGroup.all(c, { resource_group_key: key });
    if (accounts.length > 0) await refuseLast(c, (row) => row.resource_group_key === key);
    await resourceGroupDeleting.run(c, { key, now: management.clock() });
  });
  // A step that fails is taken again by the reconciler, which says why: the deletion has begun all the same.
  const isGone = await resourceGroupAdvance(management, key).catch(() => false);
  return isGone ? "deleted" : "deleting";
}

/** Takes a group that is being deleted one step further; true when that was the last one. Idempotent. */
export async function resourceGroupAdvance(management: Management, key: number): Promise<boolean> {
  const row = await resourceGroupByKey.first(management.store.read, { key });
  if (row?.state !== "deleting") return row === undefined;
  await storageAccountsRemove(management, key);
  const accounts = await accountsOfResourceGroup.all(management.store.read, { resource_group_key: key });
  for (const { name } of accounts) await accountRequestDelete(management, resourceGroup(row), name);
  const isGone = await management.store.write(async (c) => {
    const left = await accountsOfResourceGroup.all(c, { resource_group_key: key });
    if (left.length > 0) return false;
    await scopeAssignmentsDelete(c, row.tenant_id, resourceGroupScope(resourceGroup(row)));
    for (const identity of await identitiesOfResourceGroup.all(c, { resource_group_key: key })) {
      await identityDrop(c, identity);
    }
    await resourceGroupDelete.run(c, { key });
    return true;
  });
  management.access.invalidate(row.tenant_id);
  return isGone;
}
