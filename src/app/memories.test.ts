/** What is kept in memory beside the store: never shared by two stores, never of a write that was rolled back. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { accountKeysSet, accountsAll } from "../store/accounts.ts";
import { signingKeyDelete, signingKeysAll } from "../store/directory.ts";
import type { Connection } from "../store/engine/connection.ts";
import type { Store } from "../store/engine/store.ts";
import { roleAssignmentInsert } from "../store/role-assignments.ts";
import { storageAccountDelete, storageAccountsAll } from "../store/storage-accounts.ts";
import type { JobRow } from "../store/work/jobs.ts";
import { Access } from "./access/access.ts";
import { changeAccess } from "./access/access-change.ts";
import { accountKeyPurpose } from "./accounts/account-key.ts";
import { HostedAccounts } from "./accounts/hosted-accounts.ts";
import { accessTokens } from "./directory/access-token.ts";
import { accessTokenVerifier } from "./directory/access-token-verify.ts";
import {
  APP_ID,
  type DirectoryFixture,
  openDirectoryFixture,
  SERVICE_PRINCIPAL_ID,
  START,
  TENANT_ID,
  TOKEN_REQUEST,
} from "./directory/directory.fixture.ts";
import { openSigningKeys } from "./directory/signing-keys.ts";
import { jobSpecOf } from "./jobs/job-spec.ts";
import type { Seed } from "./seed/seed.ts";
import { seedApply } from "./seed/seed-apply.ts";
import { Storage } from "./storage/storage.ts";

let fixture: DirectoryFixture;
let other: DirectoryFixture;
beforeEach(async () => {
  [fixture, other] = await Promise.all([openDirectoryFixture(), openDirectoryFixture()]);
});
afterEach(() => Promise.all([fixture.close(), other.close()]));

const SUBSCRIPTION_ID = "55555555-5555-4555-8555-555555555555";
const place = { subscriptionId: SUBSCRIPTION_ID, resourceGroup: "render", location: "westus" };

function seedAccounts({ directory, sealing }: DirectoryFixture): Promise<void> {
  const primaryKey = Buffer.alloc(64, 1).toString("base64");
  const accounts = [{ ...place, name: "farm", primaryKey, secondaryKey: primaryKey }];
  const subscriptions = [{ subscriptionId: SUBSCRIPTION_ID, tenantId: TENANT_ID, displayName: "Render" }];
  const storageAccounts = [{ ...place, name: "farmfiles" }];
  const seed: Seed = { tenants: [], subscriptions, accounts, storageAccounts, roleAssignments: [] };
  return seedApply(directory, sealing, seed, START);
}

/** Does the work, lets `during` look, and takes it back. */
async function rolledBack(
  write: (work: (c: Connection) => Promise<never>) => Promise<never>,
  work: (c: Connection) => Promise<unknown>,
): Promise<void> {
  const undone = write(async (c) => {
    await work(c);
    throw new Error("rolled back");
  });
  await expect(undone).rejects.toThrow("rolled back");
}

test("a job's document is what its row says, whichever store or undone write had its key and version before", () => {
  const row = (spec: object) => ({ key: 1, version: 1, spec: JSON.stringify(spec) }) as JobRow;
  expect(jobSpecOf(row({ id: "a", usesTaskDependencies: true })).usesTaskDependencies).toBe(true);
  expect(jobSpecOf(row({ id: "a" })).usesTaskDependencies).toBeUndefined();
});

test("the directory knows nothing of a change that was rolled back, nor of another store's", async () => {
  const { directory } = fixture;
  const rename = (c: Connection) => c.execute("update service_principal set display_name = 'Daily'", []);
  await rolledBack(
    (work) => directory.change(work),
    async (c) => {
      await rename(c);
      expect((await directory.client(TENANT_ID, APP_ID))?.displayName).toBe("Nightly");
    },
  );
  expect((await directory.client(TENANT_ID, APP_ID))?.displayName).toBe("Nightly");
  await other.directory.client(TENANT_ID, APP_ID);
  await directory.change(rename);
  expect((await directory.client(TENANT_ID, APP_ID))?.displayName).toBe("Daily");
  expect((await other.directory.client(TENANT_ID, APP_ID))?.displayName).toBe("Nightly");
});

test("access knows nothing of an assignment that was rolled back, and is not lost with one read that fails", async () => {
  let isBroken = false;
  const { read, write } = fixture.store;
  const store: Store = {
    read: {
      dialect: read.dialect,
      query: (sql, values) => (isBroken ? Promise.reject(new Error("disk")) : read.query(sql, values)),
      execute: read.execute.bind(read),
    },
    write: write.bind(fixture.store) as Store["write"],
    grow: write.bind(fixture.store) as Store["grow"],
    isFull: false,
    hasRoomFor: () => true,
    close: async () => {},
  };
  const access = new Access(store);
  const permission = { kind: "action", name: "Microsoft.Batch/batchAccounts/read" } as const;
  const scope = `/subscriptions/${SUBSCRIPTION_ID}`;
  const mayRead = async () =>
    (await access.principal(TENANT_ID, SERVICE_PRINCIPAL_ID)).decide(permission, scope).allowed;
  const assign = async (c: Connection) => {
    await roleAssignmentInsert.run(c, {
      tenant_id: TENANT_ID,
      id: "66666666-6666-4666-8666-666666666666",
      scope,
      principal_id: SERVICE_PRINCIPAL_ID,
      principal_type: "ServicePrincipal",
      role_definition_id: "acdd72a7-3385-48ef-bd42-f606fba81ae7",
      description: null,
      created_at: START,
      created_by: null,
    });
    expect(await mayRead()).toBe(false);
  };
  await rolledBack((work) => changeAccess({ store, access, clock: () => START }, TENANT_ID, work), assign);
  expect(await mayRead()).toBe(false);
  access.invalidate(TENANT_ID);
  isBroken = true;
  await expect(mayRead()).rejects.toThrow("disk");
  isBroken = false;
  expect(await mayRead()).toBe(false);
});

test("an account keeps its keys over a rolled-back change, and its new keys while its port is written down", async () => {
  await seedAccounts(fixture);
  const { store, sealing } = fixture;
  let renewed = Promise.resolve();
  const slow: Store = {
    read: store.read,
    write: (work) => renewed.then(() => store.write(work)),
    grow: (work) => store.grow(work),
    isFull: false,
    hasRoomFor: () => true,
    close: async () => {},
  };
  const accounts = await HostedAccounts.read(slow, sealing);
  const { key } = accounts.first.handle;
  const sealed = (which: "primary" | "secondary") =>
    sealing.seal(Buffer.alloc(64, 2), accountKeyPurpose("farm", which));
  const renew = (c: Connection) =>
    accountKeysSet.run(c, {
      key,
      sealed_primary_key: sealed("primary"),
      sealed_secondary_key: sealed("secondary"),
    });
  await rolledBack((work) => store.write(work), renew);
  await accounts.refresh(key);
  expect(accounts.first.keys[0][0]).toBe(1);

  renewed = store.write(renew).then(() => accounts.refresh(key));
  await accounts.keepPort(key, 4711);
  expect(accounts.first).toMatchObject({ port: 4711 });
  expect(accounts.first.keys[0][0]).toBe(2);
  expect((await accountsAll.all(store.read, {}))[0]?.port).toBe(4711);
});

test("storage knows nothing of an account's end that was rolled back, nor of another store's accounts", async () => {
  await seedAccounts(fixture);
  const storage = await Storage.read(fixture.store, fixture.sealing);
  const elsewhere = await Storage.read(other.store, other.sealing);
  const [row] = await storageAccountsAll.all(fixture.store.read, {});
  await rolledBack(
    (work) => fixture.store.write(work),
    (c) => storageAccountDelete.run(c, { key: row?.key ?? 0 }),
  );
  await storage.reread();
  expect(storage.byName("farmfiles")?.name).toBe("farmfiles");
  expect(elsewhere.all).toEqual([]);
});

test("a signing key whose end was rolled back goes on, and what a key signed ends with the key", async () => {
  const clock = () => START;
  const keys = await openSigningKeys(fixture.store, fixture.sealing, clock);
  const strangers = await openSigningKeys(other.store, other.sealing, clock);
  const client = await fixture.directory.client(TENANT_ID, APP_ID);
  const audience = "https://batch.core.windows.net/";
  const resource = await fixture.directory.resource(TENANT_ID, audience);
  if (client === undefined || resource === undefined) throw new Error("the client is not there");
  const asked = { client, resource, audience, proof: "1", roles: [], request: TOKEN_REQUEST } as const;
  const { token } = await accessTokens(keys, clock).issueToApplication(asked);
  const verifier = accessTokenVerifier(keys, clock);
  const isTaken = () => verifier.verify(token, { audiences: [audience] }).ok;
  expect(isTaken()).toBe(true);
  expect(accessTokenVerifier(strangers, clock).verify(token, { audiences: [audience] }).ok).toBe(false);

  const [row] = await signingKeysAll.all(fixture.store.read, {});
  const end = (c: Connection) => signingKeyDelete.run(c, { kid: row?.kid ?? "" });
  await rolledBack((work) => fixture.store.write(work), end);
  await keys.roll();
  expect(isTaken()).toBe(true);
  await fixture.store.write(end);
  await keys.roll();
  expect(keys.published).toHaveLength(1);
  expect(isTaken()).toBe(false);
});
