/**
 * The status that each built operation answers a good request with: official clients raise an error at any other, 2xx or not.
 * The last test fails when an operation is built and does not stand here.
 */

import { afterAll, beforeAll, expect, test } from "vitest";
import { batchOperationHandlers } from "../../../src/planes/batch/operations.ts";
import { batchApiVersions } from "../../../src/wire/batch/api-versions.gen.ts";
import { type BatchOperationId, batchOperations } from "../../../src/wire/batch/operations.gen.ts";
import { loginObstacle } from "../../e2e/nodes/namespace-nodes.ts";
import { jobBody, poolBody, taskBody } from "../batch-bodies.fixture.ts";
import { BatchClient, type BatchReply, NEWEST_DESCRIBED } from "../batch-client.fixture.ts";
import { eventually } from "../eventually.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";
import { addApplication } from "./application.fixture.ts";
import { CER, THUMBPRINT } from "./certificate.fixture.ts";

let service: RunningService;
let batch: BatchClient;

beforeAll(async () => {
  service = await runningService(loginObstacle === undefined ? { isolation: "namespace" } : {});
  batch = await BatchClient.connect(service);
});
afterAll(async () => {
  batch?.close();
  await service?.close();
});

const answered = new Set<string>();

/** Where nobody can log in to nodes, these say so and nothing else. */
const LOGIN = /^ComputeNode_((Add|Update|Delete)User|GetRemoteLoginSettings)$/;
if (loginObstacle !== undefined) console.warn(`SKIPPED: nobody logs in to nodes here: ${loginObstacle}`);

/** @param names the operation's path parameters, in order */
async function answers(
  status: number,
  id: BatchOperationId,
  names: readonly string[] = [],
  body?: object,
): Promise<BatchReply> {
  const { method, path } = batchOperations[id];
  const left = [...names];
  const target = path.replaceAll(/\{\w+\}/g, () => left.shift() ?? "");
  const newest = batchApiVersions.findIndex(({ version }) => version === NEWEST_DESCRIBED);
  const version = batchApiVersions[Math.min(batchOperations[id].until, newest)]?.version ?? null;
  const reply = await batch.send(method, target, { version, ...(body !== undefined && { body }) });
  expect(reply.status, `${id}: ${reply.text}`).toBe(status);
  expect(reply.headers["request-id"]).toMatch(/^[\da-f-]{36}$/);
  answered.add(id);
  return reply;
}

test("what adds answers 201 and says where", async () => {
  const pool = await answers(201, "Pool_Add", [], poolBody("pool", { targetDedicatedNodes: 2 }));
  expect(pool.headers).toMatchObject({
    location: `${batch.url}/pools/pool`,
    dataserviceid: `${batch.url}/pools/pool`,
  });
  const job = await answers(201, "Job_Add", [], jobBody("job", "pool"));
  expect(job.headers.location).toBe(`${batch.url}/jobs/job`);
  const task = await answers(201, "Task_Add", ["job"], taskBody("task", "sleep 600"));
  expect(task.headers.location).toBe(`${batch.url}/jobs/job/tasks/task`);
  const { json } = await answers(200, "Task_AddCollection", ["job"], {
    value: [taskBody("done", "echo x; exit 1"), taskBody("task", ":")],
  });
  expect(json.value).toMatchObject([
    { status: "success", taskId: "done", location: `${batch.url}/jobs/job/tasks/done` },
    { status: "clienterror", taskId: "task", error: { code: "TaskExists" } },
  ]);
});

test("what reads answers 200", async () => {
  await addApplication(service, "app");
  await answers(200, "Application_List");
  await answers(200, "Application_Get", ["app"]);
  await batch.until("/jobs/job/tasks/done", ({ state }) => state === "completed");
  await answers(200, "Account_ListSupportedImages");
  await answers(200, "Account_ListNodeAgentSkus");
  await answers(200, "Account_ListPoolNodeCounts");
  await answers(200, "Pool_List");
  await answers(200, "Pool_Get", ["pool"]);
  await answers(200, "Pool_Exists", ["pool"]);
  await answers(404, "Pool_Exists", ["absent"]);
  await answers(200, "Job_List");
  await answers(200, "Job_Get", ["job"]);
  await answers(200, "Job_GetTaskCounts", ["job"]);
  await answers(200, "Task_List", ["job"]);
  await answers(200, "Task_Get", ["job", "task"]);
  await answers(200, "Task_ListSubtasks", ["job", "task"]);
  const { json } = await answers(200, "ComputeNode_List", ["pool"]);
  const node = json.value[0].id;
  await answers(200, "ComputeNode_Get", ["pool", node]);
  await answers(200, "File_ListFromTask", ["job", "done"]);
  await answers(200, "File_GetFromTask", ["job", "done", "stdout.txt"]);
  await answers(200, "File_GetPropertiesFromTask", ["job", "done", "stdout.txt"]);
  await answers(200, "File_DeleteFromTask", ["job", "done", "stdout.txt"]);
  const { nodeInfo } = await batch.get("/jobs/job/tasks/done");
  const path = `${nodeInfo.taskRootDirectory}/stderr.txt`;
  await answers(200, "File_ListFromComputeNode", ["pool", nodeInfo.nodeId]);
  await answers(200, "File_GetFromComputeNode", ["pool", nodeInfo.nodeId, path]);
  await answers(200, "File_GetPropertiesFromComputeNode", ["pool", nodeInfo.nodeId, path]);
  await answers(200, "File_DeleteFromComputeNode", ["pool", nodeInfo.nodeId, path]);
});

test("what is done with a node or a formula answers 200 or 202", async () => {
  const formula = { autoScaleFormula: "$TargetDedicatedNodes = 1;" };
  const { targetDedicatedNodes: _none, ...scaled } = poolBody("scaled") as { targetDedicatedNodes?: number };
  await batch.post("/pools", { ...scaled, enableAutoScale: true, ...formula });
  await answers(200, "Pool_EvaluateAutoScale", ["scaled"], formula);
  await answers(200, "Pool_DisableAutoScale", ["scaled"]);
  await batch.until("/pools/scaled", ({ allocationState }) => allocationState === "steady");
  await answers(200, "Pool_EnableAutoScale", ["scaled"], formula);
  const idle = async () => {
    const { value } = await batch.until("/pools/scaled/nodes", (nodes) => nodes.value[0]?.state === "idle");
    return ["scaled", value[0].id];
  };
  await answers(200, "ComputeNode_DisableScheduling", await idle());
  const [node] = await batch.list("/pools/scaled/nodes");
  await answers(200, "ComputeNode_EnableScheduling", ["scaled", node.id]);
  // Of a time from which there are none: nothing is sent.
  const logs = { containerUrl: "https://nowhere.invalid/logs", startTime: "2100-01-01T00:00:00Z" };
  await answers(200, "ComputeNode_UploadBatchServiceLogs", await idle(), logs);
  await answers(202, "ComputeNode_Reboot", await idle());
  await answers(202, "ComputeNode_Reimage", await idle());
  await answers(202, "ComputeNode_Deallocate", await idle());
  await batch.until(`/pools/scaled/nodes/${node.id}`, ({ state }) => state === "deallocated");
  await answers(202, "ComputeNode_Start", ["scaled", node.id]);
});

test.skipIf(loginObstacle !== undefined)(
  "users of a node are added with 201, the rest answers 200",
  async () => {
    const { value } = await batch.until(
      "/pools/pool/nodes",
      (list) => list.value[0]?.state === "idle" || list.value[0]?.state === "running",
    );
    const node = ["pool", value[0].id];
    await answers(201, "ComputeNode_AddUser", node, { name: "user", password: "a password" });
    await answers(200, "ComputeNode_UpdateUser", [...node, "user"], { password: "a new password" });
    await answers(200, "ComputeNode_GetRemoteLoginSettings", node);
    await answers(200, "ComputeNode_DeleteUser", [...node, "user"]);
  },
);

test("what was used answers 200", async () => {
  await answers(400, "Pool_ListUsageMetrics");
  await answers(200, "Pool_GetAllLifetimeStatistics");
  await answers(200, "Job_GetAllLifetimeStatistics");
});

test("what a job ran around its tasks answers 200", async () => {
  await batch.post("/jobs", { ...jobBody("hooked", "pool"), jobPreparationTask: { commandLine: "true" } });
  await answers(200, "Job_ListPreparationAndReleaseTaskStatus", ["hooked"]);
});

test("what is done with a job schedule answers 200, 201, 202 or 204", async () => {
  const specification = { schedule: {}, jobSpecification: { poolInfo: { poolId: "pool" } } };
  const { headers } = await answers(201, "JobSchedule_Add", [], { id: "often", ...specification });
  expect(headers.location).toBe(`${batch.url}/jobschedules/often`);
  await answers(200, "JobSchedule_List");
  await answers(200, "JobSchedule_Get", ["often"]);
  await answers(200, "JobSchedule_Exists", ["often"]);
  await answers(404, "JobSchedule_Exists", ["never"]);
  await answers(200, "Job_ListFromJobSchedule", ["often"]);
  await answers(200, "JobSchedule_Patch", ["often"], { metadata: [] });
  await answers(200, "JobSchedule_Update", ["often"], specification);
  await answers(204, "JobSchedule_Disable", ["often"]);
  await answers(204, "JobSchedule_Enable", ["often"]);
  await answers(202, "JobSchedule_Terminate", ["often"]);
  await answers(202, "JobSchedule_Delete", ["often"]);
});

test("what is done with a certificate answers 200, 201, 202 or 204", async () => {
  const name = ["sha1", THUMBPRINT];
  const body = { thumbprint: THUMBPRINT, thumbprintAlgorithm: "sha1", certificateFormat: "cer", data: CER };
  await answers(201, "Certificate_Add", [], body);
  await answers(200, "Certificate_List");
  await answers(200, "Certificate_Get", name);
  const certificateReferences = [{ thumbprint: THUMBPRINT, thumbprintAlgorithm: "sha1" }];
  await batch.must("PATCH", "/pools/pool", { body: { certificateReferences }, version: "2023-05-01.17.0" });
  await answers(202, "Certificate_Delete", name);
  const path = `/certificates(thumbprintAlgorithm=sha1,thumbprint=${THUMBPRINT})`;
  const state = async () => (await batch.send("GET", path, { version: "2023-05-01.17.0" })).json.state;
  await eventually("the deletion to fail", async () => (await state()) === "deletefailed");
  await answers(204, "Certificate_CancelDeletion", name);
});

test("what changes answers 200, 202 or 204, each its own", async () => {
  await answers(200, "Job_Patch", ["job"], { priority: 3 });
  await answers(200, "Job_Update", ["job"], { poolInfo: { poolId: "pool" } });
  await answers(200, "Pool_Patch", ["pool"], { metadata: [] });
  await answers(204, "Pool_UpdateProperties", ["pool"], {
    certificateReferences: [],
    applicationPackageReferences: [],
    metadata: [],
  });
  await answers(200, "Task_Update", ["job", "task"], { constraints: { maxTaskRetryCount: 1 } });
  await answers(204, "Task_Reactivate", ["job", "done"]);
  await answers(204, "Task_Terminate", ["job", "task"]);
  await answers(200, "Task_Delete", ["job", "task"]);
  await answers(202, "Job_Disable", ["job"], { disableTasks: "wait" });
  await answers(202, "Job_Enable", ["job"]);
  await answers(202, "Job_Terminate", ["job"]);
  await answers(202, "Job_Delete", ["job"]);
  await batch.until("/pools/pool", ({ allocationState }) => allocationState === "steady");
  const [node] = await batch.list("/pools/pool/nodes");
  await answers(202, "Pool_RemoveNodes", ["pool"], { nodeList: [node.id] });
  await batch.until("/pools/pool", ({ allocationState }) => allocationState === "steady");
  await answers(202, "Pool_Resize", ["pool"], { targetDedicatedNodes: 20 });
  await answers(202, "Pool_StopResize", ["pool"]);
  await answers(202, "Pool_Delete", ["pool"]);
});

test("every operation that is built has been asked", () => {
  const built = [...batchOperationHandlers.keys()].filter(
    (id) => loginObstacle === undefined || !LOGIN.test(id),
  );
  expect([...answered].sort()).toEqual(built.sort());
});
