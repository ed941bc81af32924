/** What all resources share on the wire: lists by pages, $select, $filter, $expand, ETags and conditions, request ids. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { jobBody, poolBody, taskBody } from "../batch-bodies.fixture.ts";
import { BatchClient, type Json } from "../batch-client.fixture.ts";
import { LOCATION } from "../contoso.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";

let service: RunningService;
let batch: BatchClient;

const TASKS = Array.from({ length: 25 }, (_, i) => `t${i}`);
const JOBS = Array.from({ length: 7 }, (_, i) => `job-${i}`);

beforeAll(async () => {
  service = await runningService();
  batch = await BatchClient.connect(service);
  await batch.post("/pools", poolBody("pool"));
  for (const [i, id] of JOBS.entries()) {
    await batch.post(
      "/jobs",
      jobBody(id, i % 2 ? "absent" : "pool", { priority: i * 10, displayName: `No. ${i}` }),
    );
  }
  const value = TASKS.map((id, i) => taskBody(id, i < 10 ? `exit ${i % 2}` : "sleep 600"));
  await batch.post("/jobs/job-0/addtaskcollection", { value });
  await batch.until("/jobs/job-0/taskcounts", ({ taskCounts }) => taskCounts.completed === 10);
});
afterAll(async () => {
  batch?.close();
  await service?.close();
});

const ids = (resources: readonly Json[]): string[] => resources.map(({ id }) => id);
const query = (parameters: Record<string, string>): string => `?${new URLSearchParams(parameters)}`;

describe("pages", () => {
  test("hold maxresults entries and lead on to the next, each entry once", async () => {
    const sizes: number[] = [];
    const found: Json[] = [];
    let page = await batch.get(`/jobs/job-0/tasks${query({ maxresults: "10", $select: "id" })}`);
    for (;;) {
      sizes.push(page.value.length);
      found.push(...page.value);
      const next: string | undefined = page["odata.nextLink"];
      if (next === undefined) break;
      expect(next).toMatch(new RegExp(`^${batch.url}/jobs/job-0/tasks\\?`));
      expect(next).toContain("api-version=2024-07-01.20.0");
      page = (await batch.follow(next)).json;
    }
    expect(sizes).toEqual([10, 10, 5]);
    expect(found).toEqual([...TASKS].sort().map((id) => ({ id })));
  });

  test("are no more than needed: a full last page has no next link", async () => {
    const page = await batch.get("/jobs/job-0/tasks?maxresults=25");
    expect(page.value).toHaveLength(25);
    if (page["odata.nextLink"] !== undefined) {
      expect((await batch.follow(page["odata.nextLink"])).json.value).toEqual([]);
    }
  });

  test("lead on at the host that was asked", async () => {
    const host = `${service.ready.account}.${LOCATION}.batch.azure.com`;
    const own = `${service.ready.account}.${service.ready.location}.batch.azure.com`;
    const page = await batch.must("GET", "/jobs?maxresults=1", { headers: { host: own } });
    expect(page.json["odata.nextLink"]).toMatch(new RegExp(`^https://${own}/jobs\\?`));
    expect(page.json.value[0].url).toBe(`https://${own}/jobs/job-0`);
    expect(host).not.toBe(own);
  });

  test("go on after what was added and deleted meanwhile", async () => {
    const page = await batch.get("/jobs?maxresults=3");
    await batch.post("/jobs", jobBody("late", "absent"));
    await batch.must("DELETE", "/jobs/job-1");
    await batch.untilGone("/jobs/job-1");
    const rest: Json[] = [];
    for (let next = page["odata.nextLink"]; next; ) {
      const { json } = await batch.follow(next);
      rest.push(...json.value);
      next = json["odata.nextLink"];
    }
    expect(ids([...page.value, ...rest])).toEqual([...JOBS, "late"]);
    await batch.must("DELETE", "/jobs/late");
    await batch.untilGone("/jobs/late");
    await batch.post("/jobs", jobBody("job-1", "absent", { priority: 10 }));
  });

  test.each(["0", "1001", "-1", "ten", "1.5", ""])("of %s entries are refused", async (maxresults) => {
    const refused = await batch.send("GET", `/jobs?maxresults=${maxresults}`);
    expect(refused).toMatchObject({ status: 400 });
    expect(["InvalidQueryParameterValue", "OutOfRangeQueryParameterValue"]).toContain(refused.json.code);
    expect(refused.json.values).toContainEqual({ key: "QueryParameterName", value: "maxresults" });
  });
});

describe("$filter", () => {
  const jobs = async ($filter: string) => ids(await batch.list(`/jobs${query({ $filter })}`)).sort();
  const tasks = async ($filter: string) => ids(await batch.list(`/jobs/job-0/tasks${query({ $filter })}`));

  test.each([
    ["id eq 'job-2'", ["job-2"]],
    ["id ge 'job-4'", ["job-4", "job-5", "job-6"]],
    ["id lt 'job-2' or id gt 'job-5'", ["job-0", "job-1", "job-6"]],
    ["state eq 'active' and (id eq 'job-2' or id eq 'job-3')", ["job-2", "job-3"]],
    ["state eq 'completed' and id eq 'job-2' or id eq 'job-3'", ["job-3"]],
    ["not (id lt 'job-6')", ["job-6"]],
    ["startswith(id, 'job-3')", ["job-3"]],
    ["creationTime gt DateTime'2020-01-01T00:00:00Z' and id eq 'job-0'", ["job-0"]],
    ["creationTime lt datetime'2020-01-01T00:00:00Z'", []],
    ["executionInfo/poolId eq 'pool'", ["job-0", "job-2", "job-4", "job-6"]],
  ])("of jobs: %s", async (filter, expected) => {
    expect(await jobs(filter)).toEqual(expected);
  });

  test.each([
    ["state eq 'completed'", TASKS.slice(0, 10)],
    [
      "executionInfo/exitCode ne 0 and state eq 'completed'",
      TASKS.slice(0, 10).filter((_, i) => i % 2 === 1),
    ],
    ["executionInfo/result eq 'success'", TASKS.slice(0, 10).filter((_, i) => i % 2 === 0)],
    ["startswith(id, 't2') and state ne 'completed'", TASKS.slice(20)],
  ])("of tasks: %s", async (filter, expected) => {
    expect(await tasks(filter)).toEqual(expected);
  });

  test("works together with pages and $select", async () => {
    const path = `/jobs/job-0/tasks${query({ $filter: "state eq 'completed'", $select: "id,state", maxresults: "3" })}`;
    expect(await batch.list(path)).toEqual(TASKS.slice(0, 10).map((id) => ({ id, state: "completed" })));
  });

  test.each([
    ["id", /column \d/],
    ["id eq", /column 6/],
    ["creationTime gt 'ten'", /'creationTime'.*column 1\b/],
    ["(id eq 'x'", /column 11/],
    ["nosuch eq 1", /'nosuch'.*column 1\b/],
    ["priority eq 1", /'priority'.*column 1\b/],
    ["id eq 'a' and and id eq 'b'", /column 15/],
    ["id eq 'unclosed", /column 7/],
    ["id like 'x'", /column 4/],
  ])("%s is refused, and the place is named", async (filter, reason) => {
    const refused = await batch.send("GET", `/jobs${query({ $filter: filter })}`);
    expect(refused).toMatchObject({ status: 400, json: { code: "InvalidQueryParameterValue" } });
    const values = Object.fromEntries(refused.json.values.map(({ key, value }: Json) => [key, value]));
    expect(values).toMatchObject({ QueryParameterName: "$filter", QueryParameterValue: filter });
    expect(values.Reason).toMatch(reason);
  });
});

describe("$select and $expand", () => {
  test("show what was asked for and nothing else", async () => {
    const [job] = await batch.list("/jobs?$select=id,state");
    expect(Object.keys(job)).toEqual(["id", "state"]);
    const { "odata.metadata": _metadata, ...one } = await batch.get("/jobs/job-0?$select=id,executionInfo");
    expect(Object.keys(one).sort()).toEqual(["executionInfo", "id"]);
    const nested = await batch.get("/jobs/job-0/tasks/t0?$select=id,executionInfo/exitCode");
    expect(nested.executionInfo).toEqual({ exitCode: 0 });
  });

  test("count in whatever case their names are written", async () => {
    const [job] = await batch.list("/jobs?$Select=id&MaxResults=1&timeOut=500");
    expect(job).toEqual({ id: "job-0" });
  });

  test.each(["/jobs", "/jobs/job-0", "/pools", "/pools/pool", "/jobs/job-0/tasks"])(
    "of %s: stats can be expanded, nothing else can",
    async (path) => {
      expect((await batch.send("GET", `${path}?$expand=stats`)).status).toBe(200);
      const refused = await batch.send("GET", `${path}?$expand=tasks`);
      expect(refused).toMatchObject({ status: 400, json: { code: "InvalidQueryParameterValue" } });
    },
  );
});

describe("conditions", () => {
  const absent = '"0x8D000000000000"';
  const send = (method: string, path: string, headers: Record<string, string>, body?: object) =>
    batch.send(method, path, { headers, ...(body && { body }) });

  test("a read with the current ETag answers 304, with another one 200", async () => {
    for (const path of ["/jobs/job-2", "/pools/pool", "/jobs/job-0/tasks/t1"]) {
      const { headers, json } = await batch.must("GET", path);
      const etag = headers.etag ?? "";
      expect(etag).toBe(json.eTag);
      const unchanged = await send("GET", path, { "if-none-match": etag });
      expect(unchanged).toMatchObject({ status: 304, text: "" });
      expect((await send("GET", path, { "if-none-match": absent })).status).toBe(200);
      expect((await send("GET", path, { "if-match": etag })).status).toBe(200);
      expect((await send("GET", path, { "if-match": `"${etag}"` })).status).toBe(200);
      expect((await send("GET", path, { "if-match": absent })).status).toBe(412);
      expect((await send("GET", path, { "if-modified-since": headers["last-modified"] ?? "" })).status).toBe(
        304,
      );
    }
    const { headers } = await batch.must("HEAD", "/pools/pool");
    expect((await send("HEAD", "/pools/pool", { "if-none-match": headers.etag ?? "" })).status).toBe(304);
    expect((await send("HEAD", "/pools/pool", { "if-match": absent })).status).toBe(412);
  });

  test("a change with an ETag that is not the current one answers 412 and changes nothing", async () => {
    const before = await batch.get("/jobs/job-2");
    const changes: [string, string, object?][] = [
      ["PATCH", "/jobs/job-2", { priority: 1 }],
      ["PUT", "/jobs/job-2", { poolInfo: { poolId: "pool" } }],
      ["POST", "/jobs/job-2/disable", { disableTasks: "wait" }],
      ["POST", "/jobs/job-2/terminate"],
      ["DELETE", "/jobs/job-2"],
    ];
    for (const [method, path, body] of changes) {
      const refused = await send(method, path, { "if-match": absent }, body);
      expect(refused, path).toMatchObject({ status: 412, json: { code: "ConditionNotMet" } });
    }
    expect(await batch.get("/jobs/job-2")).toEqual(before);
    for (const [method, path, body] of [
      ["DELETE", "/jobs/job-0/tasks/t1"],
      ["PUT", "/jobs/job-0/tasks/t20", { constraints: {} }],
      ["POST", "/jobs/job-0/tasks/t20/terminate"],
      ["DELETE", "/pools/pool"],
      ["PATCH", "/pools/pool", { metadata: [] }],
      ["POST", "/pools/pool/resize", { targetDedicatedNodes: 0 }],
    ] as [string, string, object?][]) {
      expect((await send(method, path, { "if-match": absent }, body)).status, path).toBe(412);
    }
  });

  test("each change gives a new ETag, which the next one can be held to", async () => {
    const first = (await batch.must("GET", "/jobs/job-3")).headers.etag ?? "";
    const changed = await send("PATCH", "/jobs/job-3", { "if-match": first }, { priority: 31 });
    expect(changed.status).toBe(200);
    const second = changed.headers.etag ?? "";
    expect(second).not.toBe(first);
    expect((await batch.must("GET", "/jobs/job-3")).headers.etag).toBe(second);
    expect((await send("PATCH", "/jobs/job-3", { "if-match": first }, { priority: 32 })).status).toBe(412);
    expect((await batch.get("/jobs/job-3")).priority).toBe(31);
    const reply = await send(
      "PATCH",
      "/jobs/job-3",
      { "if-unmodified-since": "Thu, 01 Jan 1970 00:00:00 GMT" },
      { priority: 33 },
    );
    expect(reply.status).toBe(412);
    expect((await send("PATCH", "/jobs/job-3", { "if-match": "*" }, { priority: 30 })).status).toBe(200);
  });
});

test("the address of the documentation leads to the account, beside its own, and another region's does not", async () => {
  const { account, location } = service.ready;
  const outcome = async (region: string) =>
    (await batch.send("GET", "/jobs", { headers: { host: `${account}.${region}.batch.azure.com` } })).status;
  expect(location).toBe("eastus");
  expect([await outcome(location), await outcome("mylocation"), await outcome("westus")]).toEqual([
    200, 200, 404,
  ]);
});

describe("replies", () => {
  const id = "11111111-2222-4333-8444-555555555555";

  test("carry a request id, and the client's own when it asks for it", async () => {
    const plain = await batch.must("GET", "/jobs", { headers: { "client-request-id": id } });
    expect(plain.headers["request-id"]).toMatch(/^[\da-f-]{36}$/);
    expect(plain.headers["client-request-id"]).toBeUndefined();
    const asked = await batch.must("GET", "/jobs", {
      headers: { "client-request-id": id, "return-client-request-id": "true" },
    });
    expect(asked.headers["client-request-id"]).toBe(id);
  });

  test("that are errors name it in their text, in the documented shape", async () => {
    const { headers, json, status } = await batch.send("GET", "/jobs/absent");
    expect(status).toBe(404);
    expect(headers["content-type"]).toMatch(/^application\/json;\s?odata=minimalmetadata/);
    expect(json).toEqual({
      "odata.metadata": expect.stringMatching(
        /\$metadata#Microsoft\.Azure\.Batch\.Protocol\.Entities\.Container\.errors\/@Element$/,
      ),
      code: "JobNotFound",
      message: { lang: "en-US", value: expect.stringContaining(`RequestId:${headers["request-id"]}`) },
    });
  });

  test("to HEAD have no body", async () => {
    for (const path of ["/pools/pool", "/pools/absent"]) {
      expect((await batch.send("HEAD", path)).text).toBe("");
    }
  });
});

test.each([
  ["/jobs?$select=id,foo", "foo"],
  ["/jobs?$select=Id", "Id"],
  ["/jobs/job-0?$select=executionInfo/exitCode", "executionInfo/exitCode"],
  ["/pools/pool?$select=taskSlotsPerNodes", "taskSlotsPerNodes"],
  ["/pools/pool/nodes?$select=state,", "Item 2"],
])("%s asks for what no such resource has, and is refused by name", async (path, name) => {
  const reply = await batch.send("GET", path);
  expect(reply).toMatchObject({ status: 400, json: { code: "InvalidQueryParameterValue" } });
  expect(JSON.stringify(reply.json.values)).toContain(name);
});

test("what an api-version does not know, or knows by another name, cannot be selected in it", async () => {
  const old = { version: "2017-01-01.4.0" };
  expect((await batch.send("GET", "/pools/pool?$select=targetDedicatedNodes", old)).status).toBe(400);
  expect((await batch.must("GET", "/pools/pool?$select=targetDedicated", old)).json).toMatchObject({
    targetDedicated: 1,
  });
});

test("an id of the request is taken in the query too", async () => {
  const id = "11111111-2222-3333-4444-555555555555";
  const reply = await batch.must("GET", `/jobs?client-request-id=${id}&return-client-request-id=true`);
  expect(reply.headers["client-request-id"]).toBe(id);
});

test("the reason phrase of an error is its message", async () => {
  const job = await batch.send("GET", "/jobs/none");
  expect(job.reason).toBe("The specified job does not exist.");
  expect(job.json.message.value).toMatch(/^The specified job does not exist\.\nRequestId:/);
  expect((await batch.send("GET", "/pools/none")).reason).toBe("The specified pool does not exist.");
});

test("pools and counts of their nodes come by id, page after page; an ordinary task has no subtasks", async () => {
  for (const id of ["zebra", "Alpha", "beta"])
    await batch.post("/pools", poolBody(id, { targetDedicatedNodes: 0 }));
  const pools = await batch.list("/pools?maxresults=2");
  const ids = pools.map(({ id }) => id);
  expect(ids).toEqual([...ids].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)));
  const counts = await batch.list("/nodecounts?maxresults=2");
  expect(counts.map(({ poolId }) => poolId)).toEqual(ids);
  expect((await batch.get("/jobs/job-0/tasks/t0/subtasksinfo")).value).toEqual([]);

  for (let number = 0; number < 10; number++)
    await batch.post("/pools", poolBody(`more-${number}`, { targetDedicatedNodes: 0 }));
  const unasked = async (version: string) =>
    (await batch.must("GET", "/nodecounts", { version })).json.value.length;
  const all = ids.length + 10;
  expect([await unasked("2024-07-01.20.0"), await unasked("2025-06-01")]).toEqual([10, all]);
});
