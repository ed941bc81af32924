import { expect, test } from "vitest";
import { batchApiVersions } from "../../wire/batch/api-versions.gen.ts";
import { type BatchModelName, batchModels } from "../../wire/batch/models.gen.ts";
import { Fault } from "../fault.ts";
import { checkBody } from "./body-check.ts";
import { ruledProperties } from "./property-rules.ts";

const NEWEST = batchApiVersions.length - 1;
const version = (name: string): number => batchApiVersions.findIndex((v) => v.version === name);

function refusal(model: BatchModelName, body: unknown, versionIndex = NEWEST) {
  try {
    checkBody(model, versionIndex, body);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { code: error.code, ...Object.fromEntries(error.values.map(({ key, value }) => [key, value])) };
  }
  return undefined;
}

const task = { id: "task1", commandLine: "/bin/true" };

test("a body without faults comes back as the same object", () => {
  const body = { ...task, resourceFiles: [{ httpUrl: "https://example.org/a", filePath: "a" }] };
  expect(checkBody("TaskAddParameter", NEWEST, body)).toBe(body);
});

test("every model compiles in every api-version and refuses what is no object", () => {
  for (const model of Object.keys(batchModels) as BatchModelName[]) {
    for (const index of batchApiVersions.keys()) {
      expect(refusal(model, [], index)).toMatchObject({ code: "InvalidRequestBody" });
    }
  }
});

test("every rule stands for a property that exists", () => {
  const table: Readonly<Record<string, object>> = batchModels;
  for (const ruled of ruledProperties()) {
    const [model = "", property = ""] = ruled.split(".");
    expect(Object.keys(table[model] ?? {}), ruled).toContain(property);
  }
});

test.each([
  [undefined, "a JSON undefined"],
  [null, "null"],
  ["task", "a JSON string"],
  [[task], "an array"],
])("the body %j is not syntactically valid", (body, found) => {
  expect(refusal("TaskAddParameter", body)).toEqual({
    code: "InvalidRequestBody",
    Reason: `expected an object, found ${found}`,
  });
});

test("a missing property is named, and null counts as missing", () => {
  const expected = { code: "MissingRequiredProperty", PropertyName: "commandLine" };
  expect(refusal("TaskAddParameter", { id: "a" })).toMatchObject(expected);
  expect(refusal("TaskAddParameter", { id: "a", commandLine: null })).toMatchObject(expected);
});

test("an optional null is taken out of the body", () => {
  expect(checkBody("TaskAddParameter", NEWEST, { ...task, displayName: null })).toEqual(task);
});

test("a property nobody knows is refused by name, prototype names included", () => {
  expect(refusal("TaskAddParameter", { ...task, comandLine: "x" })).toMatchObject({
    code: "InvalidRequestBody",
    PropertyName: "comandLine",
  });
  for (const name of ["__proto__", "constructor", "toString"]) {
    const body: unknown = JSON.parse(`{"id":"a","commandLine":"b","${name}":{}}`);
    expect(refusal("TaskAddParameter", body)).toMatchObject({
      code: "InvalidRequestBody",
      PropertyName: name,
    });
  }
});

test("OData annotations of an object that was read before are ignored", () => {
  const body = { "odata.metadata": "https://localhost/$metadata#jobs/@Element", ...task };
  expect(checkBody("TaskAddParameter", NEWEST, body)).toEqual(task);
});

test("a property is refused by the api-versions that do not know it", () => {
  const body = { ...task, requiredSlots: 2 };
  expect(refusal("TaskAddParameter", { ...body }, version("2020-03-01.11.0"))).toMatchObject({
    code: "InvalidRequestBody",
    PropertyName: "requiredSlots",
  });
  expect(refusal("TaskAddParameter", { ...body }, version("2020-09-01.12.0"))).toBeUndefined();
  const pool = { id: "p", vmSize: "standard_d2s_v3", resourceTags: { a: "b" } };
  expect(refusal("PoolAddParameter", pool, version("2024-07-01.20.0"))).toBeUndefined();
  expect(refusal("PoolAddParameter", pool, version("2025-06-01"))).toMatchObject({
    PropertyName: "resourceTags",
  });
});

test("what was required once may be left out later", () => {
  const registry = { registryServer: "registry.example" };
  expect(refusal("ContainerRegistry", registry, version("2020-09-01.12.0"))).toMatchObject({
    code: "MissingRequiredProperty",
    PropertyName: "username",
  });
  expect(refusal("ContainerRegistry", registry, version("2021-06-01.14.0"))).toBeUndefined();
});

test("what only the service gives is refused in a request", () => {
  expect(refusal("ImageReference", { exactVersion: "1" })).toMatchObject({ PropertyName: "exactVersion" });
});

test.each([
  [{ id: 7 }, "id", "expected a string, found a JSON number"],
  [{ resourceFiles: {} }, "resourceFiles", "expected an array, found a JSON object"],
  [{ requiredSlots: "one" }, "requiredSlots", "expected a whole number, found a JSON string"],
  [{ requiredSlots: 1.5 }, "requiredSlots", "expected a whole number, found a JSON number"],
  [{ constraints: "PT1H" }, "constraints", "expected an object, found a JSON string"],
])("%j has the wrong JSON type", (change, name, reason) => {
  expect(refusal("TaskAddParameter", { ...task, ...change })).toEqual({
    code: "InvalidRequestBody",
    PropertyName: name,
    Reason: reason,
  });
});

test.each<[BatchModelName, object, string, string]>([
  ["TaskAddParameter", { ...task, id: "" }, "id", ""],
  ["TaskAddParameter", { ...task, id: "a b" }, "id", "a b"],
  ["TaskAddParameter", { ...task, id: "é" }, "id", "é"],
  ["TaskAddParameter", { ...task, id: "x".repeat(65) }, "id", "x".repeat(65)],
  ["TaskAddParameter", { ...task, commandLine: " " }, "commandLine", " "],
  ["TaskAddParameter", { ...task, requiredSlots: 0 }, "requiredSlots", "0"],
  ["JobAddParameter", { id: "j", poolInfo: {}, priority: 1001 }, "priority", "1001"],
  ["JobAddParameter", { id: "j", poolInfo: {}, maxParallelTasks: 0 }, "maxParallelTasks", "0"],
  ["PoolResizeParameter", { targetDedicatedNodes: -1 }, "targetDedicatedNodes", "-1"],
  ["PoolResizeParameter", { resizeTimeout: "PT4M" }, "resizeTimeout", "PT4M"],
  [
    "PoolEnableAutoScaleParameter",
    { autoScaleEvaluationInterval: "P8D" },
    "autoScaleEvaluationInterval",
    "P8D",
  ],
  ["TaskConstraints", { maxWallClockTime: "1 hour" }, "maxWallClockTime", "1 hour"],
  ["TaskConstraints", { maxTaskRetryCount: -2 }, "maxTaskRetryCount", "-2"],
  ["Schedule", { doNotRunUntil: "2024-13-01T00:00:00Z" }, "doNotRunUntil", "2024-13-01T00:00:00Z"],
  ["RollingUpgradePolicy", { maxBatchInstancePercent: 4 }, "maxBatchInstancePercent", "4"],
  ["JobPatchParameter", { onAllTasksComplete: "explode" }, "onAllTasksComplete", "explode"],
  [
    "HostEndpointSettings",
    { mode: "Audit", inVMAccessControlProfileReferenceId: "/subscriptions/0" },
    "inVMAccessControlProfileReferenceId",
    "/subscriptions/0",
  ],
])("%s %j has a value that is not valid", (model, body, name, value) => {
  expect(refusal(model, body)).toMatchObject({
    code: "InvalidPropertyValue",
    PropertyName: name,
    PropertyValue: value,
  });
});

test("a nested fault names the property and the way to it", () => {
  const body = { ...task, environmentSettings: [{ name: "A" }, { name: "B=C" }] };
  expect(refusal("TaskAddParameter", body)).toMatchObject({
    code: "InvalidPropertyValue",
    PropertyName: "name",
    PropertyPath: "environmentSettings[1].name",
    PropertyValue: "B=C",
  });
});

test("a collection of 101 tasks is refused, one of 100 is not", () => {
  const tasks = Array.from({ length: 100 }, (_, index) => ({ ...task, id: `t${index}` }));
  expect(refusal("TaskAddCollectionParameter", { value: tasks })).toBeUndefined();
  expect(refusal("TaskAddCollectionParameter", { value: [...tasks, task] })).toMatchObject({
    code: "InvalidPropertyValue",
    PropertyName: "value",
    PropertyValue: "101",
  });
});

test("enums are read without case and kept in the service's spelling", () => {
  const body = { onAllTasksComplete: "terminateJob" };
  expect(checkBody("JobPatchParameter", NEWEST, body)).toEqual({ onAllTasksComplete: "terminatejob" });
});

test("an enum value is refused by the api-versions before it", () => {
  const configuration = { type: "criCompatible" };
  expect(refusal("ContainerConfiguration", configuration, version("2022-10-01.16.0"))).toMatchObject({
    PropertyName: "type",
  });
  expect(refusal("ContainerConfiguration", configuration, version("2023-05-01.17.0"))).toBeUndefined();
});

test("an empty metadata name has a code of its own", () => {
  const metadata = [{ name: "", value: "x" }];
  expect(refusal("JobPatchParameter", { metadata })).toMatchObject({
    code: "EmptyMetadataKey",
    PropertyName: "name",
  });
});

test("a long value is cut in the error", () => {
  const error = refusal("TaskAddParameter", { ...task, displayName: "x".repeat(2000) });
  expect(error).toMatchObject({ PropertyName: "displayName", PropertyValue: `${"x".repeat(256)}...` });
});

test.each([
  ["PoolResizeParameter", "targetDedicatedNodes", "5", 5],
  ["JobAddParameter", "priority", "-5", -5],
  ["JobAddParameter", "usesTaskDependencies", "True", true],
  ["TaskConstraints", "maxTaskRetryCount", "-1", -1],
  ["OSDisk", "diskSizeGB", "100", 100],
] as const)("%s.%s is taken from the text %j as a command line sends it", (model, property, text, value) => {
  const required = model === "JobAddParameter" ? { id: "j", poolInfo: { poolId: "p" } } : {};
  const body = checkBody(model, NEWEST, { ...required, [property]: text });
  expect((body as Record<string, unknown>)[property]).toBe(value);
});

test.each(["five", "5.0", " 5", "0x5", "5e0", "1".repeat(20), "true"])(
  "the text %j is no whole number",
  (text) => {
    expect(refusal("PoolResizeParameter", { targetDedicatedNodes: text })).toMatchObject({
      code: "InvalidRequestBody",
      PropertyName: "targetDedicatedNodes",
    });
  },
);

test("a text outside of the range is refused as the number is", () => {
  const job = { id: "j", poolInfo: { poolId: "p" }, priority: "1001" };
  expect(refusal("JobAddParameter", job)).toMatchObject({ code: "InvalidPropertyValue" });
});

test.each(["yes", "1", "truthy"])("the text %j is no boolean", (text) => {
  const body = { enableAutomaticUpdates: text };
  expect(refusal("WindowsConfiguration", body)).toMatchObject({ code: "InvalidRequestBody" });
});

test("an empty text means that an optional number, date, length or word of a list was not given", () => {
  const pool = checkBody("PoolAddParameter", version("2024-07-01.20.0"), {
    id: "p",
    vmSize: "standard_d2s_v3",
    displayName: "",
    targetDedicatedNodes: "",
    resizeTimeout: "",
    enableAutoScale: "",
    targetNodeCommunicationMode: "",
  });
  expect(pool).toEqual({ id: "p", vmSize: "standard_d2s_v3", displayName: "" });
});

test.each(["0001-01-01T00:00:00Z", "0001-01-01T00:00:00", "0001-01-01T00:00:00.0000000Z"])(
  "the smallest date of .NET, %s, means none",
  (date) => {
    expect(checkBody("ComputeNodeUser", NEWEST, { name: "u", expiryTime: date })).toEqual({ name: "u" });
    expect(checkBody("Schedule", NEWEST, { doNotRunUntil: date, doNotRunAfter: date })).toEqual({});
  },
);

test.each([
  ["PT3600S", "PT1H"],
  ["PT48H", "P2D"],
  ["P1Y", "P365D"],
  ["P0DT0H5M0S", "PT5M"],
  ["P10675199DT2H48M5.4775807S", "P10675199DT2H48M5.4775807S"],
])("the length %s is kept as the service writes it, %s", (text, canonical) => {
  expect(checkBody("TaskConstraints", NEWEST, { maxWallClockTime: text })).toEqual({
    maxWallClockTime: canonical,
  });
});

test("an older version's names are read as today's", () => {
  const oldest = version("2017-01-01.4.0");
  expect(checkBody("PoolResizeParameter", oldest, { targetDedicated: 3 })).toEqual({
    targetDedicatedNodes: 3,
  });
  expect(refusal("PoolResizeParameter", { targetDedicatedNodes: 3 }, oldest)).toMatchObject({
    code: "InvalidRequestBody",
    PropertyName: "targetDedicatedNodes",
  });
  expect(refusal("PoolResizeParameter", {}, oldest)).toMatchObject({ code: "MissingRequiredProperty" });
  const file = { blobSource: "https://example.org/a", filePath: "a" };
  expect(checkBody("ResourceFile", version("2018-08-01.7.0"), file)).toEqual({
    httpUrl: "https://example.org/a",
    filePath: "a",
  });
});

test("2018-08-01.7.0 has the disk's caching that 2018-12-01.8.0 lost", () => {
  const disk = { caching: "readwrite" };
  expect(refusal("OSDisk", { ...disk }, version("2018-08-01.7.0"))).toBeUndefined();
  expect(refusal("OSDisk", { ...disk }, version("2021-06-01.14.0"))).toBeDefined();
  expect(refusal("OSDisk", { ...disk }, version("2023-11-01.18.0"))).toBeUndefined();
  const configuration = {
    imageReference: { publisher: "p", offer: "o", sku: "s" },
    nodeAgentSKUId: "a",
    osDisk: disk,
  };
  expect(
    refusal("VirtualMachineConfiguration", structuredClone(configuration), version("2018-08-01.7.0")),
  ).toBeUndefined();
  expect(
    refusal("VirtualMachineConfiguration", structuredClone(configuration), version("2018-12-01.8.0")),
  ).toMatchObject({
    PropertyName: "osDisk",
  });
});

test("2026-10-01 has what came with it, and no retained data", () => {
  const newest = version("2026-10-01");
  expect(
    refusal(
      "PoolResizeParameter",
      { targetDedicatedNodes: 1, nodeDeallocationOption: "retaineddata" },
      newest,
    ),
  ).toMatchObject({
    code: "InvalidPropertyValue",
  });
  const profile = { vmSizes: [{ name: "standard_d2s_v3", rank: 0 }], allocationStrategy: "prioritized" };
  expect(refusal("VmSkuProfile", profile, newest)).toBeUndefined();
  expect(
    refusal("TaskAddParameter", { ...task, authenticationTokenSettings: { access: ["job"] } }, newest),
  ).toMatchObject({
    code: "InvalidRequestBody",
  });
});
