import { afterEach, beforeEach, expect, test } from "vitest";
import { applicationSecrets } from "../../store/applications.ts";
import { userByPrincipalName } from "../../store/users.ts";
import { checkSecret, secretAdd, secretRemove } from "./client-secret.ts";
import {
  APP_ID,
  type DirectoryFixture,
  openDirectoryFixture,
  SEED,
  SERVICE_PRINCIPAL_ID,
  START,
  TENANT_ID,
} from "./directory.fixture.ts";
import type { Client } from "./directory.ts";
import { seedDirectory } from "./seed.ts";

let fixture: DirectoryFixture;
beforeEach(async () => {
  fixture = await openDirectoryFixture();
});
afterEach(() => fixture.close());

async function client(appId = APP_ID): Promise<Client> {
  const found = await fixture.directory.client(TENANT_ID, appId);
  if (found === undefined) throw new Error("the client is not there");
  return found;
}

test.each([
  TENANT_ID,
  TENANT_ID.toUpperCase(),
  "contoso.example",
  "CONTOSO.test",
  "adfs",
  "common",
  "Organizations",
])("%s leads to the tenant", async (name) => {
  expect((await fixture.directory.tenant(name))?.id).toBe(TENANT_ID);
});

test("an unknown tenant, and an application where it has no service principal, are not there", async () => {
  expect(await fixture.directory.tenant("nobody.example")).toBeUndefined();
  expect(await fixture.directory.tenant("")).toBeUndefined();
  expect(await fixture.directory.client("99999999-9999-4999-8999-999999999999", APP_ID)).toBeUndefined();
  expect(await fixture.directory.client(TENANT_ID, `${APP_ID}/x`)).toBeUndefined();
});

test("a client is known by its id in any case, as its service principal", async () => {
  const expected = { appId: APP_ID, objectId: SERVICE_PRINCIPAL_ID, displayName: "Nightly", enabled: true };
  expect(await client()).toMatchObject(expected);
  expect(await client(APP_ID.toUpperCase())).toMatchObject(expected);
});

test("a secret is right, wrong or expired, and only its digest is stored", async () => {
  const end = START + 1000;
  const second = { keyId: "k2", secret: "second-secret", displayName: null, startAt: START, endAt: end };
  await secretAdd(fixture.directory, APP_ID, second);
  expect(checkSecret(await client(), "first-secret", START)).toBe("ok");
  expect(checkSecret(await client(), "second-secret", end - 1)).toBe("ok");
  expect(checkSecret(await client(), "second-secret", end)).toBe("expired");
  expect(checkSecret(await client(), "first-secret", START - 1)).toBe("expired");
  for (const wrong of ["", "first-secre", "first-secret ", "FIRST-SECRET"]) {
    expect(checkSecret(await client(), wrong, START)).toBe("wrong");
  }
  const stored = await applicationSecrets.all(fixture.store.read, { app_id: APP_ID });
  expect(JSON.stringify(stored)).not.toMatch(/(first|second)-secret/);
});

test("removing a secret takes effect at once, although the client is remembered", async () => {
  expect(checkSecret(await client(), "first-secret", START)).toBe("ok");
  expect(await secretRemove(fixture.directory, APP_ID, "k1")).toBe(true);
  expect(checkSecret(await client(), "first-secret", START)).toBe("wrong");
  expect(await secretRemove(fixture.directory, APP_ID, "k1")).toBe(false);
});

test("what was read before a change is not remembered after it", async () => {
  const reading = fixture.directory.client(TENANT_ID, APP_ID);
  const removal = secretRemove(fixture.directory, APP_ID, "k1");
  await Promise.all([reading, removal]);
  expect((await client()).secrets).toEqual([]);
});

test("seeding the same again adds nothing, and a new tenant does not become the default one", async () => {
  const user = {
    objectId: "u1",
    userPrincipalName: "Ann@Contoso.example",
    displayName: "Ann",
    password: "p",
  };
  await seedDirectory(fixture.directory, { ...SEED, users: [user] }, START);
  await seedDirectory(fixture.directory, { ...SEED, users: [{ ...user, password: "other" }] }, START + 5);
  expect((await client()).secrets).toHaveLength(1);
  const stored = await userByPrincipalName.first(fixture.store.read, {
    user_principal_name: "ann@contoso.example",
  });
  expect(stored).toMatchObject({ object_id: "u1", tenant_id: TENANT_ID, enabled: 1 });
  const other = { tenantId: "55555555-5555-4555-8555-555555555555", displayName: "B" };
  await seedDirectory(fixture.directory, { ...other, domains: ["b.example"] }, START);
  expect((await fixture.directory.tenant("adfs"))?.id).toBe(TENANT_ID);
  expect((await fixture.directory.tenant("b.example"))?.id).toBe(other.tenantId);
});
