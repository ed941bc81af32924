/** What stands below a storage account in people's templates: its services, containers, signatures, and the lists of what it has none of. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { ArmClient, doorOf, outcome } from "../arm-client.fixture.ts";
import { applications, contosoSeed, SUBSCRIPTION } from "../contoso.fixture.ts";
import { send } from "../raw-request.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";

const SUB = `/subscriptions/${SUBSCRIPTION}`;
const STORE = `${SUB}/resourceGroups/lab/providers/Microsoft.Storage/storageAccounts/childrenstore`;
const BLOBS = `${STORE}/blobServices/default`;
const version = "2023-05-01";

let service: RunningService;
let arm: ArmClient;
let reader: ArmClient;
beforeAll(async () => {
  service = await runningService({ seed: contosoSeed });
  arm = await ArmClient.signIn(service, applications.contributor);
  reader = await ArmClient.signIn(service, applications.reader);
  const body = { location: "westeurope", sku: { name: "Standard_LRS" }, kind: "StorageV2" };
  await arm.send("PUT", STORE, { version, body });
});
afterAll(() => service?.close());

const get = (path: string) => arm.send("GET", path, { version });
const put = (path: string, properties: object) => arm.send("PUT", path, { version, body: { properties } });

test("containers are made, described, listed by pages and deleted, and are those of the Blob service", async () => {
  expect((await get(`${BLOBS}/containers`)).json).toEqual({ value: [] });
  const box = `${BLOBS}/containers/box`;
  const made = await put(box, { metadata: { Owner: "lab" } });
  expect(made.status, made.text).toBe(201);
  expect(made.json).toMatchObject({
    id: box,
    name: "box",
    type: "Microsoft.Storage/storageAccounts/blobServices/containers",
    properties: { publicAccess: "None", leaseState: "Available", leaseStatus: "Unlocked", deleted: false },
  });
  expect((await put(box, {})).status).toBe(200);
  expect(Object.values((await get(box)).json.properties.metadata)).toEqual(["lab"]);
  const patched = await arm.send("PATCH", box, { version, body: { properties: { metadata: { b: "2" } } } });
  expect(patched.json.properties.metadata).toEqual({ b: "2" });
  await put(`${BLOBS}/containers/second`, {});
  const first = await arm.send("GET", `${BLOBS}/containers?$maxpagesize=1`, { version });
  expect(first.json.value.map(({ name }: { name: string }) => name)).toEqual(["box"]);
  expect((await arm.follow(first.json.nextLink)).json.value).toMatchObject([{ name: "second" }]);
  for (const status of [200, 204]) expect((await arm.send("DELETE", box, { version })).status).toBe(status);
  expect(outcome(await get(box))).toBe("404 ContainerNotFound");
});

test("a container that cannot be is refused by the property's name, and not made", async () => {
  const box = `${BLOBS}/containers/refused`;
  for (const properties of [
    { publicAccess: "Blob" },
    { defaultEncryptionScope: "own" },
    { metadata: { "a b": "x" } },
    { metadata: { a: "ü" } },
    { immutableStorageWithVersioning: { enabled: true } },
  ]) {
    const reply = await put(box, properties);
    expect(outcome(reply)).toBe("400 InvalidRequestContent");
    expect(reply.text).toContain(`properties.${Object.keys(properties)[0]}`);
  }
  expect(outcome(await put(`${BLOBS}/containers/A`, {}))).toBe("400 ContainerNameInvalid");
  expect(outcome(await get(box))).toBe("404 ContainerNotFound");
});

test("who may read sees containers and makes none", async () => {
  expect((await reader.send("GET", `${BLOBS}/containers`, { version })).status).toBe(200);
  const refused = await reader.send("PUT", `${BLOBS}/containers/mine`, { version, body: {} });
  expect(outcome(refused)).toBe("403 AuthorizationFailed");
});

test("the Blob service's rules for scripts are set by management, and what is not built is refused", async () => {
  const rule = {
    allowedOrigins: ["https://a.example"],
    allowedMethods: ["GET", "PUT"],
    allowedHeaders: ["x-ms-*"],
    exposedHeaders: ["x-ms-meta"],
    maxAgeInSeconds: 60,
  };
  expect((await get(BLOBS)).json.properties.deleteRetentionPolicy.enabled).toBe(false);
  const set = await put(BLOBS, { cors: { corsRules: [rule] }, defaultServiceVersion: "2020-06-12" });
  expect(set.status, set.text).toBe(200);
  expect((await get(BLOBS)).json).toMatchObject({
    name: "default",
    sku: { name: "Standard_LRS", tier: "Standard" },
    properties: { cors: { corsRules: [rule] }, defaultServiceVersion: "2020-06-12" },
  });
  expect((await get(`${STORE}/blobServices`)).json.value).toHaveLength(1);
  const refused = await put(BLOBS, { deleteRetentionPolicy: { enabled: true, days: 7 } });
  expect(refused.text).toContain("properties.deleteRetentionPolicy.enabled");
  await put(BLOBS, { cors: { corsRules: [] } });
  expect((await get(BLOBS)).json.properties.cors.corsRules).toEqual([]);
});

test.each(["fileServices", "queueServices", "tableServices"])(
  "%s are those of a new account",
  async (type) => {
    const at = `${STORE}/${type}/default`;
    expect((await get(at)).json).toMatchObject({ id: at, properties: { cors: { corsRules: [] } } });
    expect((await put(at, { cors: { corsRules: [] } })).status).toBe(200);
    expect(outcome(await put(at, { cors: { corsRules: [{ allowedOrigins: ["*"] }] } }))).toBe(
      "400 InvalidRequestContent",
    );
  },
);

test.each([
  ...["fileServices/default/shares", "queueServices/default/queues", "tableServices/default/tables"],
  ...["objectReplicationPolicies", "encryptionScopes", "localUsers", "inventoryPolicies"],
  ...["privateEndpointConnections", "networkSecurityPerimeterConfigurations"],
])("of %s it has none, and makes none", async (type) => {
  expect((await get(`${STORE}/${type}`)).json).toEqual({ value: [] });
  expect(outcome(await put(`${STORE}/${type}/one`, {}))).toBe("501 NotImplemented");
});

test("what is signed by management lets whoever has it in, as far as it reaches", async () => {
  await put(`${BLOBS}/containers/signed`, {});
  const common = { signedExpiry: "2037-01-01T00:00:00Z", signedPermission: "rwl" };
  const ofAccount = await arm.send("POST", `${STORE}/listAccountSas`, {
    version,
    body: { ...common, signedServices: "b", signedResourceTypes: "sco" },
  });
  const ofContainer = await arm.send("POST", `${STORE}/listServiceSas`, {
    version,
    body: {
      ...common,
      canonicalizedResource: "/blob/childrenstore/signed",
      signedResource: "c",
      keyToSign: "key2",
    },
  });
  const ask = (path: string, sas: string) =>
    send(doorOf(service), { path: `${path}&${sas}`, host: "childrenstore.blob.core.windows.net" });
  const { accountSasToken } = ofAccount.json;
  const { serviceSasToken } = ofContainer.json;
  expect((await ask("/?comp=list", accountSasToken)).status).toBe(200);
  expect((await ask("/signed?restype=container&comp=list", serviceSasToken)).status).toBe(200);
  expect((await ask("/?comp=list", serviceSasToken)).status).toBe(403);
  const refused = await reader.send("POST", `${STORE}/listAccountSas`, { version, body: common });
  expect(outcome(refused)).toBe("403 AuthorizationFailed");
});

test("a subscription's storage accounts are counted against Azure's limit", async () => {
  const usages = await get(`${SUB}/providers/Microsoft.Storage/locations/westeurope/usages`);
  expect(usages.json.value).toMatchObject([
    { currentValue: 1, limit: 250, name: { value: "StorageAccounts" } },
  ]);
});
