/** Pools and their nodes: start tasks, resizing with each way to give nodes up, removal, deletion, counts. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { jobBody, poolBody, taskBody } from "../batch-bodies.fixture.ts";
import { BatchClient, type Json } from "../batch-client.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";

let service: RunningService;
let batch: BatchClient;

beforeAll(async () => {
  service = await runningService();
  batch = await BatchClient.connect(service);
});
afterAll(async () => {
  batch?.close();
  await service?.close();
});

let pools = 0;
async function newPool(change: object = {}): Promise<string> {
  const id = `pool-${++pools}`;
  await batch.post("/pools", poolBody(id, change));
  return id;
}

/** The pool with a job of its own, its nodes idle. */
async function readyPool(change: object = {}): Promise<string> {
  const pool = await newPool(change);
  await batch.post("/jobs", jobBody(pool, pool));
  await steady(pool);
  await nodesIn(pool, "idle");
  return pool;
}

const steady = (pool: string): Promise<Json> =>
  batch.until(`/pools/${pool}`, ({ allocationState }) => allocationState === "steady");
const nodesIn = async (pool: string, state: string): Promise<Json[]> =>
  (
    await batch.until(`/pools/${pool}/nodes`, ({ value }) =>
      value.every((node: Json) => node.state === state),
    )
  ).value;
const addTasks = (job: string, ...value: object[]) => batch.post(`/jobs/${job}/addtaskcollection`, { value });
const taskIn = (job: string, task: string, state: string): Promise<Json> =>
  batch.until(`/jobs/${job}/tasks/${task}`, (resource) => resource.state === state);

describe("nodes", () => {
  test("come as many and of the kinds that the pool targets", async () => {
    const pool = await newPool({ targetDedicatedNodes: 2, targetLowPriorityNodes: 1 });
    const resizing = await batch.get(`/pools/${pool}`);
    expect(resizing).toMatchObject({ state: "active", targetDedicatedNodes: 2, targetLowPriorityNodes: 1 });
    expect(await steady(pool)).toMatchObject({
      allocationState: "steady",
      currentDedicatedNodes: 2,
      currentLowPriorityNodes: 1,
    });
    const nodes = await nodesIn(pool, "idle");
    expect(nodes.map(({ isDedicated }) => isDedicated).sort()).toEqual([false, true, true]);
    const [first] = nodes;
    expect(await batch.get(`/pools/${pool}/nodes/${first.id}`)).toMatchObject({
      id: first.id,
      vmSize: "standard_d2s_v3",
    });
    expect(
      (await batch.get(`/nodecounts?$filter=${encodeURIComponent(`poolId eq '${pool}'`)}`)).value,
    ).toMatchObject([{ poolId: pool, dedicated: { idle: 2, total: 2 }, lowPriority: { idle: 1, total: 1 } }]);
  });

  test("that are not there are not found", async () => {
    const pool = await newPool({ targetDedicatedNodes: 0 });
    await steady(pool);
    expect(await batch.list(`/pools/${pool}/nodes`)).toEqual([]);
    const absent = await batch.send("GET", `/pools/${pool}/nodes/tvm-1`);
    expect(absent).toMatchObject({ status: 404, json: { code: "NodeNotFound" } });
    expect((await batch.send("GET", "/pools/absent/nodes")).json).toMatchObject({ code: "PoolNotFound" });
  });
});

describe("a start task", () => {
  const startTask = (commandLine: string, change: object = {}) => ({ startTask: { commandLine, ...change } });

  test("runs before any task, and its work is there for them", async () => {
    const pool = await newPool(
      startTask("/bin/sh -c 'sleep 0.1; echo ready > $AZ_BATCH_NODE_SHARED_DIR/mark'", {
        waitForSuccess: true,
      }),
    );
    await batch.post("/jobs", jobBody(pool, pool));
    await addTasks(pool, taskBody("t", "cat $AZ_BATCH_NODE_SHARED_DIR/mark"));
    await taskIn(pool, "t", "completed");
    expect((await batch.must("GET", `/jobs/${pool}/tasks/t/files/stdout.txt`)).text).toBe("ready\n");
    const [node] = await batch.list(`/pools/${pool}/nodes`);
    expect(node.startTaskInfo).toMatchObject({
      state: "completed",
      exitCode: 0,
      result: "success",
      retryCount: 0,
    });
  });

  test("that fails keeps tasks off the node when they were to wait for its success", async () => {
    const pool = await newPool(
      startTask("/bin/sh -c 'exit 4'", { waitForSuccess: true, maxTaskRetryCount: 1 }),
    );
    await batch.post("/jobs", jobBody(pool, pool));
    await addTasks(pool, taskBody("t", ":"));
    const [node] = await nodesIn(pool, "starttaskfailed");
    expect(node.startTaskInfo).toMatchObject({
      state: "completed",
      exitCode: 4,
      result: "failure",
      retryCount: 1,
      failureInfo: { category: "UserError" },
    });
    expect((await batch.get(`/jobs/${pool}/tasks/t`)).state).toBe("active");
    expect((await batch.get("/nodecounts?$filter=poolId%20eq%20'pool-0'")).value).toEqual([]);
  });

  test("that fails matters little when they were not", async () => {
    const pool = await newPool(startTask("/bin/sh -c 'exit 4'", { waitForSuccess: false }));
    await batch.post("/jobs", jobBody(pool, pool));
    await addTasks(pool, taskBody("t", ":"));
    await taskIn(pool, "t", "completed");
    const node = await batch.until(
      `/pools/${pool}/nodes`,
      ({ value }) => value[0].startTaskInfo.state === "completed",
    );
    expect(node.value[0].startTaskInfo.result).toBe("failure");
  });

  test("changed by a patch is the one of nodes that come later", async () => {
    const pool = await readyPool();
    const body = startTask("/bin/sh -c 'echo patched'");
    expect((await batch.send("PATCH", `/pools/${pool}`, { body })).status).toBe(200);
    expect((await batch.get(`/pools/${pool}`)).startTask.commandLine).toBe(body.startTask.commandLine);
    await batch.post(`/pools/${pool}/resize`, { targetDedicatedNodes: 2 });
    await steady(pool);
    const nodes = await nodesIn(pool, "idle");
    expect(nodes.filter(({ startTaskInfo }) => startTaskInfo?.result === "success")).toHaveLength(1);
    const cleared = await batch.send("POST", `/pools/${pool}/updateproperties`, {
      body: {
        certificateReferences: [],
        applicationPackageReferences: [],
        metadata: [{ name: "a", value: "b" }],
      },
    });
    expect(cleared.status).toBe(204);
    const after = await batch.get(`/pools/${pool}`);
    expect(after.startTask).toBeUndefined();
    expect(after.metadata).toEqual([{ name: "a", value: "b" }]);
  });
});

describe("resizing", () => {
  test("up and down, one at a time", async () => {
    const pool = await readyPool({ targetDedicatedNodes: 1 });
    const resize = (body: object) => batch.send("POST", `/pools/${pool}/resize`, { body });
    expect((await resize({ targetDedicatedNodes: 3 })).status).toBe(202);
    expect(await resize({ targetDedicatedNodes: 2 })).toMatchObject({
      status: 409,
      json: { code: "PoolBeingResized" },
    });
    expect((await steady(pool)).currentDedicatedNodes).toBe(3);
    expect((await resize({ targetDedicatedNodes: 0 })).status).toBe(202);
    expect(await steady(pool)).toMatchObject({ currentDedicatedNodes: 0, targetDedicatedNodes: 0 });
    expect(await batch.list(`/pools/${pool}/nodes`)).toEqual([]);
  });

  test("down with requeue runs the tasks again when nodes come back", async () => {
    const pool = await readyPool();
    await addTasks(pool, taskBody("t", "sleep 600"));
    await taskIn(pool, "t", "running");
    await batch.post(`/pools/${pool}/resize`, { targetDedicatedNodes: 0, nodeDeallocationOption: "requeue" });
    await steady(pool);
    expect((await taskIn(pool, "t", "active")).executionInfo.retryCount).toBe(0);
    await batch.post(`/pools/${pool}/resize`, { targetDedicatedNodes: 1 });
    await taskIn(pool, "t", "running");
    await batch.must("DELETE", `/jobs/${pool}`);
  });

  test("down with terminate ends them", async () => {
    const pool = await readyPool();
    await addTasks(pool, taskBody("t", "sleep 600"));
    await taskIn(pool, "t", "running");
    await batch.post(`/pools/${pool}/resize`, {
      targetDedicatedNodes: 0,
      nodeDeallocationOption: "terminate",
    });
    await steady(pool);
    expect((await taskIn(pool, "t", "completed")).executionInfo).toMatchObject({
      result: "failure",
      failureInfo: { code: "TaskEnded" },
    });
  });

  test.each(["taskcompletion", "retaineddata"])(
    "down with %s lets them finish",
    async (nodeDeallocationOption) => {
      const pool = await readyPool({ targetDedicatedNodes: 2 });
      const waits = "until test -e $AZ_BATCH_NODE_SHARED_DIR/go; do sleep 0.02; done";
      await addTasks(pool, { ...taskBody("t", waits), constraints: { retentionTime: "PT0S" } });
      const { nodeInfo } = await taskIn(pool, "t", "running");
      await batch.post(`/pools/${pool}/resize`, { targetDedicatedNodes: 0, nodeDeallocationOption });
      await batch.until(`/pools/${pool}/nodes`, ({ value }) => value.length === 1);
      const leaving = await batch.get(`/pools/${pool}/nodes/${nodeInfo.nodeId}`);
      expect(leaving.state).toBe("leavingpool");
      expect((await batch.get(`/pools/${pool}`)).allocationState).toBe("resizing");
      // What waits meanwhile is not placed on a node that leaves.
      await addTasks(pool, taskBody("late", ":"));
      expect((await batch.get(`/jobs/${pool}/tasks/t`)).state).toBe("running");
      await batch.must("POST", `/jobs/${pool}/tasks/t/terminate`);
      await steady(pool);
      expect((await batch.get(`/jobs/${pool}/tasks/late`)).state).toBe("active");
    },
  );

  test("can be stopped: the pool keeps what it has", async () => {
    const pool = await readyPool({ targetDedicatedNodes: 2 });
    await addTasks(pool, taskBody("a", "sleep 600"), taskBody("b", "sleep 600"));
    await taskIn(pool, "a", "running");
    await taskIn(pool, "b", "running");
    const idle = await batch.send("POST", `/pools/${pool}/stopresize`);
    expect(idle.status).toBe(409);
    await batch.post(`/pools/${pool}/resize`, { targetDedicatedNodes: 5 });
    const stop = await batch.send("POST", `/pools/${pool}/stopresize`);
    expect([202, 409]).toContain(stop.status);
    const { currentDedicatedNodes, targetDedicatedNodes } = await steady(pool);
    expect(currentDedicatedNodes).toBe(targetDedicatedNodes);
    await batch.must("DELETE", `/jobs/${pool}`);
  });

  test("a target that is refused changes nothing", async () => {
    const pool = await readyPool();
    const before = await batch.get(`/pools/${pool}`);
    const negative = await batch.send("POST", `/pools/${pool}/resize`, {
      body: { targetDedicatedNodes: -1 },
    });
    expect(negative).toMatchObject({ status: 400, json: { code: "InvalidPropertyValue" } });
    expect(negative.json.values).toContainEqual({ key: "PropertyName", value: "targetDedicatedNodes" });
    expect((await batch.send("POST", `/pools/${pool}/resize`, { body: {} })).status).toBe(400);
    expect(await batch.get(`/pools/${pool}`)).toEqual(before);
  });
});

describe("removing nodes", () => {
  test("takes exactly those away, and the target goes down with them", async () => {
    const pool = await readyPool({ targetDedicatedNodes: 3 });
    const [first, second, third] = (await batch.list(`/pools/${pool}/nodes`)).map(({ id }) => id);
    const removed = await batch.send("POST", `/pools/${pool}/removenodes`, {
      body: { nodeList: [first, third] },
    });
    expect(removed.status).toBe(202);
    expect(await steady(pool)).toMatchObject({ currentDedicatedNodes: 1, targetDedicatedNodes: 1 });
    expect((await batch.list(`/pools/${pool}/nodes`)).map(({ id }) => id)).toEqual([second]);
  });

  test("an unknown node is refused, and none is removed", async () => {
    const pool = await readyPool();
    const [node] = await batch.list(`/pools/${pool}/nodes`);
    const body = { nodeList: [node.id, "tvm-absent"] };
    expect(await batch.send("POST", `/pools/${pool}/removenodes`, { body })).toMatchObject({
      status: 404,
      json: { code: "NodeNotFound" },
    });
    expect(await batch.list(`/pools/${pool}/nodes`)).toHaveLength(1);
    expect((await batch.get(`/pools/${pool}`)).allocationState).toBe("steady");
  });
});

describe("deleting", () => {
  test("takes nodes and their processes; the pool's jobs stay and their tasks wait", async () => {
    const pool = await readyPool({ targetDedicatedNodes: 2 });
    await addTasks(pool, taskBody("t", "sleep 600"));
    await taskIn(pool, "t", "running");
    expect((await batch.send("DELETE", `/pools/${pool}`)).status).toBe(202);
    await batch.untilGone(`/pools/${pool}`);
    expect((await batch.send("HEAD", `/pools/${pool}`)).status).toBe(404);
    await taskIn(pool, "t", "active");
    await newPoolNamed(pool);
    await taskIn(pool, "t", "running");
    await batch.must("DELETE", `/jobs/${pool}`);
  });

  async function newPoolNamed(id: string): Promise<void> {
    expect((await batch.send("POST", "/pools", { body: poolBody(id) })).status).toBe(201);
  }

  test("an id is taken once, in whatever case", async () => {
    const pool = await newPool({ targetDedicatedNodes: 0 });
    const again = await batch.send("POST", "/pools", { body: poolBody(pool.toUpperCase()) });
    expect(again).toMatchObject({ status: 409, json: { code: "PoolExists" } });
  });
});

test("spread and pack place tasks as they say", async () => {
  const spread = await readyPool({
    targetDedicatedNodes: 2,
    taskSlotsPerNode: 4,
    taskSchedulingPolicy: { nodeFillType: "spread" },
  });
  const pack = await readyPool({
    targetDedicatedNodes: 2,
    taskSlotsPerNode: 4,
    taskSchedulingPolicy: { nodeFillType: "pack" },
  });
  for (const pool of [spread, pack]) {
    await addTasks(pool, ...["a", "b", "c", "d"].map((id) => taskBody(id, "sleep 600")));
    for (const id of ["a", "b", "c", "d"]) await taskIn(pool, id, "running");
  }
  const loads = async (pool: string) =>
    (await batch.list(`/pools/${pool}/nodes`)).map(({ runningTasksCount }) => runningTasksCount).sort();
  expect(await loads(spread)).toEqual([2, 2]);
  expect(await loads(pack)).toEqual([0, 4]);
  await batch.must("DELETE", `/jobs/${spread}`);
  await batch.must("DELETE", `/jobs/${pack}`);
});
