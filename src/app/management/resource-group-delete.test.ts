import { afterEach, beforeEach, expect, test } from "vitest";
import { resourceGroupByName, resourceGroupsDeleting } from "../../store/accounts.ts";
import { Access } from "../access/access.ts";
import { HostedAccounts } from "../accounts/hosted-accounts.ts";
import {
  type DirectoryFixture,
  openDirectoryFixture,
  START,
  TENANT_ID,
} from "../directory/directory.fixture.ts";
import type { BlobBackend } from "../ports/blob-backend.ts";
import { seedApply } from "../seed/seed-apply.ts";
import { Storage } from "../storage/storage.ts";
import { deletionsAdvance } from "./deletions-advance.ts";
import type { Management } from "./management.ts";
import { resourceGroupRequestDelete } from "./resource-group-delete.ts";

const SUBSCRIPTION_ID = "55555555-5555-4555-8555-555555555555";

let fixture: DirectoryFixture;
beforeEach(async () => {
  fixture = await openDirectoryFixture();
});
afterEach(() => fixture.close());

test("a group whose blobs cannot be deleted just now is being deleted, holds up no other, and goes later", async () => {
  const { store, sealing, directory } = fixture;
  const at = (resourceGroup: string) => ({
    subscriptionId: SUBSCRIPTION_ID,
    resourceGroup,
    location: "westus",
  });
  const primaryKey = Buffer.alloc(64, 1).toString("base64");
  await seedApply(
    directory,
    sealing,
    {
      tenants: [],
      subscriptions: [{ subscriptionId: SUBSCRIPTION_ID, tenantId: TENANT_ID, displayName: "Render" }],
      accounts: [{ ...at("kept"), name: "farm", primaryKey, secondaryKey: primaryKey }],
      storageAccounts: [
        { ...at("stuck"), name: "stuckfiles" },
        { ...at("other"), name: "otherfiles" },
      ],
      roleAssignments: [],
    },
    START,
  );
  const storage = await Storage.read(store, sealing);
  const backend = { wasUsed: true, send: () => Promise.reject(new Error("socket hang up")) };
  storage.servedBy({ backend: backend as unknown as BlobBackend, port: () => 1, onChange: () => {} });
  const management = {
    ...{ store, sealing, storage, clock: () => START },
    access: new Access(store),
    accounts: await HostedAccounts.read(store, sealing),
  } as unknown as Management;
  const group = async (name: string) =>
    resourceGroupByName.first(store.read, { subscription_id: SUBSCRIPTION_ID, name_lower: name });
  const remove = async (name: string) =>
    resourceGroupRequestDelete(management, { key: (await group(name))?.key ?? 0 });

  expect(await remove("stuck")).toBe("deleting");
  expect(await remove("other")).toBe("deleting");
  backend.send = () => {
    backend.wasUsed = false; // what comes after the first has nothing to delete
    return Promise.reject(new Error("socket hang up"));
  };
  await expect(deletionsAdvance(management)).rejects.toThrow("socket hang up");
  expect(await group("other")).toBeUndefined();
  expect(await group("stuck")).toMatchObject({ state: "deleting" });

  await deletionsAdvance(management);
  expect(await resourceGroupsDeleting.all(store.read, {})).toEqual([]);
});
