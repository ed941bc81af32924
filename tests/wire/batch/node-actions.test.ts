/** Nodes that are closed to tasks, rebooted, reimaged, deallocated and started, with tasks that really run on them. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ClockedService, clockedService, poolOf, until } from "../clocked-service.fixture.ts";

let service: ClockedService;
let nodeId: string;

const node = () => service.batch("GET", `/pools/p1/nodes/${nodeId}`);
const act = (action: string, body?: object) =>
  service.batch("POST", `/pools/p1/nodes/${nodeId}/${action}`, body);
const inState = (state: string) => until(`state ${state}`, node, ({ body }) => body.state === state);
const addTask = (id: string, commandLine: string) =>
  service.batch("POST", "/jobs/j1/tasks", { id, commandLine });
const task = (id: string) => service.batch("GET", `/jobs/j1/tasks/${id}`);
const taskInState = (id: string, state: string) =>
  until(
    `task ${id} ${state}`,
    () => task(id),
    ({ body }) => body.state === state,
  );

beforeAll(async () => {
  service = await clockedService();
  const startTask = { commandLine: '/bin/sh -c "date +%N >> $AZ_BATCH_NODE_SHARED_DIR/boots"' };
  await service.batch("POST", "/pools", poolOf("p1", 1, { startTask }));
  await service.batch("POST", "/jobs", { id: "j1", poolInfo: { poolId: "p1" } });
  const nodes = await until(
    "an idle node",
    () => service.batch("GET", "/pools/p1/nodes"),
    ({ body }) => body.value[0]?.state === "idle",
  );
  nodeId = nodes.body.value[0].id;
});
afterAll(() => service?.close());

test("a node closed to tasks requeues what runs there, is offline, and takes tasks again once open", async () => {
  await addTask("closed", "sleep 60");
  await taskInState("closed", "running");
  expect((await act("disablescheduling", { nodeDisableSchedulingOption: "requeue" })).status).toBe(200);
  await taskInState("closed", "active");
  const { body } = await inState("offline");
  expect(body.schedulingState).toBe("disabled");
  expect((await act("disablescheduling")).body.code).toBe("NodeAlreadyInTargetSchedulingState");

  expect((await act("enablescheduling")).status).toBe(200);
  expect((await taskInState("closed", "running")).body.executionInfo.requeueCount).toBe(1);
  await act("disablescheduling", { nodeDisableSchedulingOption: "terminate" });
  const ended = await taskInState("closed", "completed");
  expect(ended.body.executionInfo.failureInfo.code).toBe("TaskEnded");
  await act("enablescheduling");
});

test("a rebooted node keeps its folder, runs its start task again and goes on with its tasks", async () => {
  await addTask(
    "rebooted",
    '/bin/sh -c "test -e $AZ_BATCH_NODE_SHARED_DIR/seen && exit 0; touch $AZ_BATCH_NODE_SHARED_DIR/seen; sleep 60"',
  );
  await taskInState("rebooted", "running");
  await until(
    "the mark",
    () => service.batch("GET", `/pools/p1/nodes/${nodeId}/files/shared/seen`),
    ({ status }) => status === 200,
  );
  expect((await act("reboot")).status).toBe(202);
  expect((await act("reboot")).body.code).toMatch(/^NodeBeing(Rebooted|Started)$/);
  const done = await taskInState("rebooted", "completed");
  expect(done.body.executionInfo).toMatchObject({ exitCode: 0, requeueCount: 1 });
  const boots = await service.batch("GET", `/pools/p1/nodes/${nodeId}/files/shared/boots`);
  expect(boots.body.trim().split("\n")).toHaveLength(2);
});

test("a reimaged node begins with an empty folder", async () => {
  await inState("idle");
  expect((await act("reimage", { nodeReimageOption: "taskcompletion" })).status).toBe(202);
  await inState("idle");
  const boots = await service.batch("GET", `/pools/p1/nodes/${nodeId}/files/shared/boots`);
  expect(boots.body.trim().split("\n")).toHaveLength(1);
});

test("a deallocated node runs nothing until it is started", async () => {
  expect((await act("start")).status).toBe(409);
  expect((await act("deallocate")).status).toBe(202);
  await inState("deallocated");
  await addTask("waiting", "true");
  expect((await task("waiting")).body.state).toBe("active");
  expect((await act("start")).status).toBe(202);
  await taskInState("waiting", "completed");
});

test("nodes and actions that are not there are refused", async () => {
  expect((await service.batch("POST", "/pools/p1/nodes/none/reboot")).body.code).toBe("NodeNotFound");
  expect((await service.batch("POST", "/pools/none/nodes/none/reboot")).body.code).toBe("PoolNotFound");
  const bad = await act("reboot", { nodeRebootOption: "never" });
  expect(bad.status).toBe(400);
  expect(bad.body.values).toContainEqual({ key: "PropertyName", value: "nodeRebootOption" });
});
