/** Preparation, release and manager of jobs, as real processes on real nodes. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ClockedService, clockedService, poolOf, until } from "../clocked-service.fixture.ts";

let service: ClockedService;

const job = (id: string) => service.batch("GET", `/jobs/${id}`);
const hooks = (id: string) => service.batch("GET", `/jobs/${id}/jobpreparationandreleasetaskstatus`);
const addJob = (id: string, more: object) =>
  service.batch("POST", "/jobs", { id, poolInfo: { poolId: "p1" }, ...more });
const addTask = (jobId: string, id: string, commandLine: string) =>
  service.batch("POST", `/jobs/${jobId}/tasks`, { id, commandLine });
const task = (jobId: string, id: string) => service.batch("GET", `/jobs/${jobId}/tasks/${id}`);
const taskInState = (jobId: string, id: string, state: string) =>
  until(
    `${jobId}/${id} ${state}`,
    () => task(jobId, id),
    ({ body }) => body.state === state,
  );
const jobInState = (id: string, state: string) =>
  until(
    `job ${id} ${state}`,
    () => job(id),
    ({ body }) => body.state === state,
  );
const sh = (script: string) => `/bin/sh -c '${script}'`;

beforeAll(async () => {
  service = await clockedService();
  await service.batch("POST", "/pools", poolOf("p1", 1, { taskSlotsPerNode: 2 }));
});
afterAll(() => service?.close());

test("a node is prepared once before the job's first task, and released after its last", async () => {
  await addJob("prepared", {
    jobPreparationTask: { commandLine: sh("echo prepared >> ready; sleep 1") },
    jobReleaseTask: { id: "goodbye", commandLine: sh("cat $AZ_BATCH_JOB_PREP_WORKING_DIR/ready") },
  });
  expect((await hooks("prepared")).body.value).toEqual([]);
  await addTask("prepared", "t1", sh("cat $AZ_BATCH_JOB_PREP_WORKING_DIR/ready"));
  await addTask("prepared", "t2", sh("cat $AZ_BATCH_JOB_PREP_DIR/wd/ready"));
  await taskInState("prepared", "t1", "preparing");
  const preparing = await service.batch("GET", "/jobs/prepared/tasks?$filter=state%20eq%20'preparing'");
  expect(preparing.body.value).toHaveLength(2);
  for (const id of ["t1", "t2"]) {
    const { body } = await taskInState("prepared", id, "completed");
    expect(body.executionInfo.exitCode).toBe(0);
    const out = await service.batch("GET", `/jobs/prepared/tasks/${id}/files/stdout.txt`);
    expect(out.body).toBe("prepared\n");
  }
  expect((await addTask("prepared", "jobPreparation", "true")).body.code).toBe(
    "TaskIdSameAsJobPreparationTask",
  );
  expect((await addTask("prepared", "goodbye", "true")).body.code).toBe("TaskIdSameAsJobReleaseTask");

  await service.batch("POST", "/jobs/prepared/terminate");
  await jobInState("prepared", "completed");
  const [status] = (await hooks("prepared")).body.value;
  expect(status).toMatchObject({
    poolId: "p1",
    jobPreparationTaskExecutionInfo: { state: "completed", result: "success", exitCode: 0, retryCount: 0 },
    jobReleaseTaskExecutionInfo: {
      state: "completed",
      result: "success",
      exitCode: 0,
      taskRootDirectory: "workitems/prepared/job-1/goodbye",
    },
  });
  const url = new URL(`${status.jobReleaseTaskExecutionInfo.taskRootDirectoryUrl}/stdout.txt`);
  expect((await service.batch("GET", url.pathname)).body).toBe("prepared\n");
});

test("a preparation that fails closes the node to its job alone, and is tried as often as it may be", async () => {
  await addJob("failing", {
    jobPreparationTask: { commandLine: sh("exit 4"), constraints: { maxTaskRetryCount: 1 } },
  });
  await addTask("failing", "t", "true");
  const failed = await until(
    "the failed preparation",
    () => hooks("failing"),
    ({ body }) => body.value[0]?.jobPreparationTaskExecutionInfo.state === "completed",
  );
  expect(failed.body.value[0].jobPreparationTaskExecutionInfo).toMatchObject({
    result: "failure",
    exitCode: 4,
    retryCount: 1,
    failureInfo: { code: "FailureExitCode" },
  });
  await taskInState("failing", "t", "active");
  await addJob("other", {});
  await addTask("other", "t", "true");
  await taskInState("other", "t", "completed");
  expect((await task("failing", "t")).body.state).toBe("active");
});

test("tasks that need not wait run beside the preparation", async () => {
  await addJob("hasty", { jobPreparationTask: { commandLine: "sleep 60", waitForSuccess: false } });
  await addTask("hasty", "t", "true");
  await taskInState("hasty", "t", "completed");
  expect((await hooks("hasty")).body.value[0].jobPreparationTaskExecutionInfo.state).toBe("running");
  await service.batch("DELETE", "/jobs/hasty");
  await until(
    "the job gone",
    () => job("hasty"),
    ({ status }) => status === 404,
  );
});

test("a terminated job stops its preparation and the tasks that wait for it", async () => {
  await addJob("stopped", { jobPreparationTask: { commandLine: "sleep 60" } });
  await addTask("stopped", "t", "true");
  await taskInState("stopped", "t", "preparing");
  await service.batch("POST", "/jobs/stopped/terminate");
  await jobInState("stopped", "completed");
  expect((await hooks("stopped")).body.value[0].jobPreparationTaskExecutionInfo.state).toBe("completed");
});

test("after a reboot the node is prepared again, unless once is enough", async () => {
  const once = { commandLine: sh("echo x >> ../../count"), rerunOnNodeRebootAfterSuccess: false };
  await addJob("again", { jobPreparationTask: { commandLine: sh("echo x >> ../../count") } });
  await addJob("once", { jobPreparationTask: once });
  for (const id of ["again", "once"]) {
    await addTask(id, "before", "true");
    await taskInState(id, "before", "completed");
  }
  const [node] = (await service.batch("GET", "/pools/p1/nodes")).body.value;
  await service.batch("POST", `/pools/p1/nodes/${node.id}/reboot`);
  for (const [id, count] of [
    ["again", "x\nx\n"],
    ["once", "x\n"],
  ] as const) {
    await addTask(id, "after", "true");
    await taskInState(id, "after", "completed");
    const file = await service.batch("GET", `/pools/p1/nodes/${node.id}/files/workitems/${id}/job-1/count`);
    expect(file.body, id).toBe(count);
  }
});

test("a job ends with its manager, which has the node to itself", async () => {
  await addJob("managed", { jobManagerTask: { id: "manager", commandLine: "sleep 0.5" } });
  await addTask("managed", "beside", "true");
  await taskInState("managed", "manager", "running");
  expect((await task("managed", "beside")).body.state).toBe("active");
  const { body } = await jobInState("managed", "completed");
  expect(body.executionInfo.terminateReason).toBe("JMComplete");
});

test("a job may outlive its manager", async () => {
  const jobManagerTask = { id: "manager", commandLine: "true", killJobOnCompletion: false };
  await addJob("outliving", { jobManagerTask });
  await taskInState("outliving", "manager", "completed");
  await addTask("outliving", "later", "true");
  await taskInState("outliving", "later", "completed");
});

test("a release needs a preparation, under another id", async () => {
  const lone = await addJob("bad", { jobReleaseTask: { commandLine: "true" } });
  expect(lone.body.values).toContainEqual({ key: "PropertyName", value: "jobReleaseTask" });
  const same = { id: "Same", commandLine: "true" };
  const twice = await addJob("bad", { jobPreparationTask: { ...same, id: "same" }, jobReleaseTask: same });
  expect(twice.status).toBe(400);
  expect((await job("bad")).status).toBe(404);
  expect((await hooks("other")).body.code).toBe("JobPreparationTaskOrReleaseTaskNotSpecified");
});

test("a manager that refuses nodes which can be taken away waits for one that cannot", async () => {
  const spot = { targetDedicatedNodes: 0, targetLowPriorityNodes: 1, taskSlotsPerNode: 2 };
  await service.batch("POST", "/pools", poolOf("spot", 0, spot));
  const jobManagerTask = {
    id: "manager",
    commandLine: "true",
    allowLowPriorityNode: false,
    runExclusive: false,
  };
  await addJob("choosy", { poolInfo: { poolId: "spot" }, jobManagerTask });
  await addJob("easy", {
    poolInfo: { poolId: "spot" },
    jobManagerTask: { ...jobManagerTask, allowLowPriorityNode: true },
  });
  await taskInState("easy", "manager", "completed");
  expect((await task("choosy", "manager")).body.state).toBe("active");
  await until(
    "a pool that stands",
    () => service.batch("GET", "/pools/spot"),
    ({ body }) => body.allocationState === "steady",
  );
  await service.batch("POST", "/pools/spot/resize", { targetDedicatedNodes: 1, targetLowPriorityNodes: 1 });
  const { body } = await taskInState("choosy", "manager", "completed");
  expect((await service.batch("GET", `/pools/spot/nodes/${body.nodeInfo.nodeId}`)).body.isDedicated).toBe(
    true,
  );
});
