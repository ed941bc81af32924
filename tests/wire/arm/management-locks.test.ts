/** Management locks: kept, listed, inherited, and obeyed by whoever asks. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { outcome } from "../arm-client.fixture.ts";
import {
  type Application,
  application,
  type Management,
  openManagement,
  ownership,
  tenant,
  tokenOf,
} from "../management.fixture.ts";
import { send } from "../raw-request.fixture.ts";

const HOME = "aaaaaaaa-0000-4000-8000-0000000000aa";
const SUBSCRIPTION = "bbbbbbbb-0000-4000-8000-0000000000bb";
const SUB = `/subscriptions/${SUBSCRIPTION}`;
const LAB = `${SUB}/resourceGroups/Lab`;
const identity = (name: string) =>
  `${LAB}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`;
const lockAt = (scope: string, name: string) => `${scope}/providers/Microsoft.Authorization/locks/${name}`;

const owner: Application = application(HOME);
let management: Management;
let token: string;

beforeAll(async () => {
  management = await openManagement(
    {
      tenants: [tenant(HOME, [owner])],
      subscriptions: [{ subscriptionId: SUBSCRIPTION, tenantId: HOME, displayName: "Lab" }],
      accounts: [
        { name: "kept", subscriptionId: SUBSCRIPTION, resourceGroup: "Lab", location: "westeurope" },
      ],
      roleAssignments: [ownership(owner)],
    },
    () => undefined,
  );
  token = await tokenOf(management, owner);
});
afterAll(() => management?.close());

const ask = (method: string, path: string, version: string, body?: object) =>
  send(management, {
    method,
    path: `${path}${path.includes("?") ? "&" : "?"}api-version=${version}`,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body && { body: JSON.stringify(body) }),
  });
const lock = (scope: string, name: string, level: string) =>
  ask("PUT", lockAt(scope, name), "2020-05-01", { properties: { level, notes: "stays" } });
const unlock = (scope: string, name: string) => ask("DELETE", lockAt(scope, name), "2016-09-01");
const put = (name: string) => ask("PUT", identity(name), "2023-01-31", { location: "westeurope" });
const remove = (name: string) => ask("DELETE", identity(name), "2023-01-31");

test("a lock is made, read in each api-version, listed from above and from below, and taken back", async () => {
  await put("one");
  expect((await lock(LAB, "keep", "CanNotDelete")).status).toBe(201);
  expect((await lock(LAB, "keep", "CanNotDelete")).status).toBe(200);
  for (const version of ["2015-01-01", "2016-09-01", "2017-04-01", "2020-05-01"])
    expect((await ask("GET", lockAt(LAB, "KEEP"), version)).json).toMatchObject({
      id: lockAt(LAB, "keep"),
      type: "Microsoft.Authorization/locks",
      properties: { level: "CanNotDelete", notes: "stays" },
    });
  const names = async (scope: string, query = "") =>
    (await ask("GET", `${lockAt(scope, "").slice(0, -1)}${query}`, "2020-05-01")).json.value.map(
      ({ name }: { name: string }) => name,
    );
  expect(await names(SUB)).toEqual(["keep"]);
  expect(await names(identity("one"))).toEqual([]);
  expect(await names(identity("one"), "?$filter=atScope()")).toEqual(["keep"]);
  expect((await unlock(LAB, "keep")).status).toBe(200);
  expect((await unlock(LAB, "keep")).status).toBe(204);
  expect(outcome(await ask("GET", lockAt(LAB, "keep"), "2020-05-01"))).toBe("404 LockNotFound");
});

test("a lock whose scope comes with its slashes encoded, as Python's library sends it, is the same lock", async () => {
  const encoded = `/${encodeURIComponent(LAB)}`;
  expect((await lock(encoded, "sent", "ReadOnly")).status).toBe(201);
  expect((await ask("GET", lockAt(LAB, "sent"), "2020-05-01")).json.id).toBe(lockAt(LAB, "sent"));
  expect(outcome(await put("while"))).toBe("409 ScopeLocked");
  expect((await unlock(encoded, "sent")).status).toBe(200);
  const elsewhere = `/subscriptions/${encodeURIComponent(`${SUBSCRIPTION}/resourceGroups/Lab`)}`;
  expect(outcome(await ask("GET", lockAt(elsewhere, "sent"), "2020-05-01"))).toBe("400 InvalidUri");
});

test("CanNotDelete holds deletions below it, and of what contains it, and nothing else", async () => {
  await put("two");
  await lock(identity("two"), "keep", "CanNotDelete");
  const refused = await remove("two");
  expect(outcome(refused)).toBe("409 ScopeLocked");
  expect(refused.json.error.message).toContain(identity("two"));
  expect((await put("two")).status).toBe(200);
  expect(outcome(await ask("DELETE", LAB, "2021-04-01"))).toBe("409 ScopeLocked");
  expect((await remove("one")).status).toBe(200);
  await unlock(identity("two"), "keep");
  expect((await remove("two")).status).toBe(200);
});

test("ReadOnly holds what changes, keys that are asked for, and no reading", async () => {
  await lock(LAB, "still", "ReadOnly");
  const account = `${LAB}/providers/Microsoft.Batch/batchAccounts/kept`;
  expect(outcome(await put("three"))).toBe("409 ScopeLocked");
  expect(outcome(await ask("PATCH", account, "2024-07-01", { tags: {} }))).toBe("409 ScopeLocked");
  expect(outcome(await ask("POST", `${account}/listKeys`, "2024-07-01"))).toBe("409 ScopeLocked");
  expect(outcome(await ask("DELETE", account, "2024-07-01"))).toBe("409 ScopeLocked");
  expect((await ask("GET", account, "2024-07-01")).status).toBe(200);
  // A lock can always be taken back by whoever may.
  expect((await unlock(LAB, "still")).status).toBe(200);
  expect((await put("three")).status).toBe(201);
});

test.each([
  [{ properties: { level: "Never" } }, "400 InvalidRequestContent"],
  [{ properties: {} }, "400 InvalidRequestContent"],
  [{ properties: { level: "ReadOnly", notes: "x".repeat(513) } }, "400 InvalidRequestContent"],
])("%j is no lock", async (body, code) => {
  expect(outcome(await ask("PUT", lockAt(LAB, "wrong"), "2020-05-01", body))).toBe(code);
});

test("a lock stands on something that is there", async () => {
  expect(
    outcome(await lock(`${LAB}/providers/Microsoft.Batch/batchAccounts/nothing`, "keep", "ReadOnly")),
  ).toBe("404 ResourceNotFound");
});
