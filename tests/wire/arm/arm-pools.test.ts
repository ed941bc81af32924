/** Pools of management and of the data plane: one pool, two views. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ArmClient, outcome } from "../arm-client.fixture.ts";
import { poolBody } from "../batch-bodies.fixture.ts";
import { BatchClient } from "../batch-client.fixture.ts";
import { applications, contosoSeed, SUBSCRIPTION } from "../contoso.fixture.ts";
import { eventually } from "../eventually.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";

const NEWEST = "2024-07-01";
const VERSIONS = ["2021-01-01", "2022-10-01", "2023-11-01", NEWEST];
const ACCOUNT = `/subscriptions/${SUBSCRIPTION}/resourceGroups/lab/providers/Microsoft.Batch/batchAccounts/first`;
const POOLS = `${ACCOUNT}/pools`;

let service: RunningService;
let arm: ArmClient;
let reader: ArmClient;
let nobody: ArmClient;
let batch: BatchClient;

beforeAll(async () => {
  service = await runningService({ seed: contosoSeed });
  [arm, reader, nobody] = (await Promise.all(
    [applications.contributor, applications.reader, applications.nobody].map((application) =>
      ArmClient.signIn(service, application),
    ),
  )) as [ArmClient, ArmClient, ArmClient];
  batch = await BatchClient.connect(service);
});
afterAll(async () => {
  batch?.close();
  await service?.close();
});

const virtualMachines = {
  virtualMachineConfiguration: {
    imageReference: { publisher: "debian", offer: "debian-12", sku: "12", version: "latest" },
    nodeAgentSkuId: "batch.node.debian 12",
  },
};
const fixed = (targetDedicatedNodes: number, more: object = {}) => ({
  fixedScale: { targetDedicatedNodes, ...more },
});
const properties = <More extends object>(more?: More) => ({
  vmSize: "STANDARD_D2S_V3",
  deploymentConfiguration: virtualMachines,
  ...(more ?? ({} as More)),
});

const put = (name: string, body: object, headers = {}, version = NEWEST, as = arm) =>
  as.send("PUT", `${POOLS}/${name}`, { version, body, headers });
const get = (name: string, version = NEWEST) => arm.send("GET", `${POOLS}/${name}`, { version });
const patch = (name: string, body: object, headers = {}) =>
  arm.send("PATCH", `${POOLS}/${name}`, { version: NEWEST, body, headers });
const post = (name: string, action: string) =>
  arm.send("POST", `${POOLS}/${name}/${action}`, { version: NEWEST });
const list = async (query: string) => (await arm.send("GET", `${POOLS}?${query}`, { version: NEWEST })).json;
const steady = (name: string) =>
  eventually(`${name} is steady`, async () => {
    const { json } = await get(name);
    return json.properties.allocationState === "Steady" && json;
  });
const pathsOf = ({ json }: { json: { error: { details: { code: string; message: string }[] } } }) =>
  json.error.details.filter(({ code }) => code === "PropertyPath").map(({ message }) => message);

describe("one pool", () => {
  test("made by management is the data plane's, and back, in every api-version", async () => {
    const body = {
      properties: properties({
        displayName: "Shared",
        scaleSettings: fixed(1, { resizeTimeout: "PT10M", nodeDeallocationOption: "TaskCompletion" }),
        interNodeCommunication: "Enabled",
        taskSlotsPerNode: 4,
        taskSchedulingPolicy: { nodeFillType: "Pack" },
        userAccounts: [{ name: "worker", password: "not-to-be-seen", elevationLevel: "NonAdmin" }],
        metadata: [{ name: "access", value: "allow" }],
        startTask: {
          commandLine: "/bin/true",
          userIdentity: { autoUser: { scope: "Pool", elevationLevel: "NonAdmin" } },
          environmentSettings: [{ name: "A", value: "1" }],
        },
        networkConfiguration: {
          dynamicVnetAssignmentScope: "none",
          endpointConfiguration: {
            inboundNatPools: [
              {
                name: "nat",
                protocol: "TCP",
                backendPort: 12001,
                frontendPortRangeStart: 15000,
                frontendPortRangeEnd: 15100,
                networkSecurityGroupRules: [
                  {
                    access: "Allow",
                    priority: 150,
                    sourceAddressPrefix: "192.100.12.45",
                    sourcePortRanges: ["*"],
                  },
                ],
              },
            ],
          },
        },
        resourceTags: { access: "allow", scope: "pool" },
        applicationLicenses: ["maya"],
      }),
    };
    const created = await put("shared", body);
    expect(outcome(created)).toBe(200);
    expect(created.headers.etag).toBe(created.json.etag);
    expect(created.json).toMatchObject({
      id: `${POOLS}/shared`,
      name: "shared",
      type: "Microsoft.Batch/batchAccounts/pools",
      properties: {
        provisioningState: "Succeeded",
        vmSize: "STANDARD_D2S_V3",
        interNodeCommunication: "Enabled",
        taskSchedulingPolicy: { nodeFillType: "Pack" },
        deploymentConfiguration: virtualMachines,
        scaleSettings: { fixedScale: { targetDedicatedNodes: 1, resizeTimeout: "PT10M" } },
        networkConfiguration: body.properties.networkConfiguration,
        startTask: body.properties.startTask,
        resourceTags: { access: "allow", scope: "pool" },
        applicationLicenses: ["maya"],
      },
    });
    expect(created.text).not.toContain("not-to-be-seen");

    const seen = await batch.send("GET", "/pools/shared");
    expect(seen.json).toMatchObject({
      id: "shared",
      displayName: "Shared",
      enableInterNodeCommunication: true,
      taskSlotsPerNode: 4,
      taskSchedulingPolicy: { nodeFillType: "Pack" },
      resizeTimeout: "PT10M",
      virtualMachineConfiguration: { nodeAgentSKUId: "batch.node.debian 12" },
      startTask: { userIdentity: { autoUser: { scope: "pool", elevationLevel: "nonadmin" } } },
      networkConfiguration: { endpointConfiguration: { inboundNATPools: [{ protocol: "tcp" }] } },
      metadata: [{ name: "access", value: "allow" }],
    });
    const ready = await steady("shared");
    expect(ready.properties).toMatchObject({
      currentDedicatedNodes: 1,
      resizeOperationStatus: { targetDedicatedNodes: 1, nodeDeallocationOption: expect.any(String) },
    });
    for (const version of VERSIONS) expect(outcome(await get("shared", version)), version).toBe(200);
    const { json } = await get("shared", "2022-10-01");
    expect(json.properties).not.toHaveProperty("resourceTags");
  });

  test("made by the data plane is management's", async () => {
    const added = await batch.send("POST", "/pools", {
      body: poolBody("dataplane", { targetDedicatedNodes: 0, metadata: [{ name: "a", value: "b" }] }),
    });
    expect(added.status).toBe(201);
    for (const version of VERSIONS) {
      const { json } = await get("dataplane", version);
      expect(json.properties, version).toMatchObject({
        vmSize: "STANDARD_D2S_V3",
        deploymentConfiguration: { virtualMachineConfiguration: { nodeAgentSkuId: "batch.node.debian 12" } },
        taskSchedulingPolicy: { nodeFillType: "Spread" },
        metadata: [{ name: "a", value: "b" }],
      });
    }
  });

  test("of every api-version is made by a body of that version", async () => {
    for (const version of ["2017-09-01", "2020-03-01", ...VERSIONS]) {
      const name = `of-${version}`;
      expect(outcome(await put(name, { properties: properties() }, {}, version)), version).toBe(200);
    }
  });
});

describe("changing", () => {
  test("size, formula and document follow a PATCH", async () => {
    await put("changing", {
      properties: properties({ scaleSettings: fixed(0), startTask: { commandLine: "/bin/true" } }),
    });
    await steady("changing");
    const grown = await patch("changing", { properties: { scaleSettings: fixed(1) } });
    expect(grown.json.properties).toMatchObject({
      allocationState: "Resizing",
      scaleSettings: fixed(1),
      startTask: { commandLine: "/bin/true" },
    });
    await steady("changing");
    const formula = "$TargetDedicatedNodes=0";
    const scaled = await patch("changing", {
      properties: { scaleSettings: { autoScale: { formula, evaluationInterval: "PT5M" } }, startTask: {} },
    });
    expect(scaled.json.properties).toMatchObject({
      scaleSettings: { autoScale: { formula, evaluationInterval: "PT5M" } },
    });
    expect(scaled.json.properties).not.toHaveProperty("startTask");
    const run = await eventually("the formula has run", async () => {
      const { autoScaleRun } = (await get("changing")).json.properties;
      return autoScaleRun;
    });
    expect(run).toMatchObject({ results: expect.stringContaining("$TargetDedicatedNodes=0") });
    expect((await batch.send("GET", "/pools/changing")).json).toMatchObject({ enableAutoScale: true });
    const stopped = await post("changing", "disableAutoScale");
    expect(stopped.json.properties.scaleSettings).toMatchObject(fixed(0));
    await steady("changing");
    const { etag } = (await get("changing")).json;
    // Nothing to stop changes nothing.
    expect((await post("changing", "stopResize")).json.etag).toBe(etag);
  });

  test("PUT describes anew, and what cannot change is named", async () => {
    const metadata = [{ name: "a", value: "1" }];
    await put("anew", { properties: properties({ metadata, startTask: { commandLine: "/bin/true" } }) });
    await steady("anew");
    const anew = await put("anew", { properties: properties({ metadata }) });
    expect(anew.json.properties.metadata).toEqual(metadata);
    expect(anew.json.properties).not.toHaveProperty("startTask");
    // What was read, with all that was filled in, can be sent back.
    const before = (await get("anew")).json;
    const { virtualMachineConfiguration } = before.properties.deploymentConfiguration;
    expect(virtualMachineConfiguration.imageReference.version).toBe("latest");
    // Management shows it where it was asked for; Terraform takes another one for a change.
    expect(before.properties).not.toHaveProperty("targetNodeCommunicationMode");
    const same = await put("anew", before);
    expect(same.json.etag).toBe(before.etag);
    const refused = await put(
      "anew",
      { properties: properties({ applicationLicenses: ["a"] }) },
      {},
      "2023-11-01",
    );
    expect(outcome(refused)).toBe("400 PropertyCannotBeUpdated");
    expect(refused.json.error).toMatchObject({
      target: "BatchAccount",
      details: expect.arrayContaining([
        expect.objectContaining({ code: "Reason" }),
        expect.objectContaining({ code: "PropertyName", message: "applicationLicenses" }),
        expect.objectContaining({ code: "PropertyPath", message: "properties.applicationLicenses" }),
      ]),
    });
    expect(pathsOf(refused)).toEqual(["properties.applicationLicenses"]);
  });

  test("conditions are honoured", async () => {
    const body = { properties: properties() };
    expect(outcome(await put("conditional", body, { "if-match": "*" }))).toBe("412 ConditionNotMet");
    const created = await put("conditional", body, { "if-none-match": "*" });
    expect(outcome(created)).toBe(200);
    expect(outcome(await put("conditional", body, { "if-none-match": "*" }))).toBe("412 ConditionNotMet");
    await steady("conditional");
    const { etag } = (await get("conditional")).json;
    const change = { properties: { metadata: [{ name: "x", value: "y" }] } };
    expect(outcome(await patch("conditional", change, { "if-match": etag }))).toBe(200);
    expect(outcome(await patch("conditional", change, { "if-match": etag }))).toBe("412 ConditionNotMet");
  });

  test("deleting is followed to its end", async () => {
    await put("leaving", { properties: properties({ scaleSettings: fixed(1) }) });
    await steady("leaving");
    const accepted = await arm.send("DELETE", `${POOLS}/leaving`, { version: NEWEST });
    expect(accepted.status).toBe(202);
    expect(accepted.headers.location).toContain(`${ACCOUNT}/poolOperationResults/`);
    await eventually(
      "it has gone",
      async () => (await arm.follow(String(accepted.headers.location))).status === 200,
    );
    expect(outcome(await get("leaving"))).toBe("404 PoolNotFound");
    expect((await arm.send("DELETE", `${POOLS}/leaving`, { version: NEWEST })).status).toBe(204);
    expect((await batch.send("GET", "/pools/leaving")).status).toBe(404);
  });
});

describe("lists", () => {
  test("are filtered, cut to properties and paged", async () => {
    await put("list-a", { properties: properties({ vmSize: "standard_a1_v2" }) });
    await put("list-b", { properties: properties({ vmSize: "standard_a1_v2" }) });
    const filter = encodeURIComponent("startswith(name, 'list-') and properties/vmSize eq 'STANDARD_A1_V2'");
    const select = "properties/vmSize,properties/currentDedicatedNodes";
    const { value } = await list(`$filter=${filter}&$select=${select}`);
    expect(value).toEqual(
      ["list-a", "list-b"].map((name) => ({
        id: `${POOLS}/${name}`,
        name,
        type: "Microsoft.Batch/batchAccounts/pools",
        etag: expect.stringMatching(/^W\/"0x/),
        properties: { vmSize: "STANDARD_A1_V2", currentDedicatedNodes: 0 },
      })),
    );
    const first = await list(`$filter=${filter}&maxresults=1`);
    expect(first.value).toHaveLength(1);
    const second = (await arm.follow(first.nextLink)).json;
    expect(second.value.map(({ name }: { name: string }) => name)).toEqual(["list-b"]);
    expect(second).not.toHaveProperty("nextLink");
    const wrong = await arm.send("GET", `${POOLS}?$filter=${encodeURIComponent("colour eq 'red'")}`, {
      version: NEWEST,
    });
    expect(outcome(wrong)).toBe("400 InvalidQueryParameterValue");
  });
});

describe("refusals", () => {
  test.each([
    [
      "no size",
      { deploymentConfiguration: virtualMachines },
      "400 MissingRequiredProperty",
      "properties.vmSize",
    ],
    [
      "no configuration",
      { vmSize: "a" },
      "400 InvalidPropertyValue",
      "properties.deploymentConfiguration.virtualMachineConfiguration",
    ],
    ["an unknown property", properties({ colour: 1 }), "400 InvalidRequestBody", "properties.colour"],
    [
      "the data plane's name",
      properties({ enableAutoScale: true }),
      "400 InvalidRequestBody",
      "properties.enableAutoScale",
    ],
    [
      "a wrong type within",
      {
        vmSize: "a",
        deploymentConfiguration: {
          virtualMachineConfiguration: { ...virtualMachines.virtualMachineConfiguration, nodeAgentSkuId: 7 },
        },
      },
      "400 InvalidRequestBody",
      "properties.deploymentConfiguration.virtualMachineConfiguration.nodeAgentSkuId",
    ],
    [
      "a word of no enum",
      properties({ taskSchedulingPolicy: { nodeFillType: "Heap" } }),
      "400 InvalidPropertyValue",
      "properties.taskSchedulingPolicy.nodeFillType",
    ],
    [
      "fewer nodes than none",
      properties({ scaleSettings: fixed(-1) }),
      "400 InvalidPropertyValue",
      "properties.scaleSettings.fixedScale.targetDedicatedNodes",
    ],
    [
      "two scales",
      properties({ scaleSettings: { ...fixed(1), autoScale: { formula: "1" } } }),
      "400 InvalidPropertyValue",
      "properties.scaleSettings",
    ],
    [
      "a broken formula",
      properties({ scaleSettings: { autoScale: { formula: "$Target=" } } }),
      "400 AutoScalingFormulaSyntaxError",
      "properties.scaleSettings.autoScale.formula",
    ],
    [
      "a certificate of elsewhere",
      properties({ certificates: [{ id: "/x/certificates/sha1-a" }] }),
      "400 InvalidPropertyValue",
      "properties.certificates[0].id",
    ],
  ])("%s is refused by name", async (_, wrong, code, path) => {
    const refused = await put("refused", { properties: wrong });
    expect(outcome(refused)).toBe(code);
    expect(pathsOf(refused)).toEqual([path]);
    expect(outcome(await get("refused"))).toBe("404 PoolNotFound");
  });

  test("a name that is none, a body that is none, a version that knows it not", async () => {
    expect(outcome(await put("b%20d", { properties: properties() }))).toBe("400 InvalidPropertyValue");
    expect(outcome(await arm.send("PUT", `${POOLS}/x`, { version: NEWEST, body: "[]" }))).toBe(
      "400 InvalidRequestContent",
    );
    const tagged = properties({ resourceTags: { a: "b" } });
    expect(outcome(await put("early", { properties: tagged }, {}, "2022-10-01"))).toBe(
      "400 InvalidRequestBody",
    );
  });

  test("who may not is told so before anything else", async () => {
    expect(outcome(await put("theirs", { properties: properties() }, {}, NEWEST, reader))).toBe(
      "403 AuthorizationFailed",
    );
    expect(outcome(await put("theirs", {}, {}, NEWEST, nobody))).toBe("403 AuthorizationFailed");
    expect(outcome(await nobody.send("GET", `${POOLS}/absent`, { version: NEWEST }))).toBe(
      "403 AuthorizationFailed",
    );
    expect((await reader.send("GET", POOLS, { version: NEWEST })).status).toBe(200);
    expect(outcome(await reader.send("GET", `${POOLS}/absent`, { version: NEWEST }))).toBe(
      "404 PoolNotFound",
    );
  });
});
