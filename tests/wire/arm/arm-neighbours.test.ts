/** What clients ask Resource Manager for around a Batch account: lists of nothing, older paths, names of places. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ArmClient, outcome } from "../arm-client.fixture.ts";
import { applications, contosoSeed, LOCATION, SUBSCRIPTION } from "../contoso.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";

const SUB = `/subscriptions/${SUBSCRIPTION}`;
const LAB = `${SUB}/resourceGroups/lab`;
const account = (name: string) => `${LAB}/providers/Microsoft.Batch/batchAccounts/${name}`;
const NEWEST = "2024-07-01";

let service: RunningService;
let arm: ArmClient;

beforeAll(async () => {
  service = await runningService({ seed: contosoSeed });
  arm = await ArmClient.signIn(service, applications.contributor);
});
afterAll(() => service?.close());

const get = (path: string, version: string) => arm.send("GET", path, { version });

test.each([
  [`${SUB}/providers/Microsoft.Authorization/classicAdministrators`, "2015-06-01"],
  [`${SUB}/providers/Microsoft.Authorization/roleEligibilityScheduleInstances`, "2020-10-01"],
  [`${LAB}/providers/Microsoft.Authorization/roleAssignmentScheduleInstances`, "2020-10-01-preview"],
  [`${LAB}/providers/Microsoft.Authorization/roleManagementPolicies`, "2024-09-01-preview"],
  [`${LAB}/providers/Microsoft.Authorization/policyAssignments`, "2022-06-01"],
  [`${SUB}/providers/Microsoft.Features/features`, "2021-07-01"],
  [`${SUB}/providers/Microsoft.Features/providers/Microsoft.Batch/features`, "2015-12-01"],
  [`${SUB}/providers/Microsoft.Insights/eventtypes/management/values`, "2015-04-01"],
  [`${SUB}/providers/Microsoft.Features/subscriptionFeatureRegistrations`, "2021-07-01"],
  [`${SUB}/providers/Microsoft.Resources/links`, "2016-09-01"],
  [`${LAB}/providers/Microsoft.Resources/deployments`, "2024-11-01"],
  [`${SUB}/providers/Microsoft.Batch/providerPermissions`, "2021-04-01"],
])("%s is an empty list", async (path, version) => {
  const reply = await get(path, version);
  expect(reply.status, reply.text).toBe(200);
  expect(reply.json.value).toEqual([]);
});

test("the tenant's entities are its root group and, below it, the caller's subscriptions", async () => {
  const path = "/providers/Microsoft.Management/getEntities";
  const { json } = await arm.send("POST", path, { version: "2020-05-01" });
  const [root, subscription] = json.value;
  expect(json.count).toBe(2);
  expect(root.properties).toMatchObject({ displayName: "Tenant Root Group", numberOfChildren: 1 });
  expect(subscription).toMatchObject({ id: SUB, properties: { parent: { id: root.id } } });
});

test("what of these is asked for by name is not there", async () => {
  const policy = `${LAB}/providers/Microsoft.Authorization/policyAssignments/p`;
  expect(outcome(await get(policy, "2022-06-01"))).toBe("404 PolicyAssignmentNotFound");
  const feature = `${SUB}/providers/Microsoft.Features/providers/Microsoft.Batch/features/f`;
  expect(outcome(await get(feature, "2021-07-01"))).toBe("404 FeatureNotFound");
});

test("a slash too many changes nothing, and other segments that mean another path are still refused", async () => {
  for (const path of [`//${LAB.slice(1)}`, LAB.replace("/resourceGroups", "//resourceGroups"), `${LAB}//`])
    expect(
      (await arm.send("GET", path, { version: "2021-04-01", host: "management.azure.com" })).status,
    ).toBe(200);
  expect(outcome(await get(`${SUB}/../${SUBSCRIPTION}`, "2021-04-01"))).toBe("400 InvalidUri");
});

describe("a Batch account", () => {
  test("has the detector and the private links that Azure lists, and no connection", async () => {
    const at = account("first");
    const detectors = await get(`${at}/detectors`, "2022-01-01");
    expect(detectors.json.value.map(({ name }: { name: string }) => name)).toEqual(["poolsAndNodes"]);
    expect((await get(`${at}/detectors/poolsAndNodes`, NEWEST)).status).toBe(200);
    expect(outcome(await get(`${at}/detectors/other`, NEWEST))).toBe("404 ResourceNotFound");
    const links = await get(`${at}/privateLinkResources`, NEWEST);
    expect(links.json.value.map(({ name }: { name: string }) => name)).toEqual([
      "batchAccount",
      "nodeManagement",
    ]);
    expect((await get(`${at}/privateLinkResources/nodemanagement`, NEWEST)).json.name).toBe("nodeManagement");
    expect((await get(`${at}/privateEndpointConnections`, NEWEST)).json.value).toEqual([]);
    expect(outcome(await get(`${at}/privateEndpointConnections/c`, NEWEST))).toBe("404 ResourceNotFound");
    expect((await get(`${at}/networkSecurityPerimeterConfigurations`, NEWEST)).json.value).toEqual([]);
  });

  test("has its name checked whether or not the type is said", async () => {
    const path = `${SUB}/providers/Microsoft.Batch/locations/${LOCATION}/checkNameAvailability`;
    for (const body of [{ name: "unheard" }, { name: "unheard", type: "Microsoft.Batch/batchAccounts" }])
      expect((await arm.send("POST", path, { version: NEWEST, body })).json).toEqual({ nameAvailable: true });
  });

  test("has sizes to choose from since 2021-06-01, and cores in Compute's usages", async () => {
    const at = `${SUB}/providers/Microsoft.Batch/locations/${LOCATION}/virtualMachineSkus`;
    expect((await get(at, "2021-06-01")).json.value.length).toBeGreaterThan(20);
    const usages = await get(`${SUB}/providers/Microsoft.Compute/locations/${LOCATION}/usages`, "2019-03-01");
    expect(usages.json.value[0]).toEqual({
      unit: "Count",
      currentValue: 0,
      limit: expect.any(Number),
      name: { value: "cores", localizedValue: "Total Regional vCPUs" },
    });
  });
});

describe("places and names", () => {
  test("a subscription that is not there is said to be so, to everybody", async () => {
    const path = `/subscriptions/${randomUUID()}/resourceGroups/lab`;
    expect(outcome(await get(path, "2021-04-01"))).toBe("404 SubscriptionNotFound");
  });

  test("a location that is none is refused for whatever stands somewhere, and is not listed", async () => {
    const body = { location: "marsnorth", sku: { name: "Standard_LRS" }, kind: "StorageV2" };
    const put = async (path: string, version: string) =>
      outcome(await arm.send("PUT", path, { version, body }));
    const taken = "400 LocationNotAvailableForResourceType";
    expect(await put(`${SUB}/resourceGroups/mars`, "2021-04-01")).toBe(
      "400 LocationNotAvailableForResourceGroup",
    );
    expect(await put(account("mars"), NEWEST)).toBe(taken);
    expect(await put(`${LAB}/providers/Microsoft.Storage/storageAccounts/mars`, "2023-05-01")).toBe(taken);
    const identity = `${LAB}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/mars`;
    expect(await put(identity, "2023-01-31")).toBe(taken);
    const { value } = (await get(`${SUB}/locations`, "2022-12-01")).json;
    const names = value.map(({ name }: { name: string }) => name);
    expect(names).toEqual(expect.arrayContaining(["westeurope", "eastus2", "mylocation"]));
    expect(names).not.toContain("marsnorth");
  });

  test("a provider tells its types with their versions and places, Resource Manager's own too", async () => {
    const types = async (namespace: string) =>
      (await get(`${SUB}/providers/${namespace}`, "2021-04-01")).json.resourceTypes;
    const named = (all: { resourceType: string }[], name: string) =>
      all.find(({ resourceType }) => resourceType === name);
    expect(named(await types("Microsoft.Batch"), "batchAccounts")).toMatchObject({
      apiVersions: expect.arrayContaining(["2015-12-01", "2025-06-01"]),
      locations: expect.arrayContaining(["West Europe"]),
    });
    const own = await types("Microsoft.Resources");
    for (const name of ["subscriptions", "resourceGroups", "subscriptions/resourceGroups", "tags"])
      expect(named(own, name), name).toBeDefined();
    const list = await get(`${SUB}/providers/Microsoft.Batch/resourceTypes`, "2021-04-01");
    expect(named(list.json.value, "batchAccounts")).toBeDefined();
  });

  test("the tenant has one management group, which is its root", async () => {
    const { value } = (await get("/providers/Microsoft.Management/managementGroups", "2020-05-01")).json;
    expect(value).toHaveLength(1);
    const one = await get(value[0].id, "2021-04-01");
    expect(one.json.properties.displayName).toBe("Tenant Root Group");
    expect(outcome(await get("/providers/Microsoft.Management/managementGroups/other", "2020-05-01"))).toBe(
      "404 NotFound",
    );
  });

  test("a subscription carries tags, which are listed by name with those of what is in it", async () => {
    const owner = await ArmClient.signIn(service, applications.contributor);
    const at = `${SUB}/providers/Microsoft.Resources/tags/default`;
    const put = await owner.send("PUT", at, {
      version: "2021-04-01",
      body: { properties: { tags: { team: "render" } } },
    });
    expect(put.status, put.text).toBe(200);
    expect((await get(at, "2021-04-01")).json.properties.tags).toEqual({ team: "render" });
    const { value } = (await get(`${SUB}/tagNames`, "2021-04-01")).json;
    expect(value).toContainEqual(
      expect.objectContaining({ tagName: "team", count: { type: "Total", value: 1 } }),
    );
    const groups = await get(`${SUB}/resourcegroups?$filter=tagname%20eq%20'team'`, "2021-04-01");
    expect(groups.status).toBe(200);
  });

  test("the list of resources tells a storage account's kind and size", async () => {
    const at = `${LAB}/providers/Microsoft.Storage/storageAccounts/kinds`;
    const body = { location: LOCATION, sku: { name: "Standard_LRS" }, kind: "StorageV2" };
    await arm.send("PUT", at, { version: "2023-05-01", body });
    const filter = encodeURIComponent("resourceType eq 'Microsoft.Storage/storageAccounts'");
    const { value } = (await get(`${SUB}/resources?$filter=${filter}`, "2020-01-01")).json;
    expect(value).toContainEqual(
      expect.objectContaining({
        name: "kinds",
        kind: "StorageV2",
        sku: { name: "Standard_LRS", tier: "Standard" },
      }),
    );
  });
});
