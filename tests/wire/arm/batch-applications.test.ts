/** Applications and their packages: made by management, uploaded by the signed URL it gives, seen by the data plane once active. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { ArmClient, outcome } from "../arm-client.fixture.ts";
import { BatchClient } from "../batch-client.fixture.ts";
import {
  STORAGE_SUBSCRIPTION,
  storageAccountId,
  storageApplications,
  storageSeed,
} from "../blob/storage.fixture.ts";
import { sendTo } from "../raw-request.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";

const VERSION = "2024-07-01";
const ACCOUNTS = `/subscriptions/${STORAGE_SUBSCRIPTION}/resourceGroups/lab/providers/Microsoft.Batch/batchAccounts`;
const place = { subscriptionId: STORAGE_SUBSCRIPTION, resourceGroup: "lab", location: "westeurope" };
const seed = {
  ...storageSeed,
  accounts: [
    { ...place, name: "labbatch" },
    { ...place, name: "bare" },
  ],
  roleAssignments: [
    ...storageSeed.roleAssignments,
    { principal: storageApplications.reader.clientId, role: "Reader", scope: `${ACCOUNTS}/labbatch` },
  ],
};

let service: RunningService;
let arm: ArmClient;
let reader: ArmClient;
let batch: BatchClient;

beforeAll(async () => {
  service = await runningService({ seed });
  arm = await ArmClient.signIn(service, storageApplications.contributor);
  reader = await ArmClient.signIn(service, storageApplications.reader);
  batch = await BatchClient.connect(service);
  await giveStorage("labbatch");
}, 30_000);
afterAll(async () => {
  batch?.close();
  await service?.close();
});

async function giveStorage(account: string) {
  const body = { properties: { autoStorage: { storageAccountId } } };
  const given = await arm.send("PATCH", `${ACCOUNTS}/${account}`, { version: VERSION, body });
  expect(given.status).toBe(200);
}

const ask = (method: string, path: string, body?: object, { as = arm, account = "labbatch" } = {}) =>
  as.send(method, `${ACCOUNTS}/${account}/applications${path}`, { version: VERSION, body });

const blob = (url: string, method: string, body?: string) => {
  const { pathname, search } = new URL(url);
  return sendTo(new URL(url), service.ca, {
    method,
    path: `${pathname}${search}`,
    headers: { "x-ms-version": "2021-12-02", ...(body !== undefined && { "x-ms-blob-type": "BlockBlob" }) },
    ...(body !== undefined && { body }),
  });
};

const names = (reply: { json: { value: { name: string }[] } }) => reply.json.value.map(({ name }) => name);

test("an application is made, changed and listed; bad input changes nothing", async () => {
  const made = await ask("PUT", "/Blender", { properties: { displayName: "Renderer" } });
  expect(made.json).toMatchObject({
    id: `${ACCOUNTS}/labbatch/applications/Blender`,
    name: "Blender",
    properties: { displayName: "Renderer", allowUpdates: true },
  });
  expect(made.headers.etag).toBe(made.json.etag);
  for (const [method, path, properties] of [
    ["PUT", "/a%20b", {}],
    ["PUT", `/${"a".repeat(65)}`, {}],
    ["PATCH", "/blender", { allowUpdates: "yes" }],
    ["PATCH", "/blender", { displayName: 7 }],
    ["PATCH", "/blender", { defaultVersion: "1.0" }],
    ["PUT", "/other", { defaultVersion: "1.0" }],
  ] as const)
    expect(outcome(await ask(method, path, { properties })), path).toBe("400 InvalidRequestContent");
  expect((await ask("GET", "/BLENDER")).json).toEqual(made.json);
  expect(names(await ask("GET", ""))).toEqual(["Blender"]);
  expect((await ask("PUT", "/bare")).status).toBe(200);
  expect(outcome(await ask("PATCH", "/none", { properties: {} }))).toBe("404 ApplicationNotFound");
  expect(outcome(await ask("PUT", "/blender", {}, { as: reader }))).toBe("403 AuthorizationFailed");
  expect((await ask("DELETE", "/bare")).status).toBe(200);
  expect((await ask("DELETE", "/bare")).status).toBe(204);
});

test("a package is uploaded by its URL, activated, seen by the data plane, and deleted with its archive", async () => {
  expect(outcome(await ask("PUT", "/none/versions/1"))).toBe("404 ApplicationNotFound");
  expect(outcome(await ask("PUT", "/blender/versions/.1"))).toBe("400 InvalidRequestContent");
  const { json: made } = await ask("PUT", "/blender/versions/1.0");
  expect(made).toMatchObject({
    id: `${ACCOUNTS}/labbatch/applications/Blender/versions/1.0`,
    name: "1.0",
    properties: { state: "Pending" },
  });
  const { storageUrl, storageUrlExpiry } = made.properties;
  expect(new URL(storageUrl).pathname).toMatch(/\/labstorage\/app-blender-[0-9a-f]{40}\/Blender-1\.0-/);
  expect(Math.abs(Date.parse(storageUrlExpiry) - Date.now() - 4 * 3_600_000)).toBeLessThan(60_000);
  expect((await batch.send("GET", "/applications")).json.value).toEqual([]);
  expect((await batch.send("GET", "/applications/blender")).status).toBe(404);

  const activate = (format: string) => ask("POST", "/blender/versions/1.0/activate", { format });
  expect(outcome(await activate("zip"))).toBe("409 ApplicationPackageBlobNotFound");
  expect((await blob(storageUrl, "PUT", "an archive")).status).toBe(201);
  expect(outcome(await activate("tar"))).toBe("400 InvalidRequestContent");
  const { json: active } = await activate("zip");
  expect(active.properties).toMatchObject({ state: "Active", format: "zip" });
  expect(Date.parse(active.properties.lastActivationTime)).toBeGreaterThan(0);
  expect(names(await ask("GET", "/blender/versions"))).toEqual(["1.0"]);

  const got = await ask("GET", "/blender/versions/1.0", undefined, { as: reader });
  const { storageUrl: readUrl } = got.json.properties;
  expect((await blob(readUrl, "GET")).text).toBe("an archive");
  expect((await blob(readUrl, "PUT", "another")).status).toBe(403);

  const summary = { id: "Blender", displayName: "Renderer", versions: ["1.0"] };
  expect((await batch.send("GET", "/applications")).json.value).toEqual([summary]);
  expect((await batch.send("GET", "/applications/blender")).json).toMatchObject(summary);

  await ask("PATCH", "/blender", { properties: { allowUpdates: false, defaultVersion: "1.0" } });
  expect((await ask("GET", "/blender")).json.properties).toEqual({
    displayName: "Renderer",
    allowUpdates: false,
    defaultVersion: "1.0",
  });
  expect(outcome(await ask("PUT", "/blender/versions/1.0"))).toBe("409 ApplicationPackageExists");
  expect(outcome(await ask("DELETE", "/blender"))).toBe("409 ApplicationPackagesNotEmpty");

  expect((await ask("PUT", "/blender/versions/2")).status).toBe(200);
  expect((await ask("DELETE", "/blender/versions/1.0")).status).toBe(200);
  expect((await ask("DELETE", "/blender/versions/1.0")).status).toBe(204);
  expect(outcome(await ask("GET", "/blender/versions/1.0"))).toBe("404 ApplicationPackageNotFound");
  expect((await blob(readUrl, "GET")).status).toBe(404);
  expect((await ask("GET", "/blender")).json.properties.defaultVersion).toBeUndefined();
}, 30_000);

test("a new archive of the same version waits again, where the application allows it", async () => {
  await ask("PUT", "/tool", { properties: {} });
  const { json: first } = await ask("PUT", "/tool/versions/1");
  await blob(first.properties.storageUrl, "PUT", "old");
  await ask("POST", "/tool/versions/1/activate", { format: "zip" });
  const { json: second } = await ask("PUT", "/TOOL/versions/1");
  expect(second.properties.state).toBe("Pending");
  expect(second.etag).not.toBe(first.etag);
  expect(outcome(await ask("POST", "/tool/versions/1/activate", { format: "zip" }))).toBe(
    "409 ApplicationPackageBlobNotFound",
  );
  expect((await blob(first.properties.storageUrl, "GET")).status).toBe(404);
  expect(names(await ask("GET", "/tool/versions"))).toEqual(["1"]);
}, 30_000);

test("an account without auto-storage has applications, but no packages", async () => {
  const bare = { account: "bare" };
  expect((await ask("PUT", "/blender", {}, bare)).status).toBe(200);
  expect(outcome(await ask("PUT", "/blender/versions/1", undefined, bare))).toBe(
    "409 AutoStorageAccountNotConfigured",
  );
  expect(names(await ask("GET", "/blender/versions", undefined, bare))).toEqual([]);
  await giveStorage("bare");
  expect((await ask("PUT", "/blender/versions/1", undefined, bare)).status).toBe(200);
});

test("every api-version of management describes the replies; an account takes its applications along", async () => {
  for (const version of ["2021-01-01", "2022-10-01", "2023-11-01", "2024-07-01"])
    for (const path of ["", "/blender", "/blender/versions", "/blender/versions/1"]) {
      const url = `${ACCOUNTS}/bare/applications${path}`;
      expect((await arm.send("GET", url, { version })).status, `${version} ${path}`).toBe(200);
    }
  expect((await arm.send("DELETE", `${ACCOUNTS}/bare`, { version: VERSION })).status).toBeLessThan(300);
  expect(outcome(await ask("GET", "/blender", undefined, { account: "bare" }))).toBe("404 ResourceNotFound");
});

test("the quotas of Azure hold", async () => {
  const results: (number | string)[] = [];
  for (let number = 1; number <= 41; number++)
    results.push(outcome(await ask("PUT", `/tool/versions/q${number}`)));
  // It has one already.
  expect(results.slice(0, 39)).toEqual(Array(39).fill(200));
  expect(results.slice(39)).toEqual(Array(2).fill("409 ApplicationPackageQuotaExceeded"));
}, 30_000);
