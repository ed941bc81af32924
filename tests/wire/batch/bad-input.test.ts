/** Requests that are wrong: each gets the documented error, which names what is wrong, and changes nothing. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import {
  ADD_TASK_COLLECTION_MAX_BYTES,
  ADD_TASK_COLLECTION_MAX_TASKS,
  POOL_BODY_MAX_BYTES,
} from "../../../src/wire/batch/limits.ts";
import { jobBody, poolBody, taskBody } from "../batch-bodies.fixture.ts";
import { BatchClient, type BatchReply, type Json } from "../batch-client.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";

let service: RunningService;
let batch: BatchClient;
let before: Json;

const everything = async (): Promise<Json> => ({
  pools: await batch.list("/pools"),
  jobs: await batch.list("/jobs"),
  tasks: await batch.list("/jobs/job/tasks"),
});

beforeAll(async () => {
  service = await runningService();
  batch = await BatchClient.connect(service);
  await batch.post("/pools", poolBody("pool", { targetDedicatedNodes: 0 }));
  await batch.until("/pools/pool", ({ allocationState }) => allocationState === "steady");
  await batch.post("/jobs", jobBody("job", "pool"));
  await batch.post("/jobs/job/tasks", taskBody("task", ":"));
  before = await everything();
});
afterEach(async () => {
  expect(await everything()).toEqual(before);
});
afterAll(async () => {
  batch?.close();
  await service?.close();
});

const valuesOf = ({ json }: BatchReply): Record<string, string> =>
  Object.fromEntries((json.values ?? []).map(({ key, value }: Json) => [key, value]));

describe("a body", () => {
  test.each(["{", "", "nonsense", '{"id":"x"', "[1,2]", '"text"', "null", "7"])(
    "that reads %s is no job",
    async (body) => {
      const refused = await batch.send("POST", "/jobs", { body });
      expect(refused).toMatchObject({ status: 400, json: { code: "InvalidRequestBody" } });
    },
  );

  test.each<[property: string, body: object, code: string]>([
    ["id", { poolInfo: { poolId: "pool" } }, "MissingRequiredProperty"],
    ["poolInfo", { id: "new" }, "MissingRequiredProperty"],
    ["id", jobBody("", "pool"), "InvalidPropertyValue"],
    ["id", jobBody("a".repeat(65), "pool"), "InvalidPropertyValue"],
    ["id", jobBody("with space", "pool"), "InvalidPropertyValue"],
    ["id", jobBody("a/b", "pool"), "InvalidPropertyValue"],
    ["id", jobBody("a:b", "pool"), "InvalidPropertyValue"],
    ["id", jobBody("../up", "pool"), "InvalidPropertyValue"],
    ["id", jobBody("é", "pool"), "InvalidPropertyValue"],
    ["id", jobBody("we ird(x)é", "pool"), "InvalidPropertyValue"],
    ["id", { id: 7, poolInfo: { poolId: "pool" } }, "InvalidRequestBody"],
    ["id", { id: ["new"], poolInfo: { poolId: "pool" } }, "InvalidRequestBody"],
    ["priority", jobBody("new", "pool", { priority: "high" }), "InvalidRequestBody"],
    ["priority", jobBody("new", "pool", { priority: 1.5 }), "InvalidRequestBody"],
    ["priority", jobBody("new", "pool", { priority: 1001 }), "InvalidPropertyValue"],
    ["priority", jobBody("new", "pool", { priority: 1e30 }), "InvalidPropertyValue"],
    ["maxParallelTasks", jobBody("new", "pool", { maxParallelTasks: 0 }), "InvalidPropertyValue"],
    ["usesTaskDependencies", jobBody("new", "pool", { usesTaskDependencies: "yes" }), "InvalidRequestBody"],
    ["onAllTasksComplete", jobBody("new", "pool", { onAllTasksComplete: "explode" }), "InvalidPropertyValue"],
    [
      "maxWallClockTime",
      jobBody("new", "pool", { constraints: { maxWallClockTime: "an hour" } }),
      "InvalidPropertyValue",
    ],
    [
      "maxTaskRetryCount",
      jobBody("new", "pool", { constraints: { maxTaskRetryCount: -2 } }),
      "InvalidPropertyValue",
    ],
    ["metadata", jobBody("new", "pool", { metadata: { a: "b" } }), "InvalidRequestBody"],
    ["value", jobBody("new", "pool", { metadata: [{ name: "a" }] }), "MissingRequiredProperty"],
    ["poolInfo", jobBody("new", "pool", { poolInfo: "pool" }), "InvalidRequestBody"],
    ["poolInfo", { id: "new", poolInfo: {} }, "InvalidPropertyValue"],
    ["nosuch", jobBody("new", "pool", { nosuch: 1 }), "InvalidRequestBody"],
    ["state", jobBody("new", "pool", { state: "completed" }), "InvalidRequestBody"],
    [
      "__proto__",
      JSON.parse('{"id":"new","poolInfo":{"poolId":"pool"},"__proto__":{"x":1}}'),
      "InvalidRequestBody",
    ],
  ])("with a wrong %s is no job: %j", async (property, body, code) => {
    const refused = await batch.send("POST", "/jobs", { body });
    expect(refused, refused.text).toMatchObject({ status: 400, json: { code } });
    expect(valuesOf(refused).PropertyName).toBe(property);
  });

  test.each<[property: string, body: object]>([
    ["vmSize", { ...poolBody("new"), vmSize: "" }],
    ["targetDedicatedNodes", poolBody("new", { targetDedicatedNodes: -1 })],
    ["taskSlotsPerNode", poolBody("new", { taskSlotsPerNode: 0 })],
    ["taskSlotsPerNode", poolBody("new", { taskSlotsPerNode: 257 })],
    ["resizeTimeout", poolBody("new", { resizeTimeout: "PT1S" })],
    ["nodeFillType", poolBody("new", { taskSchedulingPolicy: { nodeFillType: "scatter" } })],
    ["virtualMachineConfiguration", { id: "new", vmSize: "standard_d2s_v3" }],
    ["commandLine", poolBody("new", { startTask: { commandLine: "" } })],
  ])("with a wrong %s is no pool: %j", async (property, body) => {
    const refused = await batch.send("POST", "/pools", { body });
    expect(refused, refused.text).toMatchObject({ status: 400, json: { code: "InvalidPropertyValue" } });
    expect(valuesOf(refused).PropertyName).toBe(property);
  });

  test.each<[property: string, change: object]>([
    ["commandLine", { commandLine: " " }],
    ["commandLine", { commandLine: "a\0b" }],
    ["commandLine", { commandLine: "x".repeat(140_000) }],
    ["requiredSlots", { requiredSlots: 0 }],
    ["name", { environmentSettings: [{ name: "A=B", value: "x" }] }],
    ["value", { environmentSettings: [{ name: "A", value: "x\0" }] }],
    ["start", { dependsOn: { taskIdRanges: [{ start: -1, end: 2 }] } }],
    ["id", { id: "x".repeat(65) }],
  ])("with a wrong %s is no task", async (property, change) => {
    const refused = await batch.send("POST", "/jobs/job/tasks", { body: taskBody("new", ":", change) });
    expect(refused, refused.text).toMatchObject({ status: 400, json: { code: "InvalidPropertyValue" } });
    expect(valuesOf(refused).PropertyName).toBe(property);
  });

  test("with a negative resize is refused", async () => {
    for (const property of ["targetDedicatedNodes", "targetLowPriorityNodes"]) {
      const refused = await batch.send("POST", "/pools/pool/resize", { body: { [property]: -3 } });
      expect(refused).toMatchObject({ status: 400, json: { code: "InvalidPropertyValue" } });
      expect(valuesOf(refused)).toMatchObject({ PropertyName: property, PropertyValue: "-3" });
    }
  });
});

describe("a collection of tasks", () => {
  const tasks = (count: number, change: object = {}) =>
    Array.from({ length: count }, (_, i) => taskBody(`t${i}`, ":", change));
  const send = (body: object | string) => batch.send("POST", "/jobs/job/addtaskcollection", { body });

  test("of one more than may be is refused whole", async () => {
    const refused = await send({ value: tasks(ADD_TASK_COLLECTION_MAX_TASKS + 1) });
    expect(refused).toMatchObject({ status: 400, json: { code: "InvalidPropertyValue" } });
    expect(valuesOf(refused).PropertyName).toBe("value");
  });

  test("about a pool is RequestBodyTooLarge beyond a quarter of that", async () => {
    const refused = await batch.send("POST", "/pools", { body: { id: "x".repeat(POOL_BODY_MAX_BYTES) } });
    expect(refused).toMatchObject({ status: 413, json: { code: "RequestBodyTooLarge" } });
  });

  test("of more than a megabyte is RequestBodyTooLarge, which clients split on", async () => {
    const refused = await send({
      value: tasks(1, { displayName: "x".repeat(ADD_TASK_COLLECTION_MAX_BYTES) }),
    });
    expect(refused).toMatchObject({ status: 413, json: { code: "RequestBodyTooLarge" } });
    const huge = await batch.send("POST", "/jobs", { body: "x".repeat(3_000_000) });
    expect(huge).toMatchObject({ status: 413, json: { code: "RequestBodyTooLarge" } });
  });

  test.each([
    ["an id with a dot", { ...taskBody("a.b", ":") }, "InvalidPropertyValue", "id"],
    ["no command line", { id: "bad" }, "MissingRequiredProperty", "commandLine"],
    ["an unknown property", taskBody("bad", ":", { colour: "red" }), "InvalidRequestBody", "colour"],
    [
      "a count of retries below -1",
      taskBody("bad", ":", { constraints: { maxTaskRetryCount: -2 } }),
      "InvalidPropertyValue",
      "maxTaskRetryCount",
    ],
    [
      "a length that is none",
      taskBody("bad", ":", { constraints: { maxWallClockTime: "1 day" } }),
      "InvalidPropertyValue",
      "maxWallClockTime",
    ],
    [
      "what is not built",
      taskBody("bad", ":", { multiInstanceSettings: { coordinationCommandLine: ":" } }),
      "NotImplemented",
      "multiInstanceSettings",
    ],
  ])("with a task of %s refuses that one alone, by the property", async (_, bad, code, property) => {
    const good = taskBody(`good-${code}-${property}`, ":");
    const reply = await send({ value: [good, bad] });
    expect(reply.status).toBe(200);
    const { value } = reply.json;
    expect(value).toMatchObject([
      { status: "success", taskId: good.id },
      { status: "clienterror", taskId: bad.id, error: { code } },
    ]);
    expect(value[1].error.values).toContainEqual({ key: "PropertyName", value: property });
    await batch.must("DELETE", `/jobs/job/tasks/${good.id}`);
  });

  test.each([{}, { value: {} }, { value: [], more: 1 }])("that is %j is refused whole", async (body) => {
    expect((await send(body)).status).toBe(400);
  });
});

describe("a query", () => {
  test.each(["2015-01-01", "2024-07-01.21.0", "latest", "", "2024-07-01.20.0%20"])(
    "with api-version %s is refused",
    async (version) => {
      const refused = await batch.send("GET", "/jobs", { version });
      expect(refused).toMatchObject({ status: 400, json: { code: "InvalidQueryParameterValue" } });
      expect(valuesOf(refused)).toMatchObject({ QueryParameterName: "api-version" });
    },
  );

  test("without api-version is refused", async () => {
    const refused = await batch.send("GET", "/jobs", { version: null });
    expect(refused).toMatchObject({ status: 400, json: { code: "MissingRequiredQueryParameter" } });
    expect(valuesOf(refused)).toMatchObject({ QueryParameterName: "api-version" });
  });

  test.each([
    "/jobs?maxresults=1&maxresults=2",
    "/jobs?api-version=2024-07-01.20.0",
    "/jobs?$select=id&$select=state",
    "/jobs?$select=id&$Select=state",
  ])("with a name given twice is refused: %s", async (path) => {
    const refused = await batch.send("GET", path);
    expect(refused).toMatchObject({ status: 400, json: { code: "InvalidQueryParameterValue" } });
  });

  test.each([
    "/jobs?nosuch=1",
    "/jobs/job?maxresults=1",
    "/jobs/job/taskcounts?$filter=x",
    "/nodecounts?$select=x",
  ])("with a parameter that the operation does not take is refused: %s", async (path) => {
    const refused = await batch.send("GET", path);
    expect(refused).toMatchObject({ status: 400, json: { code: "UnsupportedQueryParameter" } });
    expect(path).toContain(valuesOf(refused).QueryParameterName);
  });

  test.each(["timeout=abc", "timeout=-1", "timeout="])("with %s is refused", async (query) => {
    const refused = await batch.send("GET", `/jobs?${query}`);
    expect(refused).toMatchObject({ status: 400, json: { code: "InvalidQueryParameterValue" } });
  });

  test("with a page token of nobody's is refused", async () => {
    for (const token of ["nonsense", Buffer.from("[5]").toString("base64url"), "%00", "null"]) {
      const refused = await batch.send("GET", `/jobs?$skiptoken=${token}`);
      expect(refused).toMatchObject({ status: 400, json: { code: "InvalidQueryParameterValue" } });
    }
  });

  test("with a $select of what is not there is refused", async () => {
    for (const select of ["nosuch", "id,", ",", "id,nosuch/deeper"]) {
      const refused = await batch.send("GET", `/jobs?$select=${encodeURIComponent(select)}`);
      expect([200, 400]).toContain(refused.status);
      if (refused.status === 400) expect(refused.json.code).toBe("InvalidQueryParameterValue");
    }
  });

  test("with a filter as deep as a well is refused, and the service goes on", async () => {
    for (const filter of [
      `${"(".repeat(3_000)}id eq 'x'${")".repeat(3_000)}`,
      Array.from({ length: 1_000 }, () => "id eq 'x'").join(" or "),
    ]) {
      const reply = await batch.send("GET", `/jobs?$filter=${encodeURIComponent(filter)}`);
      expect([200, 400, 414, 431]).toContain(reply.status);
    }
  });
});

describe("an address", () => {
  test.each([
    ["GET", "/nosuch", 400, "InvalidUri"],
    ["GET", "/jobs/job/nosuch", 400, "InvalidUri"],
    ["GET", "/jobs/job/tasks/task/nosuch", 400, "InvalidUri"],
    ["GET", "/", 400, "InvalidUri"],
    ["GET", "/jobs/%zz", 400, "InvalidUri"],
    ["GET", "/jobs/%ff", 400, "InvalidUri"],
    ["POST", "/pools/pool/upgradeos", 400, "InvalidUri"],
    ["PUT", "/jobs", 405, "UnsupportedHttpVerb"],
    ["DELETE", "/pools", 405, "UnsupportedHttpVerb"],
    ["OPTIONS", "/jobs", 405, "UnsupportedHttpVerb"],
  ])("%s %s is answered %i", async (method, path, status, code) => {
    expect(await batch.send(method, path)).toMatchObject({ status, json: { code } });
  });

  test.each([
    "we%20ird(x)%C3%A9",
    "we%20ird%28x%29%C3%A9",
    "a%2Fb",
    "..%2f..%2fpools%2fpool",
    "%00",
    "a".repeat(200),
    "job%20",
    "%E2%80%AE",
  ])("with the odd id %s finds nothing", async (id) => {
    for (const method of ["GET", "DELETE"]) {
      const reply = await batch.send(method, `/jobs/${id}`);
      expect([400, 404]).toContain(reply.status);
      expect(reply.json.code).toMatch(/^(JobNotFound|InvalidUri|InvalidPropertyValue)$/);
      expect([400, 404]).toContain((await batch.send(method, `/jobs/job/tasks/${id}`)).status);
      expect([400, 404]).toContain((await batch.send(method, `/pools/${id}`)).status);
    }
  });

  test.each(["/jobs/job/../../pools/pool", "/jobs/./job", "/jobs//job", "/../jobs", "/jobs/job/../job"])(
    "%s is not tidied up into another",
    async (path) => {
      for (const method of ["GET", "DELETE"]) {
        expect([400, 404, 405]).toContain((await batch.send(method, path)).status);
      }
    },
  );
});

describe("a header", () => {
  test("of a condition that cannot be read is no condition, or an error, and never a change", async () => {
    for (const value of ["not-a-tag", '"unclosed', "*, *", ""]) {
      const reply = await batch.send("DELETE", "/jobs/job", { headers: { "if-match": value } });
      expect(reply, value).toMatchObject({ status: 412 });
    }
  });

  test("that hides what the body is does not matter", async () => {
    const body = JSON.stringify({ id: "job", poolInfo: { poolId: "pool" } });
    for (const type of [
      "text/plain",
      "application/x-www-form-urlencoded",
      "application/json; charset=utf-16",
    ]) {
      const reply = await batch.send("POST", "/jobs", { body, headers: { "content-type": type } });
      expect([409, 400, 415]).toContain(reply.status);
    }
  });
});
