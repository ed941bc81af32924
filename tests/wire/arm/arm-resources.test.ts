/** Resource groups, tags, resource lists, providers and what the caller may do, over HTTP. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ArmClient, outcome } from "../arm-client.fixture.ts";
import { applications, CONTOSO, contosoSeed, FABRIKAM, LOCATION, SUBSCRIPTION } from "../contoso.fixture.ts";
import type { RawReply } from "../raw-request.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";

const GROUPS = "2021-04-01";
const BATCH = "2024-07-01";
const RBAC = "2022-04-01";
const SUB = `/subscriptions/${SUBSCRIPTION}`;
const groupPath = (name: string) => `${SUB}/resourcegroups/${name}`;

let service: RunningService;
let arm: ArmClient;
let owner: ArmClient;
let reader: ArmClient;
let nobody: ArmClient;

beforeAll(async () => {
  const roleAssignments = [
    ...contosoSeed.roleAssignments,
    { principal: applications.owner.clientId, role: "Owner", scope: SUB },
  ];
  service = await runningService({ seed: { ...contosoSeed, roleAssignments } });
  arm = await ArmClient.signIn(service, applications.contributor);
  owner = await ArmClient.signIn(service, applications.owner);
  reader = await ArmClient.signIn(service, applications.reader);
  nobody = await ArmClient.signIn(service, applications.nobody);
});
afterAll(() => service?.close());

const get = (path: string, version = GROUPS) => arm.send("GET", path, { version });
const putGroup = (name: string, body: object = {}) =>
  arm.send("PUT", groupPath(name), { version: GROUPS, body: { location: LOCATION, ...body } });
const names = ({ json }: RawReply): string[] => json.value.map(({ name }: { name: string }) => name);

describe("a resource group", () => {
  test.each(["2021-04-01", "2022-09-01", "2024-07-01"])(
    "is created, changed and deleted in %s",
    async (version) => {
      const path = groupPath("Made");
      const body = { location: "West Europe", tags: { a: "1" } };
      const created = await arm.send("PUT", path, { version, body });
      expect(created.status).toBe(201);
      expect(created.json).toEqual({
        id: `${SUB}/resourceGroups/Made`,
        name: "Made",
        type: "Microsoft.Resources/resourceGroups",
        location: "westeurope",
        tags: { a: "1" },
        properties: { provisioningState: "Succeeded" },
      });
      const again = await arm.send("PUT", groupPath("MADE"), {
        version,
        body: { ...body, tags: { b: "2" } },
      });
      expect(again.status).toBe(200);
      expect(again.json).toMatchObject({ name: "Made", tags: { b: "2" } });
      const patched = await arm.send("PATCH", path, { version, body: { managedBy: "someone" } });
      expect(patched.json).toMatchObject({ tags: { b: "2" }, managedBy: "someone" });
      expect((await arm.send("HEAD", path, { version })).status).toBe(204);
      expect((await arm.send("DELETE", path, { version })).status).toBe(202);
      expect((await arm.send("HEAD", path, { version })).status).toBe(404);
      expect(outcome(await arm.send("DELETE", path, { version }))).toBe("404 ResourceGroupNotFound");
    },
  );

  test("is refused by what is wrong with it", async () => {
    expect(outcome(await putGroup("wrong", { location: null }))).toBe("400 LocationRequired");
    expect(outcome(await putGroup("wrong", { tags: "a" }))).toBe("400 InvalidRequestContent");
    for (const name of ["end.", "a%20b", "a%3Fb", "x".repeat(91)]) {
      expect(outcome(await putGroup(name)), name).toBe("400 InvalidResourceGroupName");
    }
    expect(outcome(await putGroup("lab", { location: "northeurope" }))).toBe(
      "409 InvalidResourceGroupLocation",
    );
    expect(outcome(await get(groupPath("wrong")))).toBe("404 ResourceGroupNotFound");
    expect((await putGroup(encodeURIComponent("ünïcode_(1)-2"))).status).toBe(201);
    const refused = await reader.send("PUT", groupPath("mine"), {
      version: GROUPS,
      body: { location: LOCATION },
    });
    expect(outcome(refused)).toBe("403 AuthorizationFailed");
  });

  test("takes its accounts and the roles in it along", async () => {
    await putGroup("doomed");
    const account = `${groupPath("doomed")}/providers/Microsoft.Batch/batchAccounts/doomed`;
    await arm.send("PUT", account, { version: BATCH, body: { location: LOCATION } });
    expect((await arm.send("DELETE", groupPath("doomed"), { version: GROUPS })).status).toBe(202);
    expect(outcome(await get(account, BATCH))).toBe("404 ResourceGroupNotFound");
    expect((await putGroup("doomed")).status).toBe(201);
    expect(outcome(await get(account, BATCH))).toBe("404 ResourceNotFound");
  });
});

test("groups and resources are found by tag, name and type, page by page", async () => {
  for (const n of [1, 2, 3]) {
    await putGroup(`page${n}`, { tags: { stage: n === 2 ? "Test" : "live", other: "Test" } });
    const account = `${groupPath(`page${n}`)}/providers/Microsoft.Batch/batchAccounts/page${n}`;
    const body = { location: LOCATION, tags: { number: String(n) } };
    await arm.send("PUT", account, { version: BATCH, body });
  }
  const filtered = async (path: string, filter: string, more = "") =>
    get(`${path}?$filter=${encodeURIComponent(filter)}${more}`);
  const groups = `${SUB}/resourcegroups`;
  expect(names(await filtered(groups, "tagName eq 'stage' and tagValue eq 'test'"))).toEqual(["page2"]);
  expect(names(await filtered(groups, "tagName eq 'STAGE'"))).toEqual(["page1", "page2", "page3"]);
  const resources = `${SUB}/resources`;
  const accounts = "resourceType eq 'Microsoft.Batch/batchAccounts'";
  expect(names(await filtered(resources, `${accounts} and startswith(name, 'page')`))).toEqual([
    "page1",
    "page2",
    "page3",
  ]);
  expect(names(await filtered(resources, "tagName eq 'number' and tagValue eq '3'"))).toEqual(["page3"]);
  expect(names(await filtered(resources, "resourceType eq 'Microsoft.Compute/virtualMachines'"))).toEqual([]);
  const wrong = await filtered(resources, "color eq 'red'");
  expect(outcome(wrong)).toBe("400 InvalidFilterInQueryString");
  expect(wrong.json.error.message).toContain("color");

  const first = await filtered(
    resources,
    "startswith(name, 'page')",
    "&$top=2&$expand=createdTime,provisioningState",
  );
  expect(names(first)).toEqual(["page1", "page2"]);
  expect(first.json.value[0]).toMatchObject({
    createdTime: expect.any(String),
    provisioningState: "Succeeded",
  });
  const second = await arm.follow(first.json.nextLink);
  expect(names(second)).toEqual(["page3"]);
  expect(second.json.nextLink).toBeUndefined();
  expect(outcome(await get(`${resources}?$top=0`))).toBe("400 InvalidQueryParameter");
  expect(outcome(await get(`${resources}?$skiptoken=zzz`))).toBe("400 InvalidQueryParameter");
  expect(names(await get(`${SUB}/resourceGroups/page1/resources`))).toEqual(["page1"]);
  // A reader of one group sees what is in it.
  expect(names(await reader.send("GET", resources, { version: GROUPS }))).toEqual(["first", "second"]);
  expect(outcome(await nobody.send("GET", resources, { version: GROUPS }))).toBe("403 AuthorizationFailed");
});

test("tags are a resource of their own", async () => {
  await putGroup("tagged", { tags: { a: "1", b: "2" } });
  const path = `${groupPath("tagged")}/providers/Microsoft.Resources/tags/default`;
  const tags = async () => (await get(path)).json.properties.tags;
  const patch = (operation: string, given: object) =>
    arm.send("PATCH", path, { version: GROUPS, body: { operation, properties: { tags: given } } });
  expect(await tags()).toEqual({ a: "1", b: "2" });
  expect((await patch("Merge", { B: "3", c: "4" })).json.properties.tags).toEqual({ a: "1", B: "3", c: "4" });
  expect((await patch("delete", { A: "" })).json.properties.tags).toEqual({ B: "3", c: "4" });
  expect(outcome(await patch("Paint", {}))).toBe("400 InvalidRequestContent");
  const replaced = await arm.send("PUT", path, {
    version: GROUPS,
    body: { properties: { tags: { d: "5" } } },
  });
  expect(replaced.json.properties.tags).toEqual({ d: "5" });
  expect((await arm.send("DELETE", path, { version: GROUPS })).status).toBe(200);
  expect(await tags()).toEqual({});

  const account = `${groupPath("lab")}/providers/Microsoft.Batch/batchAccounts/first`;
  const ofAccount = `${account}/providers/Microsoft.Resources/tags/default`;
  await arm.send("PUT", ofAccount, { version: GROUPS, body: { properties: { tags: { x: "y" } } } });
  expect((await get(account, BATCH)).json.tags).toEqual({ x: "y" });
  expect(outcome(await get(`${account}x/providers/Microsoft.Resources/tags/default`))).toBe(
    "404 ResourceNotFound",
  );
});

test("a subscription is named by a GUID", async () => {
  expect(outcome(await get("/subscriptions/mine/resourcegroups"))).toBe("400 InvalidSubscriptionId");
  expect(outcome(await get(`/subscriptions/${randomUUID()}/resourcegroups`))).toBe(
    "404 SubscriptionNotFound",
  );
});

describe("providers", () => {
  test("can be unregistered while nothing of them is there, and then give nothing", async () => {
    const at = (namespace: string, verb = "") =>
      arm.send(verb === "" ? "GET" : "POST", `${SUB}/providers/${namespace}${verb}`, { version: GROUPS });
    expect(outcome(await at("Microsoft.Batch", "/unregister"))).toBe("409 ProviderInUse");
    expect(outcome(await at("Microsoft.Authorization", "/unregister"))).toBe("409 ProviderInUse");
    expect((await at("microsoft.managedidentity", "/unregister")).json.registrationState).toBe(
      "Unregistered",
    );
    expect((await at("Microsoft.ManagedIdentity")).json.registrationState).toBe("Unregistered");
    const { value } = (await arm.send("GET", `${SUB}/providers`, { version: GROUPS })).json;
    const states = value.map((one: { namespace: string; registrationState: string }) => [
      one.namespace,
      one.registrationState,
    ]);
    expect(states).toContainEqual(["Microsoft.ManagedIdentity", "Unregistered"]);
    expect(states).toContainEqual(["Microsoft.Batch", "Registered"]);
    const identity = `${SUB}/resourceGroups/lab/providers/Microsoft.ManagedIdentity/userAssignedIdentities/one`;
    const put = () => arm.send("PUT", identity, { version: "2023-01-31", body: { location: LOCATION } });
    expect(outcome(await put())).toBe("409 MissingSubscriptionRegistration");
    expect((await at("Microsoft.ManagedIdentity", "/register")).json.registrationState).toBe("Registered");
    expect(outcome(await put())).toBe(201);
    await arm.send("DELETE", identity, { version: "2023-01-31" });
  });

  test("are registered, and stay so", async () => {
    const path = `${SUB}/providers/microsoft.batch/register`;
    const registered = await arm.send("POST", path, { version: GROUPS });
    expect(registered.json).toMatchObject({ namespace: "Microsoft.Batch", registrationState: "Registered" });
    expect(
      outcome(await arm.send("POST", `${SUB}/providers/Microsoft.Nonsense/register`, { version: GROUPS })),
    ).toBe("404 InvalidResourceNamespace");
    expect(outcome(await reader.send("POST", path, { version: GROUPS }))).toBe("403 AuthorizationFailed");
  });

  test("and what can be done with them are the same for everyone who is signed in", async () => {
    const all = await nobody.send("GET", "/providers", { version: GROUPS });
    const namespaces = all.json.value.map(({ namespace }: { namespace: string }) => namespace);
    expect(namespaces).toContain("Microsoft.Batch");
    const batch = await nobody.send("GET", "/providers/microsoft.batch", { version: GROUPS });
    expect(batch.json.namespace).toBe("Microsoft.Batch");
    for (const version of ["2021-01-01", "2023-11-01", BATCH]) {
      const operations = await nobody.send("GET", "/providers/Microsoft.Batch/operations", { version });
      expect(names(operations)).toContain("Microsoft.Batch/batchAccounts/listkeys/action");
    }
    const path = "/providers/Microsoft.Authorization/providerOperations";
    const metadata = await nobody.send("GET", `${path}/microsoft.batch`, { version: RBAC });
    const jobs = metadata.json.resourceTypes.find(
      ({ name }: { name: string }) => name === "batchAccounts/jobs",
    );
    expect(jobs.operations).toContainEqual(
      expect.objectContaining({ name: "Microsoft.Batch/batchAccounts/jobs/write", isDataAction: true }),
    );
    expect(names(await nobody.send("GET", path, { version: RBAC }))).toContain("Microsoft.Authorization");
    expect(outcome(await nobody.send("GET", `${path}/Microsoft.Nonsense`, { version: RBAC }))).toBe(
      "404 InvalidResourceNamespace",
    );
  });
});

describe("access at scopes", () => {
  const AUTHORIZATION = "providers/Microsoft.Authorization";
  const account = `${SUB}/resourceGroups/lab/providers/Microsoft.Batch/batchAccounts/first`;
  const objectIdOf = async (clientId: string) => {
    const path = `/providers/Batchyard.Access/principals/${clientId}`;
    return (await owner.send("GET", path, { version: "2026-01-01" })).json.objectId;
  };
  const READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
  const assign = async (scope: string, who = owner) =>
    who.send("PUT", `${scope}/${AUTHORIZATION}/roleAssignments/${randomUUID()}`, {
      version: RBAC,
      body: {
        properties: {
          roleDefinitionId: `${SUB}/${AUTHORIZATION}/roleDefinitions/${READER}`,
          principalId: await objectIdOf(applications.nobody.clientId),
          principalType: "ServicePrincipal",
        },
      },
    });

  test("what the caller may do itself is told, and nobody else's", async () => {
    const permissions = (who: ArmClient, scope: string, version = RBAC) =>
      who.send("GET", `${scope}/${AUTHORIZATION}/permissions`, { version });
    const group = `${SUB}/resourcegroups/lab`;
    expect((await permissions(reader, group)).json.value).toEqual([
      { actions: ["*/read"], notActions: [], dataActions: [], notDataActions: [] },
    ]);
    expect((await permissions(reader, group, "2015-07-01")).json.value).toEqual([
      { actions: ["*/read"], notActions: [] },
    ]);
    expect((await permissions(owner, account)).json.value.length).toBeGreaterThan(0);
    expect(outcome(await permissions(nobody, group))).toBe("403 AuthorizationFailed");
  });

  test("there are no deny assignments", async () => {
    for (const scope of [SUB, `${SUB}/resourceGroups/lab`, account]) {
      const path = `${scope}/${AUTHORIZATION}/denyAssignments`;
      expect((await owner.send("GET", path, { version: RBAC })).json.value).toEqual([]);
      expect(outcome(await owner.send("GET", `${path}/${randomUUID()}`, { version: RBAC }))).toBe(
        "404 DenyAssignmentNotFound",
      );
    }
  });

  test("a role is assigned on what exists only", async () => {
    for (const scope of [
      `${SUB}/resourceGroups/absent`,
      `${account}absent`,
      `${SUB}/resourceGroups/lab/providers/Microsoft.Compute/virtualMachines/vm`,
    ]) {
      expect(outcome(await assign(scope)), scope).toMatch(/^404 Resource(Group)?NotFound$/);
    }
    const made = await assign(`${account}/pools/p`);
    expect(made.status).toBe(201);
    expect((await owner.send("DELETE", made.json.id, { version: RBAC })).status).toBe(200);
  });

  test("nobody assigns at a management group without a role there, and none of another tenant is there", async () => {
    for (const group of [CONTOSO, FABRIKAM, "other"]) {
      const scope = `/providers/Microsoft.Management/managementGroups/${group}`;
      expect(outcome(await assign(scope)), group).toBe("403 AuthorizationFailed");
    }
  });

  test("an assignment looks as each api-version describes it", async () => {
    const made = await assign(`${SUB}/resourceGroups/lab`);
    for (const version of ["2015-07-01", "2018-09-01-preview", "2020-04-01-preview", RBAC]) {
      const found = await owner.send("GET", made.json.id, { version });
      expect(found.json.properties.principalId).toBe(made.json.properties.principalId);
      await owner.send("GET", `${SUB}/${AUTHORIZATION}/roleAssignments`, { version });
    }
    for (const version of ["2015-07-01", "2018-01-01-preview", RBAC]) {
      const roles = await owner.send("GET", `${account}/${AUTHORIZATION}/roleDefinitions`, { version });
      expect(roles.json.value.length).toBeGreaterThan(5);
    }
    expect((await owner.send("DELETE", made.json.id, { version: RBAC })).status).toBe(200);
  });
});

describe("moving resources", () => {
  const batch = `${groupPath("here")}/providers/Microsoft.Batch/batchAccounts/mover`;
  const store = `${groupPath("here")}/providers/Microsoft.Storage/storageAccounts/movedstore`;
  const at = (id: string, group: string) => id.replace("/here/", `/${group}/`);
  const move = (resources: string[], target = groupPath("there"), as = arm, how = "moveResources") =>
    as.send("POST", `${groupPath("here")}/${how}`, {
      version: GROUPS,
      body: { resources, targetResourceGroup: target },
    });

  test("takes accounts to another group, with what refers to them, and leaves roles behind", async () => {
    for (const group of ["here", "there"]) await putGroup(group);
    const storage = { version: "2023-05-01", body: { location: LOCATION, sku: { name: "Standard_LRS" } } };
    await arm.send("PUT", store, storage);
    const properties = { autoStorage: { storageAccountId: store } };
    await arm.send("PUT", batch, { version: BATCH, body: { location: LOCATION, properties } });

    expect((await move([batch, store], undefined, arm, "validateMoveResources")).status).toBe(202);
    expect((await get(batch, BATCH)).status).toBe(200);
    const moved = await move([batch.toUpperCase(), store]);
    expect([moved.status, moved.text]).toEqual([202, ""]);
    expect((await arm.follow(String(moved.headers.location))).status).toBe(204);

    expect(outcome(await get(batch, BATCH))).toBe("404 ResourceNotFound");
    const there = await get(at(batch, "there"), BATCH);
    expect(there.json.properties.autoStorage.storageAccountId).toBe(
      at(store, "there").replace("groups", "Groups"),
    );
    expect((await get(at(store, "there"), "2023-05-01")).json.name).toBe("movedstore");
  });

  test("is refused for what is not there, what does not move, and who may not write to the target", async () => {
    expect(outcome(await move([batch]))).toBe("409 ResourceMoveNotSupported");
    expect(outcome(await move([batch], groupPath("here")))).toBe("409 MoveResourcesHaveSameGroup");
    expect(outcome(await move([batch], groupPath("nowhere")))).toBe("404 ResourceGroupNotFound");
    expect(outcome(await move([]))).toBe("400 InvalidRequestContent");
    expect(outcome(await move([batch], "/subscriptions/x"))).toBe("400 InvalidRequestContent");
    expect(outcome(await move([batch], undefined, reader))).toBe("403 AuthorizationFailed");
  });
});
