/**
 * What Batch Explorer asks for before its first screen and on it, in its order and in its api-versions, raw: the program itself needs a
 * desktop. Its user signs in by the library that it has for that; then Resource Manager, the account's data plane and blobs, all as that user.
 * Metrics and costs are not served.
 */
import { randomUUID } from "node:crypto";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { type AuthenticationResult, CryptoProvider, PublicClientApplication } from "@azure/msal-node";
import {
  AccountSASPermissions,
  AccountSASResourceTypes,
  generateAccountSASQueryParameters,
  StorageSharedKeyCredential,
} from "@azure/storage-blob";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AZURE_CLI_APP_ID } from "../../../src/wire/entra/first-party.ts";
import { ArmClient } from "../arm-client.fixture.ts";
import { BatchClient } from "../batch-client.fixture.ts";
import { sendTo } from "../blob/signed-container.fixture.ts";
import { TestBrowser } from "../browser.fixture.ts";
import { CONTOSO, contosoSeed, LOCATION, SUBSCRIPTION } from "../contoso.fixture.ts";
import { eventually } from "../eventually.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";

const VERSIONED = { "x-ms-version": "2021-06-08" };
const SUB = `/subscriptions/${SUBSCRIPTION}`;
const LAB = `${SUB}/resourceGroups/lab`;
const ACCOUNT = `${LAB}/providers/Microsoft.Batch/batchAccounts/first`;
const STORAGE = `${LAB}/providers/Microsoft.Storage/storageAccounts/explored`;
const AT = `${SUB}/providers/Microsoft.Batch/locations/${LOCATION}`;

const USER = {
  userPrincipalName: "explorer@contoso.example",
  displayName: "Explorer",
  password: `${randomUUID()}Aa`,
};
const REDIRECT = "https://login.microsoftonline.com/common/oauth2/nativeclient";
/** The slash of the audience is Resource Manager's own. */
const ARM_SCOPE = "https://management.azure.com//user_impersonation";
const BATCH_SCOPE = "https://batch.core.windows.net//user_impersonation";

let service: RunningService;
let msal: PublicClientApplication;
let signedIn: AuthenticationResult;
let arm: ArmClient;

beforeAll(async () => {
  const [contoso, ...others] = contosoSeed.tenants;
  const assignment = { principal: USER.userPrincipalName, role: "Contributor", scope: SUB };
  service = await runningService({
    seed: {
      ...contosoSeed,
      tenants: [{ ...contoso, users: [USER] }, ...others],
      roleAssignments: [...contosoSeed.roleAssignments, assignment],
    },
  });
  setDefaultCACertificates([...getCACertificates(), service.ca]);
  signedIn = await signIn();
  arm = ArmClient.as(service, signedIn.accessToken);
  const body = { location: LOCATION, sku: { name: "Standard_LRS" }, kind: "StorageV2" };
  await arm.send("PUT", STORAGE, { version: "2023-05-01", body });
});
afterAll(() => service?.close());

/** As the program does it in the window that it opens. */
async function signIn(): Promise<AuthenticationResult> {
  const { origin, host } = new URL(service.ready.management);
  msal = new PublicClientApplication({
    auth: { clientId: AZURE_CLI_APP_ID, authority: `${origin}/${CONTOSO}`, knownAuthorities: [host] },
  });
  const { verifier, challenge } = await new CryptoProvider().generatePkceCodes();
  const request = { scopes: [ARM_SCOPE], redirectUri: REDIRECT };
  const url = await msal.getAuthCodeUrl({
    ...request,
    codeChallenge: challenge,
    codeChallengeMethod: "S256",
  });
  const account = { username: USER.userPrincipalName, password: USER.password };
  const { left } = await new TestBrowser(service).signIn(url, account);
  expect(left?.href).toMatch(`${REDIRECT}?`);
  const code = left?.searchParams.get("code") ?? "";
  return msal.acquireTokenByCode({ ...request, code, codeVerifier: verifier });
}

const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());

describe("its sign-in", () => {
  test("by the Azure CLI's id and the page for programs: a token of the user for Resource Manager", () => {
    const { aud, scp, tid, upn } = claimsOf(signedIn.accessToken);
    expect([aud, scp, tid, upn]).toEqual([
      "https://management.azure.com/",
      "user_impersonation",
      CONTOSO,
      USER.userPrincipalName,
    ]);
    expect(signedIn.account?.username).toBe(USER.userPrincipalName);
  });

  test("silently again, and for Batch without another page", async () => {
    const account = signedIn.account ?? expect.unreachable("Nobody is signed in.");
    const again = await msal.acquireTokenSilent({ scopes: [ARM_SCOPE], account, forceRefresh: true });
    expect(claimsOf(again.accessToken).aud).toBe("https://management.azure.com/");
    const forBatch = await msal.acquireTokenSilent({ scopes: [BATCH_SCOPE], account });
    expect(claimsOf(forBatch.accessToken).aud).toBe("https://batch.core.windows.net/");
  });
});

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

/** As its forms send what was left empty, and with a content type on every request. */
describe("its data plane", () => {
  const VERSION = "2022-10-01.16.0";
  const headers = { "content-type": "application/json; odata=minimalmetadata; charset=utf-8" };
  let batch: BatchClient;
  let node: string;
  beforeAll(async () => {
    const account = signedIn.account ?? expect.unreachable("Nobody is signed in.");
    const { accessToken } = await msal.acquireTokenSilent({ scopes: [BATCH_SCOPE], account });
    batch = (await BatchClient.connect(service)).as(accessToken);
  });
  afterAll(() => batch?.close());

  const must = (method: string, path: string, body?: object) =>
    batch.must(method, path, { version: VERSION, headers, ...(body && { body }) });
  const read = async (path: string) => (await must("GET", path)).json;
  const until = async (path: string, state: string) =>
    eventually(`${path} to be ${state}`, async () => (await read(path)).state === state);

  test("a pool, with null for whatever its form leaves empty", async () => {
    await must("POST", "/pools", {
      id: "explored",
      displayName: null,
      vmSize: "standard_d2s_v3",
      targetDedicatedNodes: 1,
      targetLowPriorityNodes: 0,
      enableAutoScale: false,
      autoScaleFormula: null,
      autoScaleEvaluationInterval: null,
      resizeTimeout: "PT15M",
      taskSlotsPerNode: 2,
      taskSchedulingPolicy: { nodeFillType: "Pack" },
      enableInterNodeCommunication: false,
      cloudServiceConfiguration: null,
      virtualMachineConfiguration: {
        nodeAgentSKUId: "batch.node.debian 12",
        imageReference: { publisher: "debian", offer: "debian-12", sku: "12", version: "latest" },
        windowsConfiguration: null,
        containerConfiguration: null,
        dataDisks: null,
      },
      startTask: null,
      certificateReferences: [],
      applicationPackageReferences: [],
      userAccounts: [],
      metadata: [],
      networkConfiguration: null,
      mountConfiguration: null,
    });
    expect((await read("/pools?maxresults=50&$select=id,state,allocationState")).value).toContainEqual(
      expect.objectContaining({ id: "explored", state: "active" }),
    );
    expect((await read("/supportedimages?maxresults=1000")).value.length).toBeGreaterThan(0);
    expect((await read("/nodecounts")).value).toContainEqual(expect.objectContaining({ poolId: "explored" }));
  });

  test("a job and a task, their files by range and by encoded names", async () => {
    await must("POST", "/jobs", {
      id: "explored",
      displayName: null,
      priority: 0,
      constraints: { maxWallClockTime: null, maxTaskRetryCount: null },
      jobManagerTask: null,
      jobPreparationTask: null,
      jobReleaseTask: null,
      poolInfo: { poolId: "explored", autoPoolSpecification: null },
      usesTaskDependencies: false,
      onAllTasksComplete: null,
      onTaskFailure: null,
      metadata: [],
    });
    await must("POST", "/jobs/explored/tasks", {
      id: "one",
      displayName: null,
      commandLine:
        '/bin/sh -c \'echo 0123456789; mkdir -p "wd/a b"; echo in >"wd/a b/ü%.txt"; cp -r wd/* .\'',
      userIdentity: null,
      constraints: null,
      multiInstanceSettings: null,
      environmentSettings: [],
      resourceFiles: [],
      dependsOn: null,
      applicationPackageReferences: [],
    });
    await until("/jobs/explored/tasks/one", "completed");
    const task = await read("/jobs/explored/tasks/one?$expand=stats");
    node = task.nodeInfo.nodeId;
    expect(task.executionInfo.exitCode).toBe(0);
    expect(await read("/jobs/explored/taskcounts")).toMatchObject({ taskCounts: { succeeded: 1 } });
    expect((await read("/jobs/explored/tasks/one/subtasksinfo")).value).toEqual([]);
    const ranged = { version: VERSION, headers: { ...headers, "ocp-range": "bytes=2-4" } };
    const part = await batch.must("GET", "/jobs/explored/tasks/one/files/stdout.txt", ranged);
    expect([part.status, part.text]).toEqual([200, "234"]);
    const { value } = await read("/jobs/explored/tasks/one/files?recursive=true");
    expect(value.map(({ name }: { name: string }) => name)).toContain("wd/a b/ü%.txt");
    const named = `/jobs/explored/tasks/one/files/${encodeURIComponent("wd/a b/ü%.txt")}`;
    expect((await must("GET", named)).text).toBe("in\n");
    expect((await must("HEAD", named)).headers["content-length"]).toBe("3");
    await must("PATCH", "/jobs/explored", { priority: 5, constraints: null, poolInfo: null, metadata: [] });
  });

  test("the task's node: its endpoints, users and the agent's logs", async () => {
    const at = `/pools/explored/nodes/${node}`;
    expect((await read("/pools/explored/nodes?maxresults=1000")).value[0].id).toBe(node);
    const settings = await batch.send("GET", `${at}/remoteloginsettings`, { version: VERSION, headers });
    // What cannot be logged in to says why.
    expect([200, 409]).toContain(settings.status);
    expect((await read(`${at}/files?recursive=false`)).value.length).toBeGreaterThan(0);
    const keys = await ask("POST", `${STORAGE}/listKeys`, "2016-12-01");
    const credential = new StorageSharedKeyCredential("explored", keys.keys[0].value);
    const sas = generateAccountSASQueryParameters(
      {
        permissions: AccountSASPermissions.parse("rwlc"),
        resourceTypes: AccountSASResourceTypes.parse("sco").toString(),
        services: "b",
        expiresOn: new Date(Date.now() + 3_600_000),
      },
      credential,
    );
    const { properties } = (await arm.send("GET", STORAGE, { version: "2023-05-01" })).json;
    const blobs = properties.primaryEndpoints.blob.replace(/\/$/, "");
    const made = await sendTo(service, "PUT", `${blobs}/logs?restype=container&${sas}`, VERSIONED);
    expect(made.status, made.body.toString()).toBe(201);
    const { json } = await must("POST", `${at}/uploadbatchservicelogs`, {
      containerUrl: `${blobs}/logs?${sas}`,
      startTime: new Date(Date.now() - 3_600_000).toISOString(),
      endTime: null,
    });
    expect(json.numberOfFilesUploaded).toBe(1);
    // It waits for so many blobs below the folder that was named.
    const list = `${blobs}/logs?restype=container&comp=list&prefix=${json.virtualDirectoryName}/&${sas}`;
    const listed = (await sendTo(service, "GET", list, VERSIONED)).body.toString();
    expect(listed.match(/<Name>/g)).toHaveLength(1);
  });

  test("what is done with them, to the end", async () => {
    await must("POST", `/pools/explored/nodes/${node}/disablescheduling`, {
      nodeDisableSchedulingOption: "requeue",
    });
    await must("POST", `/pools/explored/nodes/${node}/enablescheduling`);
    await must("DELETE", "/jobs/explored/tasks/one");
    await must("POST", "/jobs/explored/disable", { disableTasks: "requeue" });
    await must("POST", "/jobs/explored/enable");
    await must("POST", "/jobs/explored/terminate", { terminateReason: null });
    await must("DELETE", "/jobs/explored");
    await must("POST", "/pools/explored/resize", { targetDedicatedNodes: 0, nodeDeallocationOption: null });
    await must("DELETE", "/pools/explored");
  });
});
