/** What a reply announces is what the next read shows; what takes time is seen to take it, and can be stopped. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { jobBody, taskBody } from "../batch-bodies.fixture.ts";
import type { Json } from "../batch-client.fixture.ts";
import { type ClockedService, clockedService, poolOf, until } from "../clocked-service.fixture.ts";

/** Once by hand with 200: `BATCHYARD_TRANSITION_ROUNDS=200 npx vitest run --testTimeout 480000` and this file. */
const ROUNDS = Number(process.env.BATCHYARD_TRANSITION_ROUNDS ?? 5);

let service: ClockedService;
beforeAll(async () => {
  service = await clockedService();
});
afterAll(() => service?.close());

const ask = (method: string, path: string, body?: object) => service.batch(method, path, body);
const get = async (path: string): Promise<Json> => (await ask("GET", path)).body;
const is = (path: string, property: string, value: string) =>
  until(
    `${path} to be ${value}`,
    () => get(path),
    (resource) => resource[property] === value,
  );

async function poolWith(id: string, nodes: number, change: object = {}): Promise<string> {
  expect((await ask("POST", "/pools", poolOf(id, nodes, change))).status).toBe(201);
  expect((await ask("POST", "/jobs", jobBody(id, id))).status).toBe(201);
  await is(`/pools/${id}`, "allocationState", "steady");
  await until(
    "its nodes",
    () => get(`/pools/${id}/nodes`),
    ({ value }) => value.every(idle),
  );
  return id;
}
const idle = ({ state }: Json) => state === "idle";

async function running(job: string, id: string): Promise<string> {
  expect((await ask("POST", `/jobs/${job}/tasks`, taskBody(id, "sleep 600"))).status).toBe(201);
  await is(`/jobs/${job}/tasks/${id}`, "state", "running");
  return `/jobs/${job}/tasks/${id}`;
}

test("a resize is resizing at the next look, and can be stopped", async () => {
  const pool = `/pools/${await poolWith("resized", 0)}`;
  for (let round = 0; round < ROUNDS; round++) {
    expect((await ask("POST", `${pool}/resize`, { targetDedicatedNodes: 0 })).status).toBe(202);
    expect((await get(pool)).allocationState).toBe("resizing");
    expect((await ask("POST", `${pool}/stopresize`)).status).toBe(202);
    expect((await get(pool)).allocationState).toBe("stopping");
    const { resizeErrors } = await is(pool, "allocationState", "steady");
    expect(resizeErrors).toMatchObject([{ code: "ResizeStopped" }]);
  }
});

test("a resize that waits for a task ends at its time, and the node stays with its task", async () => {
  const pool = `/pools/${await poolWith("outlived", 1)}`;
  const task = await running("outlived", "t");
  const body = { targetDedicatedNodes: 0, nodeDeallocationOption: "taskcompletion", resizeTimeout: "PT5M" };
  expect((await ask("POST", `${pool}/resize`, body)).status).toBe(202);
  expect((await get(pool)).allocationState).toBe("resizing");
  await service.advance(6 * 60_000);
  const { resizeErrors, currentDedicatedNodes } = await is(pool, "allocationState", "steady");
  expect(resizeErrors).toMatchObject([{ code: "AllocationTimedout" }]);
  expect(currentDedicatedNodes).toBe(1);
  expect((await get(task)).state).toBe("running");
  const [node] = (await get(`${pool}/nodes`)).value;
  expect(node.state).toBe("running");

  const removal = { nodeList: [node.id], nodeDeallocationOption: "taskcompletion", resizeTimeout: "PT5M" };
  expect((await ask("POST", `${pool}/removenodes`, removal)).status).toBe(202);
  expect((await ask("POST", `${pool}/stopresize`)).status).toBe(202);
  const stopped = await is(pool, "allocationState", "steady");
  expect(stopped).toMatchObject({ currentDedicatedNodes: 1, resizeErrors: [{ code: "ResizeStopped" }] });
});

test("a terminated task is completed at the next look", async () => {
  const job = await poolWith("terminated", 1);
  for (let round = 0; round < ROUNDS; round++) {
    const task = await running(job, `t${round}`);
    expect((await ask("POST", `${task}/terminate`)).status).toBe(204);
    expect(await get(task)).toMatchObject({
      state: "completed",
      executionInfo: { result: "failure", failureInfo: { code: "TaskEnded" } },
    });
  }
});

test("a node that is rebooted, reimaged or closed has given its task back, or ended it, at the next look", async () => {
  const job = await poolWith("taken", 1);
  const [{ id: nodeId }] = (await get(`/pools/${job}/nodes`)).value;
  const node = `/pools/${job}/nodes/${nodeId}`;
  const reboot = ["reboot", { nodeRebootOption: "terminate" }, "completed"] as const;
  for (const [action, body, state] of [
    ["disablescheduling", { nodeDisableSchedulingOption: "requeue" }, "active"],
    ...Array.from({ length: ROUNDS }, () => reboot),
    ["reimage", { nodeReimageOption: "terminate" }, "completed"],
    ["disablescheduling", { nodeDisableSchedulingOption: "terminate" }, "completed"],
  ] as const) {
    const task = await running(job, `t${Date.now()}`);
    expect((await ask("POST", `${node}/${action}`, body)).status).toBeLessThan(203);
    expect((await get(task)).state, action).toBe(state);
    await ask("DELETE", task);
    await until(
      "the node",
      () => get(node),
      ({ state }) => state === "idle" || state === "offline",
    );
    if ((await get(node)).schedulingState === "disabled") await ask("POST", `${node}/enablescheduling`);
  }
});

test("a formula runs with the request that enables it; the 30 seconds count between requests", async () => {
  const formula = "$TargetDedicatedNodes = 0;";
  const scaled = { targetDedicatedNodes: undefined, enableAutoScale: true, autoScaleFormula: formula };
  expect((await ask("POST", "/pools", poolOf("scaled", 0, scaled))).status).toBe(201);
  const enable = { autoScaleFormula: "$TargetDedicatedNodes = 0; x = $ActiveTasks.GetSample(5);" };
  expect((await ask("POST", "/pools/scaled/enableautoscale", enable)).status).toBe(200);
  expect((await get("/pools/scaled")).autoScaleRun.results).toContain("x=[0]");
  const again = await ask("POST", "/pools/scaled/enableautoscale", enable);
  expect(again).toMatchObject({ status: 503, body: { code: "TooManyEnableAutoScaleRequests" } });
  const wrong = { autoScaleFormula: "$TargetDedicatedNodes = $Nothing;" };
  expect((await ask("POST", "/pools/scaled/evaluateautoscale", wrong)).body).toMatchObject({
    results: "$TargetDedicatedNodes=0;$TargetLowPriorityNodes=0;$NodeDeallocationOption=requeue",
    error: { values: [{ value: "Line 1, Col 25: Undefined symbol: $Nothing" }] },
  });
});

test("a task that a user ends leaves its job active, whatever the job does on failures", async () => {
  await ask("POST", "/pools", poolOf("empty", 0));
  await ask("POST", "/jobs", jobBody("failing", "empty", { onTaskFailure: "performexitoptionsjobaction" }));
  await ask("POST", "/jobs/failing/tasks", taskBody("t", "true"));
  expect((await ask("POST", "/jobs/failing/tasks/t/terminate")).status).toBe(204);
  expect(await get("/jobs/failing")).toMatchObject({ state: "active" });
  expect((await ask("POST", "/jobs/failing/tasks/t/reactivate")).status).toBe(204);
});
