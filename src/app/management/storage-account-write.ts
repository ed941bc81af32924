/** Creating, changing and deleting storage accounts, and their keys. */
import { Fault } from "../../core/fault.ts";
import { type JsonObject, requiredText, wordOf } from "../../core/management/json-body.ts";
import { requiredLocation } from "../../core/management/location-name.ts";
import { tagsOf } from "../../core/management/tags.ts";
import { DEFAULT_STORAGE_ACCOUNT, storageAccountSpecOf } from "../../core/storage/storage-account-spec.ts";
import { resourceGroupByKey } from "../../store/accounts.ts";
import {
  storageAccountByName,
  storageAccountDelete,
  storageAccountInsert,
  storageAccountKeysSet,
  storageAccountSet,
} from "../../store/storage-accounts.ts";
import { STORAGE_ACCOUNT_NAME } from "../../wire/storage/blob-names.ts";
import { scopeAssignmentsDelete } from "../access/scope-assignments.ts";
import {
  newStorageKey,
  newStorageKeys,
  STORAGE_ACCOUNT_TYPE,
  type StorageAccount,
  storageAccountScope,
} from "../storage/storage-account.ts";
import type { ResourceGroup } from "../subscriptions/resource-group-read.ts";
import { refuseDeletingGroup } from "../subscriptions/resource-group-write.ts";
import type { Management } from "./management.ts";

/** Creates the account, or describes the group's account of this name anew. @throws Fault AccountNameInvalid, StorageAccountAlreadyTaken, … */
export async function storageAccountPut(
  management: Management,
  group: ResourceGroup,
  name: string,
  body: JsonObject,
): Promise<{ readonly account: StorageAccount; readonly isNew: boolean }> {
  const why = nameProblem(name);
  if (why) throw new Fault("AccountNameInvalid", why, { status: 400 });
  const location = requiredLocation(body, STORAGE_ACCOUNT_TYPE, [group.location]);
  const spec = JSON.stringify(storageAccountSpecOf(DEFAULT_STORAGE_ACCOUNT, body));
  const tags = JSON.stringify(tagsOf(body) ?? {});
  const isNew = await management.store.grow(async (c) => {
    const known = await storageAccountByName.first(c, { name });
    if (known && known.resource_group_key !== group.key) throw taken(name);
    if (known && known.location !== location) {
      throw new Fault(
        "InvalidResourceLocation",
        `The account '${name}' is in location '${known.location}'.`,
        {
          status: 409,
        },
      );
    }
    if (known) {
      await storageAccountSet.run(c, { key: known.key, tags, spec });
      return false;
    }
    const parent = await resourceGroupByKey.first(c, { key: group.key });
    if (!parent)
      throw new Fault("ResourceGroupNotFound", `There is no resource group '${group.name}'.`, {
        status: 404,
      });
    refuseDeletingGroup(parent);
    await storageAccountInsert.run(c, {
      name,
      resource_group_key: group.key,
      location,
      ...newStorageKeys(management.sealing, name),
      tags,
      spec,
      created_at: management.clock(),
    });
    return true;
  });
  await (isNew ? management.storage.refresh() : management.storage.reread());
  return { account: written(management, name), isNew };
}

export async function storageAccountPatch(
  management: Management,
  { key, name, spec, tags }: StorageAccount,
  body: JsonObject,
): Promise<StorageAccount> {
  const changed = JSON.stringify(storageAccountSpecOf(spec, body));
  const tagged = JSON.stringify(tagsOf(body) ?? tags);
  await management.store.write((c) => storageAccountSet.run(c, { key, spec: changed, tags: tagged }));
  await management.storage.reread();
  return written(management, name);
}

/** What is in it and role assignments on it go with it. */
export async function storageAccountRemove(management: Management, account: StorageAccount): Promise<void> {
  const { key, tenantId } = account;
  await management.storage.purge(account);
  await management.store.write(async (c) => {
    await scopeAssignmentsDelete(c, tenantId, storageAccountScope(account));
    await storageAccountDelete.run(c, { key });
  });
  management.access.invalidate(tenantId);
  await management.storage.refresh();
}

/** All of a resource group that is going. */
export async function storageAccountsRemove(management: Management, resourceGroupKey: number): Promise<void> {
  for (const account of management.storage.all) {
    if (account.resourceGroupKey === resourceGroupKey) await storageAccountRemove(management, account);
  }
}

/** What the old key signed is refused from the moment this resolves. @throws Fault InvalidRequestContent */
export async function storageAccountKeyRegenerate(
  management: Management,
  { key, name }: StorageAccount,
  body: JsonObject,
): Promise<StorageAccount> {
  const which = wordOf(requiredText(body, "keyName"), ["key1", "key2"], "keyName");
  await management.store.write(async (c) => {
    const row = await storageAccountByName.first(c, { name });
    if (row?.key !== key) return;
    const { sealed_key1, sealed_key2 } = row;
    const keys = {
      key,
      sealed_key1,
      sealed_key2,
      [`sealed_${which}`]: newStorageKey(management.sealing, name, which),
    };
    await storageAccountKeysSet.run(c, keys);
  });
  await management.storage.reread();
  return written(management, name);
}

/** Why an account cannot have this name; undefined when it can. */
export function storageNameAvailability(
  { storage }: Management,
  name: string,
): { readonly reason: "AccountNameInvalid" | "AlreadyExists"; readonly message: string } | undefined {
  const why = nameProblem(name);
  if (why) return { reason: "AccountNameInvalid", message: why };
  return storage.byName(name) ? { reason: "AlreadyExists", message: taken(name).message } : undefined;
}

function nameProblem(name: string): string | undefined {
  if (STORAGE_ACCOUNT_NAME.test(name)) return undefined;
  return `'${name.slice(0, 64)}' is not a valid storage account name: 3 to 24 lower-case letters and digits make one.`;
}

function taken(name: string): Fault {
  return new Fault("StorageAccountAlreadyTaken", `The storage account named ${name} is already taken.`, {
    status: 409,
  });
}

function written({ storage }: Management, name: string): StorageAccount {
  const account = storage.byName(name);
  if (!account) throw new Error("the storage account was not written");
  return account;
}
