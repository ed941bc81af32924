/** Batch accounts created, changed, keyed and deleted over HTTP, and what that does to their data plane at once. */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ArmClient, outcome } from "../arm-client.fixture.ts";
import { jobBody, poolBody, taskBody } from "../batch-bodies.fixture.ts";
import { BatchClient } from "../batch-client.fixture.ts";
import { applications, contosoSeed, LOCATION, SUBSCRIPTION } from "../contoso.fixture.ts";
import { eventually } from "../eventually.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";
import { signedGet } from "./signed-request.fixture.ts";

const NEWEST = "2024-07-01";
const VERSIONS = ["2021-01-01", "2022-10-01", "2023-11-01", NEWEST];
const LAB = `/subscriptions/${SUBSCRIPTION}/resourceGroups/lab`;
const accountPath = (name: string) => `${LAB}/providers/Microsoft.Batch/batchAccounts/${name}`;
const STORAGE = `${LAB}/providers/Microsoft.Storage/storageAccounts/store`;

let service: RunningService;
let arm: ArmClient;
let reader: ArmClient;
let owner: ArmClient;
let batch: BatchClient;

beforeAll(async () => {
  const at = { subscriptionId: SUBSCRIPTION, resourceGroup: "lab", location: LOCATION };
  service = await runningService({ seed: { ...contosoSeed, storageAccounts: [{ ...at, name: "store" }] } });
  arm = await ArmClient.signIn(service, applications.contributor);
  owner = await ArmClient.signIn(service, applications.owner);
  reader = await ArmClient.signIn(service, applications.reader);
  batch = await BatchClient.connect(service);
});
afterAll(async () => {
  batch?.close();
  await service?.close();
});

const put = (name: string, body: object = {}, version = NEWEST) =>
  arm.settle("PUT", accountPath(name), { version, body: { location: LOCATION, ...body } });
const get = (name: string, version = NEWEST) => arm.send("GET", accountPath(name), { version });
const patch = (name: string, body: object) => arm.send("PATCH", accountPath(name), { version: NEWEST, body });
const remove = (name: string) => arm.send("DELETE", accountPath(name), { version: NEWEST });
const keysOf = async (name: string) =>
  (await arm.send("POST", `${accountPath(name)}/listKeys`, { version: NEWEST })).json;

const portOf = ({ json }: { json: { properties: { accountEndpoint: string } } }) =>
  Number(json.properties.accountEndpoint.split(":")[1]);
const jobs = "/jobs?api-version=2024-07-01.20.0";
const jobsStatus = async (port: number, account: string, key: string) =>
  (await signedGet({ port, ca: service.ca }, { account, key }, jobs)).status;

test("a new account is answered with 202 and where its end is told; described anew, with 200", async () => {
  const body = { location: LOCATION };
  const at = accountPath("later");
  const made = await arm.send("PUT", at, { version: NEWEST, body });
  expect([made.status, made.text]).toEqual([202, ""]);
  const location = String(made.headers.location);
  expect(location).toMatch(/\/batchAccounts\/later\/operationResults\/[^/?]+\?api-version=2024-07-01$/);
  expect(made.headers["retry-after"]).toBe("1");
  expect((await arm.follow(location)).json).toMatchObject({ id: at, name: "later" });
  // Nobody else is told.
  expect(outcome(await owner.follow(location))).toBe("404 NotFound");
  expect((await arm.send("PUT", at, { version: NEWEST, body })).status).toBe(200);
  await remove("later");
});

test("an account has an identity of its own for as long as it is wanted, and no longer than itself", async () => {
  const made = await put("owner", { identity: { type: "SystemAssigned" } });
  const { identity } = made.json;
  expect(identity).toEqual({
    type: "SystemAssigned",
    principalId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    tenantId: service.ready.tenantId,
  });
  const assign = (principalId: string, id: string) =>
    owner.send("PUT", `${accountPath("first")}/providers/Microsoft.Authorization/roleAssignments/${id}`, {
      version: "2022-04-01",
      body: {
        properties: {
          roleDefinitionId: `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7`,
          principalId,
        },
      },
    });
  expect((await assign(identity.principalId, randomUUID())).status).toBe(201);
  expect((await put("owner", { identity: { type: "SystemAssigned" } })).json.identity).toEqual(identity);
  expect((await patch("owner", { tags: { a: "b" } })).json.identity).toEqual(identity);
  expect((await patch("owner", { identity: { type: "None" } })).json.identity).toEqual({ type: "None" });
  expect(outcome(await assign(identity.principalId, randomUUID()))).toBe("400 PrincipalNotFound");
  const again = (await patch("owner", { identity: { type: "SystemAssigned" } })).json.identity;
  expect(again.principalId).not.toBe(identity.principalId);
  await remove("owner");
  await eventually("the account has gone", async () => (await get("owner")).status === 404);
  expect(outcome(await assign(again.principalId, randomUUID()))).toBe("400 PrincipalNotFound");
});

describe("a new account", () => {
  test("is there at once, on a port of its own, with Azure's defaults", async () => {
    const created = await put("fresh", { tags: { team: "render" } });
    expect(created.status).toBe(200);
    expect(created.json).toMatchObject({
      id: accountPath("fresh"),
      name: "fresh",
      type: "Microsoft.Batch/batchAccounts",
      location: LOCATION,
      tags: { team: "render" },
      identity: { type: "None" },
      properties: {
        accountEndpoint: expect.stringMatching(/^localhost:\d+$/),
        provisioningState: "Succeeded",
        poolAllocationMode: "BatchService",
        publicNetworkAccess: "Enabled",
        encryption: { keySource: "Microsoft.Batch" },
        allowedAuthenticationModes: ["SharedKey", "AAD", "TaskAuthenticationToken"],
        privateEndpointConnections: [],
      },
    });
    const { primary, secondary } = await keysOf("fresh");
    for (const key of [primary, secondary]) {
      expect(await jobsStatus(portOf(created), "fresh", key)).toBe(200);
    }
    expect(await jobsStatus(portOf(created), "fresh", service.ready.accountKey)).toBe(403);
    expect((await get("fresh")).json).toEqual(created.json);
  });

  test.each(VERSIONS)("looks as api-version %s describes it", async (version) => {
    const name = `v${version.replaceAll("-", "")}`;
    const properties = { autoStorage: { storageAccountId: STORAGE } };
    const created = await put(name, { properties }, version);
    expect(created.json.properties.autoStorage).toMatchObject({ storageAccountId: STORAGE });
    expect((await get(name, version)).json).toEqual(created.json);
    expect((await remove(name)).status).toBe(202);
  });

  test("answers nobody whom its network rules leave out, by key as by any other way", async () => {
    const created = await put("closed", {});
    const { primary } = await keysOf("closed");
    const answers = () => jobsStatus(portOf(created), "closed", primary);
    expect(await answers()).toBe(200);
    const change = (properties: object) => patch("closed", { properties });
    await change({ publicNetworkAccess: "Disabled" });
    expect(await answers()).toBe(403);
    const rules = (...values: string[]) => ({
      publicNetworkAccess: "Enabled",
      networkProfile: {
        accountAccess: {
          defaultAction: "Deny",
          ipRules: values.map((value) => ({ action: "Allow", value })),
        },
      },
    });
    await change(rules("10.1.0.0/16"));
    expect(await answers()).toBe(403);
    await change(rules("10.1.0.0/16", "127.0.0.0/8"));
    expect(await answers()).toBe(200);
    expect((await remove("closed")).status).toBe(202);
  });

  test("is described anew by another PUT, but not moved", async () => {
    await put("twice", { tags: { a: "1" } });
    const again = await put("twice", { tags: { b: "2" } });
    expect(again.json.tags).toEqual({ b: "2" });
    expect(outcome(await put("twice", { location: "northeurope" }))).toBe("409 InvalidResourceLocation");
    const properties = {
      poolAllocationMode: "UserSubscription",
      keyVaultReference: {
        id: `${LAB}/providers/Microsoft.KeyVault/vaults/v`,
        url: "https://v.vault.azure.net/",
      },
    };
    expect(outcome(await put("twice", { properties }))).toBe("409 PropertyChangeNotAllowed");
    expect((await get("twice")).json).toEqual(again.json);
  });

  test("needs a name that no other group of the installation uses", async () => {
    const elsewhere = `/subscriptions/${SUBSCRIPTION}/resourceGroups/other`;
    await arm.send("PUT", elsewhere, { version: "2021-04-01", body: { location: LOCATION } });
    const path = `${elsewhere}/providers/Microsoft.Batch/batchAccounts/first`;
    const taken = await arm.send("PUT", path, { version: NEWEST, body: { location: LOCATION } });
    expect(outcome(taken)).toBe("409 AccountAlreadyExists");
  });

  test("is refused by the property that is wrong, and nothing is made", async () => {
    const properties = (value: object) => ({ properties: value });
    const wrong: readonly (readonly [body: object, code: string, named: RegExp])[] = [
      [{ location: "" }, "LocationRequired", /location/],
      [{ location: 7 }, "InvalidRequestContent", /'location'/],
      [{ location: "../x" }, "LocationNotAvailableForResourceType", /not available/],
      [{ tags: ["a"] }, "InvalidRequestContent", /'tags'/],
      [{ tags: { a: 1 } }, "InvalidRequestContent", /'tags\.a'/],
      [{ tags: { "a?": "" } }, "InvalidTagNameCharacters", /a\?/],
      [{ tags: { a: "", A: "" } }, "DuplicateTagName", /'A'/],
      [{ tags: { a: "x".repeat(257) } }, "InvalidTagValue", /'a'/],
      [{ tags: Object.fromEntries([...Array(51).keys()].map((n) => [n, ""])) }, "TooManyTags", /51/],
      [properties({ poolAllocationMode: "Mine" }), "InvalidRequestContent", /poolAllocationMode/],
      [properties({ poolAllocationMode: "UserSubscription" }), "InvalidRequestBody", /RequestId/],
      [
        properties({ allowedAuthenticationModes: "AAD" }),
        "InvalidRequestContent",
        /allowedAuthenticationModes/,
      ],
      [properties({ allowedAuthenticationModes: ["Key"] }), "InvalidRequestContent", /SharedKey, AAD/],
      [properties({ publicNetworkAccess: true }), "InvalidRequestContent", /publicNetworkAccess/],
      [properties({ autoStorage: {} }), "InvalidRequestContent", /storageAccountId/],
      [
        properties({ autoStorage: { storageAccountId: "/x" } }),
        "LinkedInvalidPropertyId",
        /storageAccountId/,
      ],
      [
        properties({ autoStorage: { storageAccountId: `${STORAGE}2` } }),
        "AutoStorageAccountNotFound",
        /store2/,
      ],
      [
        properties({ encryption: { keySource: "Microsoft.KeyVault" } }),
        "InvalidRequestContent",
        /keyIdentifier/,
      ],
      [
        properties({
          networkProfile: {
            accountAccess: { defaultAction: "Deny", ipRules: [{ action: "Allow", value: "x" }] },
          },
        }),
        "InvalidRequestContent",
        /ipRules\[0\]\.value/,
      ],
    ];
    for (const [body, code, named] of wrong) {
      const reply = await put("wrong", body);
      expect(outcome(reply), JSON.stringify(body)).toMatch(new RegExp(`^40\\d ${code}$`));
      expect(reply.json.error.message).toMatch(named);
    }
    for (const name of ["Upper", "ab", "a".repeat(25), "hy-phen", "ünder"]) {
      expect(outcome(await put(encodeURIComponent(name)))).toBe("400 InvalidAccountName");
    }
    for (const body of ["{", "[]", "1", ""]) {
      const reply = await arm.send("PUT", accountPath("wrong"), { version: NEWEST, body });
      expect(outcome(reply)).toBe("400 InvalidRequestContent");
    }
    expect(outcome(await get("wrong"))).toBe("404 ResourceNotFound");
  });

  test("is made by nobody who may only read", async () => {
    const made = await reader.send("PUT", accountPath("mine"), {
      version: NEWEST,
      body: { location: LOCATION },
    });
    expect(outcome(made)).toBe("403 AuthorizationFailed");
    expect(outcome(await get("mine"))).toBe("404 ResourceNotFound");
  });
});

test("an update changes what it mentions and nothing else", async () => {
  await put("patched", { tags: { keep: "me" } });
  const changed = await patch("patched", {
    properties: {
      publicNetworkAccess: "Disabled",
      networkProfile: {
        accountAccess: { defaultAction: "Deny", ipRules: [{ action: "Allow", value: "10.0.0.0/8" }] },
      },
      autoStorage: { storageAccountId: STORAGE, authenticationMode: "BatchAccountManagedIdentity" },
    },
  });
  expect(changed.json).toMatchObject({
    tags: { keep: "me" },
    properties: {
      publicNetworkAccess: "Disabled",
      networkProfile: { accountAccess: { ipRules: [{ value: "10.0.0.0/8" }] } },
      autoStorage: { authenticationMode: "BatchAccountManagedIdentity" },
    },
  });
  const synced = await arm.send("POST", `${accountPath("patched")}/syncAutoStorageKeys`, { version: NEWEST });
  expect(synced.status).toBe(204);
  const { lastKeySync } = (await get("patched")).json.properties.autoStorage;
  expect(Date.parse(lastKeySync)).toBeGreaterThanOrEqual(
    Date.parse(changed.json.properties.autoStorage.lastKeySync),
  );
  expect(
    outcome(await arm.send("POST", `${accountPath("first")}/syncAutoStorageKeys`, { version: NEWEST })),
  ).toBe("409 AutoStorageAccountNotConfigured");
  expect(outcome(await patch("absent", {}))).toBe("404 ResourceNotFound");
});

describe("keys", () => {
  test("one that is regenerated stops at once, the other goes on", async () => {
    const port = portOf(await put("keyed"));
    const before = await keysOf("keyed");
    const regenerate = (keyName: string) =>
      arm.send("POST", `${accountPath("keyed")}/regenerateKeys`, { version: NEWEST, body: { keyName } });
    const after = (await regenerate("Primary")).json;
    expect(after).toMatchObject({ accountName: "keyed", secondary: before.secondary });
    expect(after.primary).not.toBe(before.primary);
    expect(await jobsStatus(port, "keyed", before.primary)).toBe(403);
    expect(await jobsStatus(port, "keyed", after.primary)).toBe(200);
    expect(await jobsStatus(port, "keyed", before.secondary)).toBe(200);
    expect(outcome(await regenerate("Third"))).toBe("400 InvalidRequestContent");
    const path = `${accountPath("keyed")}/regenerateKeys`;
    const refused = await reader.send("POST", path, { version: NEWEST, body: { keyName: "Primary" } });
    expect(outcome(refused)).toBe("403 AuthorizationFailed");
  });

  test("are switched off and on by the allowed authentication modes", async () => {
    const port = portOf(await put("keyless"));
    const { primary } = await keysOf("keyless");
    const url = `https://localhost:${port}`;
    const modes = (allowedAuthenticationModes: readonly string[]) =>
      patch("keyless", { properties: { allowedAuthenticationModes } });
    await modes(["AAD"]);
    const door = { port, ca: service.ca };
    const refused = await signedGet(door, { account: "keyless", key: primary }, jobs);
    expect(refused.status).toBe(403);
    expect(refused.text).toContain('"AuthenticationFailed"');
    expect(refused.text).toContain(
      "The specified type of authentication SharedKey is not allowed for this account.",
    );
    expect((await batch.on(url).send("GET", "/jobs")).status).toBe(200);
    expect(outcome(await arm.send("POST", `${accountPath("keyless")}/listKeys`, { version: NEWEST }))).toBe(
      "409 SharedKeyNotAllowed",
    );
    await modes(["SharedKey"]);
    expect(await jobsStatus(port, "keyless", primary)).toBe(200);
    expect((await batch.on(url).send("GET", "/jobs")).status).toBe(403);
  });

  test("are unknown to an account whose nodes are the user's own", async () => {
    const properties = {
      poolAllocationMode: "UserSubscription",
      keyVaultReference: {
        id: `${LAB}/providers/Microsoft.KeyVault/vaults/v`,
        url: "https://v.vault.azure.net/",
      },
    };
    const { json } = await put("own", { properties });
    expect(json.properties.allowedAuthenticationModes).toEqual(["AAD", "TaskAuthenticationToken"]);
    const wanted = { properties: { ...properties, allowedAuthenticationModes: ["SharedKey"] } };
    expect(outcome(await put("own2", wanted))).toBe("400 InvalidRequestContent");
  });
});

describe("deleting", () => {
  test("an empty account frees its name and closes its port", async () => {
    const port = portOf(await put("gone"));
    const { primary } = await keysOf("gone");
    expect((await remove("gone")).status).toBe(202);
    await expect(jobsStatus(port, "gone", primary)).rejects.toThrow(/ECONNREFUSED/);
    expect(outcome(await get("gone"))).toBe("404 ResourceNotFound");
    expect((await remove("gone")).status).toBe(204);
    expect((await put("gone")).status).toBe(200);
    expect((await keysOf("gone")).primary).not.toBe(primary);
  });

  test("an account at work stops its tasks, gives up its nodes, and is done when the client is told so", async () => {
    const port = portOf(await put("busy"));
    const account = batch.on(`https://localhost:${port}`);
    await account.post("/pools", poolBody("pool"));
    await account.post("/jobs", jobBody("job", "pool"));
    await account.post("/jobs/job/tasks", taskBody("task", "sleep 300"));
    await eventually(
      "the task runs",
      async () => (await account.get("/jobs/job/tasks/task")).state === "running",
    );

    const accepted = await remove("busy");
    expect(accepted.status).toBe(202);
    const { location = "", "retry-after": retryAfter } = accepted.headers;
    expect(location).toContain(`/providers/Microsoft.Batch/locations/${LOCATION}/accountOperationResults/`);
    expect(Number(retryAfter)).toBeGreaterThan(0);
    expect((await account.send("GET", "/jobs")).status).toBe(404);
    expect(outcome(await put("busy"))).toBe("409 AccountBeingDeleted");
    const stranger = await reader.follow(location);
    expect(outcome(stranger)).toBe("404 NotFound");
    await eventually("the account is gone", async () => (await arm.follow(location)).status === 200);
    expect(outcome(await get("busy"))).toBe("404 ResourceNotFound");
  });

  test("takes the roles on the account with it, so that the next one of its name has none", async () => {
    const neighbour = await ArmClient.signIn(service, applications.neighbour);
    const mine = () => neighbour.send("GET", accountPath("second"), { version: NEWEST });
    expect((await mine()).status).toBe(200);
    expect((await remove("second")).status).toBe(202);
    expect(outcome(await mine())).toBe("403 AuthorizationFailed");
    expect((await put("second")).status).toBe(200);
    expect(outcome(await mine())).toBe("403 AuthorizationFailed");
  });
});

test("a service keeps one account, whatever is deleted", async () => {
  const alone = await runningService();
  try {
    const { clientId, clientSecret, subscriptionId } = alone.ready;
    const client = await ArmClient.signIn(alone, {
      clientId: clientId ?? "",
      clientSecret: clientSecret ?? "",
    });
    const group = `/subscriptions/${subscriptionId}/resourcegroups/batchyard`;
    const path = (name: string) => `${group}/providers/Microsoft.Batch/batchAccounts/${name}`;
    const drop = (at: string, version: string) => client.send("DELETE", at, { version });
    expect(outcome(await drop(path("myaccount"), NEWEST))).toBe("409 LastAccount");
    expect(outcome(await drop(group, "2021-04-01"))).toBe("409 LastAccount");
    await client.send("PUT", path("another"), { version: NEWEST, body: { location: LOCATION } });
    expect((await drop(path("myaccount"), NEWEST)).status).toBe(202);
    const file = JSON.parse(readFileSync(join(alone.folder, "service.json"), "utf8"));
    expect(file).toMatchObject({ account: "another", location: LOCATION });
  } finally {
    await alone.close();
  }
});

describe("a location", () => {
  const location = `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Batch/locations/${LOCATION}`;
  const check = async (name: unknown, type = "Microsoft.Batch/batchAccounts") =>
    arm.send("POST", `${location}/checkNameAvailability`, { version: NEWEST, body: { name, type } });

  test("tells which names are free", async () => {
    expect((await check("first")).json).toMatchObject({ nameAvailable: false, reason: "AlreadyExists" });
    expect((await check("No!")).json).toMatchObject({ nameAvailable: false, reason: "Invalid" });
    expect((await check("unheardof")).json).toEqual({ nameAvailable: true });
    expect(outcome(await check(undefined))).toBe("400 InvalidRequestContent");
    expect(outcome(await check("x", "Microsoft.Batch/else"))).toBe("400 InvalidRequestContent");
  });

  test("tells quotas and sizes", async () => {
    expect(
      (await arm.send("GET", `${location}/quotas`, { version: NEWEST })).json.accountQuota,
    ).toBeGreaterThan(1);
    const sizes = await arm.send("GET", `${location}/virtualMachineSkus`, { version: NEWEST });
    expect(sizes.json.value).toContainEqual(
      expect.objectContaining({
        name: "Standard_D2s_v3",
        capabilities: expect.arrayContaining([{ name: "vCPUs", value: "2" }]),
      }),
    );
    expect(
      (await arm.send("GET", `${location}/cloudServiceSkus`, { version: "2023-11-01" })).json.value,
    ).toEqual([]);
  });
});

test("what looks after an account, and what its nodes must reach", async () => {
  const at = (path: string) => arm.send("GET", `${accountPath("first")}${path}`, { version: NEWEST });
  expect((await at("/detectors")).json.value).toEqual([expect.objectContaining({ name: "poolsAndNodes" })]);
  expect(outcome(await at("/detectors/d"))).toBe("404 ResourceNotFound");
  const { value } = (await at("/outboundNetworkDependenciesEndpoints")).json;
  expect(value[0].endpoints[0].domainName).toBe("localhost");
  for (const path of [
    "/privateEndpointConnections",
    "/privateLinkResources",
    "/networkSecurityPerimeterConfigurations",
  ]) {
    expect(outcome(await at(path))).toBe(200);
  }
});
