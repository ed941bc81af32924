/**
 * What Batch Explorer asks Resource Manager for before its first screen and on it, in its order and in its api-versions, raw: the program itself
 * needs a desktop. Its data plane is tried by other tests; metrics and costs are not served.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ArmClient } from "../arm-client.fixture.ts";
import { applications, contosoSeed, LOCATION, SUBSCRIPTION } from "../contoso.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";

const SUB = `/subscriptions/${SUBSCRIPTION}`;
const LAB = `${SUB}/resourceGroups/lab`;
const ACCOUNT = `${LAB}/providers/Microsoft.Batch/batchAccounts/first`;
const STORAGE = `${LAB}/providers/Microsoft.Storage/storageAccounts/explored`;
const AT = `${SUB}/providers/Microsoft.Batch/locations/${LOCATION}`;

let service: RunningService;
let arm: ArmClient;

beforeAll(async () => {
  service = await runningService({ seed: contosoSeed });
  arm = await ArmClient.signIn(service, applications.contributor);
  const body = { location: LOCATION, sku: { name: "Standard_LRS" }, kind: "StorageV2" };
  await arm.send("PUT", STORAGE, { version: "2023-05-01", body });
});
afterAll(() => service?.close());

const ask = async (method: string, path: string, version: string, body?: object) => {
  const reply = await arm.send(method, path, {
    version,
    host: "management.azure.com",
    ...(body && { body }),
  });
  expect(reply.status, `${method} ${path} ${version}: ${reply.text.slice(0, 300)}`).toBeLessThan(300);
  return reply.json;
};
const get = (path: string, version: string) => ask("GET", path, version);
const filtered = (text: string) => `$filter=${encodeURIComponent(text)}`;

describe("the first screen", () => {
  test("tenants, with where they are, and their subscriptions", async () => {
    const [own] = (await get("/tenants", "2020-01-01")).value;
    expect(own).toMatchObject({ country: expect.any(String), countryCode: expect.any(String) });
    const { value } = await get("/subscriptions", "2020-01-01");
    expect(value.map(({ subscriptionId }: { subscriptionId: string }) => subscriptionId)).toEqual([
      SUBSCRIPTION,
    ]);
  });

  test("locations, and what Batch is in them", async () => {
    const { value } = await get(`${SUB}/locations`, "2020-01-01");
    expect(value).toContainEqual(expect.objectContaining({ name: "eastus2", displayName: "East US 2" }));
    const provider = await get(`${SUB}/providers/Microsoft.Batch`, "2019-08-01");
    expect(provider).toMatchObject({ registrationState: "Registered" });
    await get(`${SUB}/providers/Microsoft.Batch`, "2020-01-01");
  });

  test("accounts as resources, and groups", async () => {
    const batch = await get(
      `${SUB}/resources?${filtered("resourceType eq 'Microsoft.Batch/batchAccounts'")}`,
      "2020-01-01",
    );
    expect(batch.value.map(({ name }: { name: string }) => name)).toEqual(["first", "second"]);
    const storage = await get(
      `${SUB}/resources?${filtered("resourceType eq 'Microsoft.Storage/storageAccounts' or resourceType eq 'Microsoft.ClassicStorage/storageAccounts'")}`,
      "2020-01-01",
    );
    expect(storage.value[0]).toMatchObject({ kind: "StorageV2", sku: { name: "Standard_LRS" } });
    expect((await get(`${SUB}/resourcegroups`, "2020-01-01")).value).toHaveLength(1);
  });
});

describe("an account", () => {
  test("itself, its keys, and the cores that are used", async () => {
    expect((await get(ACCOUNT, "2019-08-01")).properties).not.toHaveProperty("encryption");
    const keys = await ask("POST", `${ACCOUNT}/listKeys`, "2019-08-01");
    expect(keys).toMatchObject({ primary: expect.any(String), secondary: expect.any(String) });
    const usages = await get(`${SUB}/providers/Microsoft.Compute/locations/${LOCATION}/usages`, "2019-03-01");
    expect(usages.value[0].name.value).toBe("cores");
    expect(await get(`${AT}/quotas`, "2019-08-01")).toEqual({ accountQuota: expect.any(Number) });
  });

  test("whether a name is free", async () => {
    const body = { name: "explorer", type: "Microsoft.Batch/batchAccounts" };
    expect(await ask("POST", `${AT}/checkNameAvailability`, "2019-08-01", body)).toEqual({
      nameAvailable: true,
    });
  });

  test("sizes to choose from", async () => {
    expect((await get(`${AT}/virtualMachineSkus`, "2021-06-01")).value.length).toBeGreaterThan(20);
    expect(await get(`${AT}/cloudServiceSkus`, "2021-06-01")).toHaveProperty("value");
  });

  test("its applications and their packages", async () => {
    const app = `${ACCOUNT}/applications/tool`;
    await ask("PUT", app, "2019-08-01", { properties: { allowUpdates: true, displayName: "" } });
    expect((await get(app, "2019-08-01")).properties).toMatchObject({ allowUpdates: true });
    expect((await get(`${ACCOUNT}/applications`, "2019-08-01")).value).toHaveLength(1);
    await ask("PATCH", app, "2019-08-01", { properties: { defaultVersion: "" } });
    expect((await get(`${app}/versions`, "2019-08-01")).value).toEqual([]);
    await ask("DELETE", app, "2019-08-01");
  });

  test("the storage account that it goes with, and its keys", async () => {
    await ask("PATCH", ACCOUNT, "2019-08-01", { properties: { autoStorage: { storageAccountId: STORAGE } } });
    expect((await get(STORAGE, "2016-12-01")).name).toBe("explored");
    expect((await ask("POST", `${STORAGE}/listKeys`, "2016-12-01")).keys).toHaveLength(2);
  });

  test("who may do what with it", async () => {
    const at = `${ACCOUNT}/providers/Microsoft.Authorization`;
    const id = "00000000-0000-4000-8000-000000000001";
    expect(await get(`${at}/roleAssignments?${filtered(`principalId eq '${id}'`)}`, "2017-05-01")).toEqual({
      value: [],
    });
    const roles = await get(`${at}/roleDefinitions?${filtered("roleName eq 'Contributor'")}`, "2017-05-01");
    expect(roles.value).toHaveLength(1);
    expect((await get(`${at}/permissions`, "2015-07-01")).value[0].actions).toContain("*");
  });
});

test("an account of 2017 has its applications without an envelope", async () => {
  const app = `${ACCOUNT}/applications/flat`;
  const made = await arm.send("PUT", app, { version: "2017-09-01", body: { displayName: "Flat" } });
  expect([made.status, made.json]).toEqual([
    201,
    { id: "flat", packages: [], displayName: "Flat", allowUpdates: true },
  ]);
  const changed = await arm.send("PATCH", app, { version: "2017-01-01", body: { allowUpdates: false } });
  expect(changed.status).toBe(204);
  expect((await get(app, "2015-12-01")).allowUpdates).toBe(false);
});

test("pools and applications keep their tags, since they have them", async () => {
  const app = `${ACCOUNT}/applications/tagged`;
  await ask("PUT", app, "2024-07-01", { tags: { team: "a" } });
  expect((await get(app, "2024-07-01")).tags).toEqual({ team: "a" });
  expect(await get(app, "2023-11-01")).not.toHaveProperty("tags");
  const pool = `${ACCOUNT}/pools/tagged`;
  const properties = {
    vmSize: "STANDARD_D2S_V3",
    deploymentConfiguration: {
      virtualMachineConfiguration: {
        imageReference: { publisher: "canonical", offer: "ubuntu-24_04-lts", sku: "server" },
        nodeAgentSkuId: "batch.node.ubuntu 24.04",
      },
    },
  };
  await ask("PUT", pool, "2024-07-01", { properties, tags: { team: "b" } });
  expect((await get(pool, "2025-06-01")).tags).toEqual({ team: "b" });
  await ask("PATCH", pool, "2024-07-01", { tags: {} });
  expect(await get(pool, "2024-07-01")).not.toHaveProperty("tags");
});
