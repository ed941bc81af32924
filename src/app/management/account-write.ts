/** Creating and changing Batch accounts. The plane has checked that the caller may, and that the resource group exists. */
import { randomBytes } from "node:crypto";
import { Fault } from "../../core/fault.ts";
import {
  type AccountSpec,
  autoStorageSynced,
  createdAccountSpec,
  storedAccountSpec,
  updatedAccountSpec,
} from "../../core/management/account-spec.ts";
import type { JsonObject } from "../../core/management/json-body.ts";
import { requiredLocation } from "../../core/management/location-name.ts";
import {
  type AccountRow,
  accountByKey,
  accountByName,
  accountInsert,
  accountSpecSet,
  accountsCountAt,
  resourceGroupByKey,
} from "../../store/accounts.ts";
import type { Connection } from "../../store/engine/connection.ts";
import { ACCOUNT_NAME_PATTERN } from "../../wire/arm/limits.ts";
import { ACCOUNT_KEY_BYTES, accountKeyPurpose } from "../accounts/account-key.ts";
import { accountIdentitiesFind } from "../identities/account-identity.ts";
import { systemIdentityAdd, systemIdentityDrop } from "../identities/system-identity.ts";
import type { ResourceGroup } from "../subscriptions/resource-group-read.ts";
import { refuseDeletingGroup } from "../subscriptions/resource-group-write.ts";
import { accountRow, type ManagedAccount, managedAccount } from "./account-read.ts";
import { accountLocations } from "./location-list.ts";
import type { Management } from "./management.ts";

export interface AccountPut {
  /** As the path has it. */
  readonly name: string;
  /** Parsed JSON, not yet checked. */
  readonly body: JsonObject;
  /** Resource ids that the caller may assign; undefined where the body does not speak of identities. */
  readonly identities?: readonly string[] | undefined;
  /** Whether it is to have an identity of its own; undefined where the body does not speak of identities. */
  readonly hasOwnIdentity?: boolean | undefined;
  /** That of the account's subscription. */
  readonly tenantId: string;
}

/** Creates the account, or describes the group's account of this name anew. It can be reached when this resolves. */
export async function accountPut(
  management: Management,
  group: ResourceGroup,
  { name, body, identities, hasOwnIdentity, tenantId }: AccountPut,
): Promise<{ readonly account: ManagedAccount; readonly isNew: boolean }> {
  if (!ACCOUNT_NAME_PATTERN.test(name)) {
    throw new Fault(
      "InvalidAccountName",
      `'${name.slice(0, 64)}' can be no Batch account's name: 3 to 24 lower-case letters and digits make one.`,
      { status: 400 },
    );
  }
  const location = requiredLocation(body, "Microsoft.Batch/batchAccounts", [
    group.location,
    ...accountLocations(management),
  ]);
  const now = management.clock();
  let isNew = false;
  const row = await management.store.grow(async (c) => {
    const found = identities && (await accountIdentitiesFind(c, tenantId, identities));
    const known = await accountRow(c, group, name);
    const described = createdAccountSpec(body, new Date(now).toISOString(), found);
    checkAutoStorage(management, described);
    const spec = await withOwnIdentity(c, described, known && storedAccountSpec(known.spec), {
      name,
      tenantId,
      wanted: hasOwnIdentity ?? false,
      now,
    });
    isNew = known === undefined;
    if (known) return describedAnew(c, known, location, spec, now);
    const parent = await resourceGroupByKey.first(c, { key: group.key });
    if (!parent)
      throw new Fault("ResourceGroupNotFound", `There is no resource group '${group.name}'.`, {
        status: 404,
      });
    refuseDeletingGroup(parent);
    await checkFree(c, group, name, { location, quota: management.accountsPerLocation });
    const [inserted] = await accountInsert.all(c, {
      name,
      resource_group_key: group.key,
      location,
      ...newKeys(management, name),
      port: null,
      created_at: now,
      spec: JSON.stringify(spec),
      state: "active",
      changed_at: now,
    });
    return readBack(c, inserted?.key);
  });
  await management.accounts.refresh(row.key);
  management.access.invalidate(tenantId);
  return { account: managedAccount(row), isNew };
}

/** The account's own identity is made when it is first wanted, stays, and goes when it is wanted no more. */
async function withOwnIdentity(
  c: Connection,
  spec: AccountSpec,
  before: AccountSpec | undefined,
  {
    name,
    tenantId,
    wanted,
    now,
  }: { readonly name: string; readonly tenantId: string; readonly wanted: boolean; readonly now: number },
): Promise<AccountSpec> {
  const { systemIdentity: _, ...rest } = spec;
  const known = before?.systemIdentity;
  if (wanted) return { ...rest, systemIdentity: known ?? (await systemIdentityAdd(c, tenantId, name, now)) };
  if (known) await systemIdentityDrop(c, known);
  return rest;
}

/** Undefined when the group has no such account. */
export async function accountPatch(
  management: Management,
  group: ResourceGroup,
  { name, body, identities, hasOwnIdentity, tenantId }: AccountPut,
): Promise<ManagedAccount | undefined> {
  const now = management.clock();
  const changed = await changeSpec(management, group, name, async (spec, c) => {
    const found = identities && (await accountIdentitiesFind(c, tenantId, identities));
    const wanted = hasOwnIdentity ?? spec.systemIdentity !== undefined;
    const updated = updatedAccountSpec(spec, body, new Date(now).toISOString(), found);
    if (updated.autoStorage?.storageAccountId !== spec.autoStorage?.storageAccountId)
      checkAutoStorage(management, updated);
    return withOwnIdentity(c, updated, spec, { name, tenantId, wanted, now });
  });
  if (hasOwnIdentity === false) management.access.invalidate(tenantId);
  return changed;
}

/** Undefined when the group has no such account. @throws Fault AutoStorageAccountNotConfigured */
export function accountSyncAutoStorage(
  management: Management,
  group: ResourceGroup,
  name: string,
): Promise<ManagedAccount | undefined> {
  const now = new Date(management.clock()).toISOString();
  return changeSpec(management, group, name, (spec) => autoStorageSynced(spec, now));
}

/** @throws Fault AutoStorageAccountNotFound */
function checkAutoStorage({ storage }: Management, { autoStorage }: AccountSpec): void {
  if (!autoStorage || storage.byId(autoStorage.storageAccountId)) return;
  throw new Fault(
    "AutoStorageAccountNotFound",
    `properties.autoStorage.storageAccountId names no storage account: '${autoStorage.storageAccountId}'. Create it first, or leave the property out.`,
    { status: 400 },
  );
}

async function changeSpec(
  management: Management,
  group: ResourceGroup,
  name: string,
  change: (spec: AccountSpec, c: Connection) => AccountSpec | Promise<AccountSpec>,
): Promise<ManagedAccount | undefined> {
  const row = await management.store.write(async (c) => {
    const known = await accountRow(c, group, name);
    if (!known) return undefined;
    refuseDeleting(known);
    const spec = JSON.stringify(await change(storedAccountSpec(known.spec), c));
    await accountSpecSet.run(c, { key: known.key, spec, changed_at: management.clock() });
    return readBack(c, known.key);
  });
  if (!row) return undefined;
  await management.accounts.refresh(row.key);
  return managedAccount(row);
}

export function refuseDeleting({ name, state }: AccountRow): void {
  if (state !== "deleting") return;
  throw new Fault("AccountBeingDeleted", `The Batch account '${name}' is being deleted.`, { status: 409 });
}

/** Two new sealed keys. */
export function newKeys({ sealing }: Management, name: string) {
  const sealed = (which: "primary" | "secondary") =>
    sealing.seal(randomBytes(ACCOUNT_KEY_BYTES), accountKeyPurpose(name, which));
  return { sealed_primary_key: sealed("primary"), sealed_secondary_key: sealed("secondary") };
}

async function describedAnew(
  c: Connection,
  known: AccountRow,
  location: string,
  spec: AccountSpec,
  now: number,
): Promise<AccountRow> {
  refuseDeleting(known);
  if (known.location !== location) {
    throw new Fault(
      "InvalidResourceLocation",
      `The resource '${known.name}' already exists in location '${known.location}' in resource group '${known.resource_group}'. A resource with the same name cannot be created in location '${location}'.`,
      { status: 409 },
    );
  }
  const { poolAllocationMode } = storedAccountSpec(known.spec);
  if (poolAllocationMode !== spec.poolAllocationMode) {
    throw new Fault(
      "PropertyChangeNotAllowed",
      `'properties.poolAllocationMode' of the account '${known.name}' is '${poolAllocationMode}' and cannot be changed.`,
      { status: 409 },
    );
  }
  await accountSpecSet.run(c, { key: known.key, spec: JSON.stringify(spec), changed_at: now });
  return readBack(c, known.key);
}

async function checkFree(
  c: Connection,
  { subscriptionId }: ResourceGroup,
  name: string,
  { location, quota }: { readonly location: string; readonly quota: number },
): Promise<void> {
  if (await accountByName.first(c, { name })) {
    throw new Fault("AccountAlreadyExists", `An account named '${name}' already exists.`, { status: 409 });
  }
  const counted = await accountsCountAt.first(c, { subscription_id: subscriptionId, location });
  if (Number(counted?.count ?? 0) < quota) return;
  throw new Fault(
    "SubscriptionQuotaExceeded",
    `The regional Batch account quota for the specified subscription has been reached: ${quota} in '${location}'.`,
    { status: 409 },
  );
}

async function readBack(c: Connection, key: number | undefined): Promise<AccountRow> {
  const row = key === undefined ? undefined : await accountByKey.first(c, { key });
  if (!row) throw new Error("the account was not written");
  return row;
}
