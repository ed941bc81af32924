/** The same resources in every accepted api-version: each shows what it knows, and takes what it knows. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { batchApiVersions } from "../../../src/wire/batch/api-versions.gen.ts";
import { jobBody, poolBody, taskBody } from "../batch-bodies.fixture.ts";
import { BatchClient } from "../batch-client.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";

let service: RunningService;
let batch: BatchClient;

beforeAll(async () => {
  service = await runningService();
  batch = await BatchClient.connect(service);
  await batch.post(
    "/pools",
    poolBody("pool", { taskSlotsPerNode: 4, startTask: { commandLine: "/bin/true" } }),
  );
  await batch.post(
    "/jobs",
    jobBody("job", "pool", { maxParallelTasks: 3, constraints: { maxTaskRetryCount: 1 } }),
  );
  await batch.post("/jobs/job/addtaskcollection", {
    value: [taskBody("good", "echo x", { requiredSlots: 2 }), taskBody("bad", "exit 1")],
  });
  await batch.until("/jobs/job/taskcounts", ({ taskCounts }) => taskCounts.completed === 2);
});
afterAll(async () => {
  batch?.close();
  await service?.close();
});

const versions = batchApiVersions.map(({ version }) => version);
const get = async (path: string, version: string) => (await batch.must("GET", path, { version })).json;

describe.each(versions)("%s", (version) => {
  test("shows pools, nodes, jobs, tasks and files as it describes them", async () => {
    // Held against the description inside the client, where the version has one.
    const { nodeInfo } = await get("/jobs/job/tasks/good", version);
    const paths = [
      "/pools",
      "/pools/pool",
      "/pools/pool/nodes",
      `/pools/pool/nodes/${nodeInfo.nodeId}`,
      "/jobs",
      "/jobs/job",
      "/jobs/job/tasks",
      "/jobs/job/tasks/good",
      "/jobs/job/tasks/bad",
      ...(version < "2017-06" ? [] : ["/jobs/job/taskcounts"]),
      "/jobs/job/tasks/good/files?recursive=true",
      ...(version < "2018-03" ? [] : ["/nodecounts"]),
    ];
    for (const path of paths) await get(path, version);
  });

  test.skipIf(version < "2017-06")("counts tasks, and since 2020-09-01.12.0 their slots", async () => {
    const { "odata.metadata": _metadata, ...counts } = await get("/jobs/job/taskcounts", version);
    const tasks = { active: 0, running: 0, completed: 2, succeeded: 1, failed: 1 };
    const slots = { active: 0, running: 0, completed: 3, succeeded: 2, failed: 1 };
    const checked = version < "2018-08" ? { validationStatus: "validated" } : {};
    expect(counts).toEqual(
      version < "2020-09" ? { ...tasks, ...checked } : { taskCounts: tasks, taskSlotCounts: slots },
    );
  });

  test("knows slots as maxTasksPerNode before 2020-09-01.12.0, as taskSlotsPerNode since", async () => {
    const pool = await get("/pools/pool", version);
    const [name, other] =
      version < "2020-09" ? ["maxTasksPerNode", "taskSlotsPerNode"] : ["taskSlotsPerNode", "maxTasksPerNode"];
    expect(pool[name]).toBe(4);
    expect(pool).not.toHaveProperty(other);
    const id = `pool-${version.replaceAll(".", "-")}`;
    const target = version < "2017-05" ? "targetDedicated" : "targetDedicatedNodes";
    const body = (property: string) => {
      const { targetDedicatedNodes: _now, ...pool } = poolBody(id, {}) as Record<string, unknown>;
      return { ...pool, [target]: 0, [property]: 2 };
    };
    const refused = await batch.send("POST", "/pools", { version, body: body(other) });
    expect(refused).toMatchObject({ status: 400, json: { code: "InvalidRequestBody" } });
    expect((await batch.send("POST", "/pools", { version, body: body(name) })).status).toBe(201);
    expect((await batch.get(`/pools/${id}`)).taskSlotsPerNode).toBe(2);
    await batch.must("DELETE", `/pools/${id}`, { version });
  });

  test.skipIf(version < "2018-03")("counts nodes in pages of 10, and since 2025-06-01 of 1000", async () => {
    const ask = async (most: number) =>
      (await batch.send("GET", `/nodecounts?maxresults=${most}`, { version })).status;
    expect([await ask(10), await ask(1000), await ask(1001)]).toEqual([
      200,
      version < "2025-06" ? 400 : 200,
      400,
    ]);
  });

  test("has the operations of its time", async () => {
    const images = await batch.send("GET", "/supportedimages", { version });
    expect(images.status).toBe(version < "2019-06" ? 400 : 200);
    const agents = await batch.send("GET", "/nodeagentskus?maxresults=2&$filter=osType%20eq%20'linux'", {
      version,
    });
    expect(agents.status).toBe(version < "2019-06" ? 200 : 400);
    if (version < "2019-06") {
      expect(agents.json.value).toHaveLength(2);
      expect(agents.json.value[0]).toMatchObject({
        id: "batch.node.ubuntu 24.04",
        osType: "linux",
        verifiedImageReferences: expect.arrayContaining([expect.objectContaining({ version: "latest" })]),
      });
    }
    const lifetime = await batch.send("GET", "/lifetimejobstats", { version });
    expect(lifetime.status).toBe(version < "2023-05" ? 200 : 400);
  });
});

test("a newer version than all is answered as the newest, and what was never there is refused", async () => {
  const newer = await batch.send("GET", "/jobs/job", { version: "2027-01-01" });
  expect(newer.status).toBe(200);
  expect(service.log.filter((line) => line.includes("2027-01-01"))).toHaveLength(1);
  const unknown = await batch.send("GET", "/jobs/job", { version: "2016-07-01.3.1" });
  expect(unknown).toMatchObject({ status: 400, json: { code: "InvalidQueryParameterValue" } });
  expect(JSON.stringify(unknown.json.values)).toContain("nearest known version is 2017-01-01.4.0");
});
