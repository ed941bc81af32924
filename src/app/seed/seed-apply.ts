/** Writes a seed into an empty store, all of it or nothing: a first start that is killed is a first start again. */
import { randomBytes, randomUUID } from "node:crypto";
import type { AutoStorage } from "../../core/management/account-spec.ts";
import { DEFAULT_STORAGE_ACCOUNT } from "../../core/storage/storage-account-spec.ts";
import { accountInsert, resourceGroupInsert, settingPut, subscriptionInsert } from "../../store/accounts.ts";
import { roleAssignmentInsert } from "../../store/role-assignments.ts";
import { storageAccountInsert } from "../../store/storage-accounts.ts";
import { ACCOUNT_KEY_BYTES, accountKeyPurpose } from "../accounts/account-key.ts";
import type { Directory } from "../directory/directory.ts";
import { preparedSeed } from "../directory/seed.ts";
import type { Sealing } from "../secrets/sealing.ts";
import { newStorageKeys, storageAccountScope } from "../storage/storage-account.ts";
import type { AccountSeed, Seed, StorageAccountSeed } from "./seed.ts";

/** Present once a seed has been written; its value tells when. */
export const SEEDED_SETTING = "seed.appliedAt";

export async function seedApply(
  directory: Directory,
  sealing: Sealing,
  seed: Seed,
  now: number,
): Promise<void> {
  const tenants = await Promise.all(seed.tenants.map((tenant) => preparedSeed(directory, tenant, now)));
  await directory.change(async (c) => {
    for (const writeTenant of tenants) await writeTenant(c);
    for (const { subscriptionId, tenantId, displayName } of seed.subscriptions) {
      await subscriptionInsert.run(c, { id: subscriptionId, tenant_id: tenantId, display_name: displayName });
    }
    const groups = new Map<string, number>();
    for (const account of seed.accounts) {
      await accountInsert.run(c, {
        name: account.name.toLowerCase(),
        resource_group_key: await groupKey(account),
        location: account.location.toLowerCase(),
        sealed_primary_key: sealedKey(account, "primary"),
        sealed_secondary_key: sealedKey(account, "secondary"),
        port: null,
        created_at: now,
        spec: JSON.stringify(account.autoStorage === undefined ? {} : { autoStorage: autoStorage(account) }),
        state: "active",
        changed_at: now,
      });
    }
    for (const account of seed.storageAccounts ?? []) {
      const { name, location } = account;
      await storageAccountInsert.run(c, {
        name,
        resource_group_key: await groupKey(account),
        location: location.toLowerCase(),
        ...newStorageKeys(sealing, name),
        tags: "{}",
        spec: JSON.stringify(DEFAULT_STORAGE_ACCOUNT),
        created_at: now,
      });
    }
    for (const assignment of seed.roleAssignments) {
      await roleAssignmentInsert.run(c, {
        id: randomUUID(),
        tenant_id: assignment.tenantId,
        scope: assignment.scope,
        principal_id: assignment.principalId,
        principal_type: assignment.principalType,
        role_definition_id: assignment.roleDefinitionId,
        description: null,
        created_at: now,
        created_by: null,
      });
    }
    await settingPut.run(c, { name: SEEDED_SETTING, value: String(now) });

    async function groupKey(account: StorageAccountSeed): Promise<number> {
      const group = `${account.subscriptionId}/${account.resourceGroup.toLowerCase()}`;
      const key = groups.get(group) ?? (await groupInsert(account));
      groups.set(group, key);
      return key;
    }

    async function groupInsert({
      subscriptionId,
      resourceGroup,
      location,
    }: StorageAccountSeed): Promise<number> {
      const [row] = await resourceGroupInsert.all(c, {
        subscription_id: subscriptionId,
        name: resourceGroup,
        name_lower: resourceGroup.toLowerCase(),
        location,
        tags: "{}",
        managed_by: null,
        state: "active",
        created_at: now,
        changed_at: now,
      });
      if (!row) throw new Error("the resource group was not inserted");
      return row.key;
    }
  });

  function autoStorage({ subscriptionId, resourceGroup, autoStorage: name = "" }: AccountSeed): AutoStorage {
    return {
      storageAccountId: storageAccountScope({ subscriptionId, resourceGroup, name }),
      authenticationMode: "StorageKeys",
      lastKeySync: new Date(now).toISOString(),
    };
  }

  function sealedKey(
    { name, primaryKey, secondaryKey }: AccountSeed,
    which: "primary" | "secondary",
  ): string {
    const given = which === "primary" ? primaryKey : secondaryKey;
    const key = given === undefined ? randomBytes(ACCOUNT_KEY_BYTES) : Buffer.from(given, "base64");
    return sealing.seal(key, accountKeyPurpose(name.toLowerCase(), which));
  }
}
