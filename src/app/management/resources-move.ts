/**
 * Moving Batch accounts and storage accounts to another resource group. Roles and locks on them stay behind, as in Azure, and so hold
 * nowhere: they go. Source: "Move resources to a new resource group or subscription".
 */
import { parseScope } from "../../core/access/scope.ts";
import { Fault } from "../../core/fault.ts";
import { type AccountSpec, storedAccountSpec } from "../../core/management/account-spec.ts";
import { accountGroupSet, accountSpecSet, accountsAll, resourceGroupByKey } from "../../store/accounts.ts";
import type { Connection } from "../../store/engine/connection.ts";
import { storageAccountGroupSet } from "../../store/storage-accounts.ts";
import { scopeAssignmentsDelete } from "../access/scope-assignments.ts";
import { accountScope } from "../accounts/account-handle.ts";
import { type StorageAccount, storageAccountScope } from "../storage/storage-account.ts";
import { requireUnlocked } from "../subscriptions/management-locks.ts";
import { type ResourceGroup, resourceGroupScope } from "../subscriptions/resource-group-read.ts";
import { refuseDeletingGroup } from "../subscriptions/resource-group-write.ts";
import type { Subscription } from "../subscriptions/subscription-read.ts";
import { accountList, type ManagedAccount } from "./account-read.ts";
import type { Management } from "./management.ts";
import { storageAccountList } from "./storage-account-read.ts";

/** Ours; Azure's is 800. */
export const MOVED_MAX = 100;

export interface Move {
  readonly from: { readonly subscription: Subscription; readonly group: ResourceGroup };
  readonly to: { readonly subscription: Subscription; readonly group: ResourceGroup };
  /** Resource ids, in any case. */
  readonly resources: readonly string[];
}

interface Moved {
  readonly accounts: readonly ManagedAccount[];
  readonly storageAccounts: readonly StorageAccount[];
}

/** @throws Fault MissingMoveResources, ResourceMoveNotSupported, ResourceNotFound, ScopeLocked, … */
export async function resourcesMoveCheck(
  management: Management,
  { from, to, resources }: Move,
): Promise<Moved> {
  if (from.group.key === to.group.key)
    throw refused("MoveResourcesHaveSameGroup", "The target group is the one in which the resources are.");
  const parent = { group: from.group };
  const accounts = await accountList(management, parent);
  const storageAccounts = storageAccountList(management, parent);
  const moved = {
    accounts: accounts.filter(({ handle }) => names(resources, accountScope(handle))),
    storageAccounts: storageAccounts.filter((account) => names(resources, storageAccountScope(account))),
  };
  const known = [
    ...moved.accounts.map(({ handle }) => accountScope(handle)),
    ...moved.storageAccounts.map(storageAccountScope),
  ];
  const other = resources.find((id) => !known.some((each) => isSame(each, id)));
  if (other !== undefined)
    throw refused(
      "ResourceMoveNotSupported",
      `'${other.slice(0, 256)}' is no Batch account or storage account of the group '${from.group.name}': only those move.`,
    );
  const busy = moved.accounts.find(({ isDeleting }) => isDeleting);
  if (busy) throw refused("AccountBeingDeleted", `The Batch account '${busy.handle.name}' is being deleted.`);
  for (const id of known) {
    const scope = parseScope(id);
    if (scope) await requireUnlocked(management, from.subscription, scope, "delete");
  }
  const target = parseScope(resourceGroupScope(to.group));
  if (target) await requireUnlocked(management, to.subscription, target, "write");
  return moved;
}

/** All of them or none. @throws Fault as `resourcesMoveCheck` */
export async function resourcesMove(management: Management, move: Move): Promise<void> {
  const { accounts, storageAccounts } = await resourcesMoveCheck(management, move);
  const { group, subscription } = move.to;
  const changed = await management.store.write(async (c) => {
    const parent = await resourceGroupByKey.first(c, { key: group.key });
    if (!parent)
      throw new Fault("ResourceGroupNotFound", `There is no resource group '${group.name}'.`, {
        status: 404,
      });
    refuseDeletingGroup(parent);
    for (const { handle } of accounts) {
      await scopeAssignmentsDelete(c, handle.tenantId, accountScope(handle));
      const place = { key: handle.key, resource_group_key: group.key };
      await accountGroupSet.run(c, { ...place, changed_at: management.clock() });
    }
    for (const account of storageAccounts) {
      await scopeAssignmentsDelete(c, account.tenantId, storageAccountScope(account));
      await storageAccountGroupSet.run(c, { key: account.key, resource_group_key: group.key });
    }
    return renameAutoStorage(c, management, storageAccounts, group);
  });
  management.access.invalidate(subscription.tenantId);
  if (storageAccounts.length > 0) await management.storage.refresh();
  for (const key of new Set([...accounts.map(({ handle }) => handle.key), ...changed]))
    await management.accounts.refresh(key);
}

/** Batch accounts that keep their packages in what has moved go on doing so. @returns their keys */
async function renameAutoStorage(
  c: Connection,
  { clock }: Management,
  storageAccounts: readonly StorageAccount[],
  group: ResourceGroup,
): Promise<number[]> {
  if (storageAccounts.length === 0) return [];
  const changed: number[] = [];
  for (const { key, spec: text } of await accountsAll.all(c, {})) {
    const spec = storedAccountSpec(text);
    const moved = storageAccounts.find((account) =>
      isSame(storageAccountScope(account), spec.autoStorage?.storageAccountId ?? ""),
    );
    if (moved === undefined || spec.autoStorage === undefined) continue;
    const storageAccountId = storageAccountScope({
      subscriptionId: group.subscriptionId,
      resourceGroup: group.name,
      name: moved.name,
    });
    const renamed: AccountSpec = { ...spec, autoStorage: { ...spec.autoStorage, storageAccountId } };
    await accountSpecSet.run(c, { key, spec: JSON.stringify(renamed), changed_at: clock() });
    changed.push(key);
  }
  return changed;
}

const isSame = (a: string, b: string): boolean =>
  parseScope(a) !== undefined && parseScope(a) === parseScope(b);
const names = (ids: readonly string[], id: string): boolean => ids.some((each) => isSame(each, id));
const refused = (code: string, message: string) => new Fault(code, message, { status: 409 });
