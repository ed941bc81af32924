/** Tasks from their addition to their end, on real nodes: retries, limits, dependencies, ends before their own end. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { jobBody, poolBody, taskBody } from "../batch-bodies.fixture.ts";
import { BatchClient, type Json } from "../batch-client.fixture.ts";
import { eventually } from "../eventually.fixture.ts";
import { processesIn, type RunningService, runningService } from "../running-service.fixture.ts";

let service: RunningService;
let batch: BatchClient;

beforeAll(async () => {
  service = await runningService();
  batch = await BatchClient.connect(service);
  await batch.post("/pools", poolBody("main", { taskSlotsPerNode: 4 }));
});
afterAll(async () => {
  batch?.close();
  await service?.close();
});

let jobs = 0;
async function newJob(change: object = {}, poolId = "main"): Promise<string> {
  const id = `job-${++jobs}`;
  await batch.post("/jobs", jobBody(id, poolId, change));
  return id;
}

const addTasks = async (job: string, ...tasks: object[]): Promise<Json[]> => {
  const { value } = (await batch.post(`/jobs/${job}/addtaskcollection`, { value: tasks })).json;
  expect(value.map(({ status }: Json) => status)).toEqual(tasks.map(() => "success"));
  return value;
};
const completed = (job: string, task: string): Promise<Json> =>
  batch.until(`/jobs/${job}/tasks/${task}`, ({ state }) => state === "completed");
const running = (job: string, task: string): Promise<Json> =>
  batch.until(`/jobs/${job}/tasks/${task}`, ({ state }) => state === "running");
const stdout = async (job: string, task: string): Promise<string> =>
  (await batch.must("GET", `/jobs/${job}/tasks/${task}/files/stdout.txt`)).text;
const counts = async (job: string): Promise<Json> => (await batch.get(`/jobs/${job}/taskcounts`)).taskCounts;

test("a task that exits with 0 has succeeded, and its output can be read", async () => {
  const job = await newJob();
  await addTasks(job, taskBody("t", "echo out; echo err >&2"));
  const task = await completed(job, "t");
  expect(task.executionInfo).toMatchObject({
    exitCode: 0,
    result: "success",
    retryCount: 0,
    requeueCount: 0,
  });
  expect(task.executionInfo.failureInfo).toBeUndefined();
  expect(task).toMatchObject({ previousState: "running", nodeInfo: { poolId: "main" } });
  expect(task.executionInfo.endTime >= task.executionInfo.startTime).toBe(true);
  expect(await stdout(job, "t")).toBe("out\n");
  expect((await batch.must("GET", `/jobs/${job}/tasks/t/files/stderr.txt`)).text).toBe("err\n");
});

test("a task sees the documented environment, and its own settings win over the job's", async () => {
  const job = await newJob({
    commonEnvironmentSettings: [
      { name: "BOTH", value: "job" },
      { name: "JOB_ONLY", value: "yes" },
    ],
  });
  await addTasks(job, {
    ...taskBody("env", "env; pwd; id -u >/dev/null"),
    environmentSettings: [{ name: "BOTH", value: "task" }],
  });
  const { nodeInfo } = await completed(job, "env");
  const lines = (await stdout(job, "env")).split("\n");
  expect(lines).toEqual(
    expect.arrayContaining([
      "AZ_BATCH_ACCOUNT_NAME=myaccount",
      `AZ_BATCH_ACCOUNT_URL=${batch.url}`,
      `AZ_BATCH_JOB_ID=${job}`,
      "AZ_BATCH_TASK_ID=env",
      "AZ_BATCH_POOL_ID=main",
      `AZ_BATCH_NODE_ID=${nodeInfo.nodeId}`,
      "AZ_BATCH_NODE_IS_DEDICATED=true",
      "BOTH=task",
      "JOB_ONLY=yes",
    ]),
  );
  const folder = lines.find((line) => line.startsWith("AZ_BATCH_TASK_WORKING_DIR="))?.split("=")[1];
  expect(folder).toMatch(new RegExp(`/workitems/${job}/job-1/env/wd$`));
  expect(lines).toContain(folder);
});

describe("retries", () => {
  test("a task is tried again as often as maxTaskRetryCount allows, and then has failed", async () => {
    const job = await newJob();
    await addTasks(job, {
      ...taskBody("t", "echo try; exit 3"),
      constraints: { maxTaskRetryCount: 2 },
    });
    const { executionInfo } = await completed(job, "t");
    expect(executionInfo).toMatchObject({
      exitCode: 3,
      result: "failure",
      retryCount: 2,
      requeueCount: 0,
      failureInfo: { category: "UserError", code: "FailureExitCode" },
    });
    expect(Date.parse(executionInfo.lastRetryTime)).toBeLessThanOrEqual(Date.parse(executionInfo.endTime));
    expect(await counts(job)).toEqual({ active: 0, running: 0, completed: 1, succeeded: 0, failed: 1 });
  });

  test("a retry that succeeds makes the task a success, the job's count holding where the task names none", async () => {
    const job = await newJob({ constraints: { maxTaskRetryCount: 1 } });
    await addTasks(job, taskBody("t", "test -e ../../../seen || { touch ../../../seen; exit 1; }"));
    const { executionInfo, constraints } = await completed(job, "t");
    expect(executionInfo).toMatchObject({ exitCode: 0, result: "success", retryCount: 1 });
    expect(executionInfo.failureInfo).toBeUndefined();
    expect(constraints.maxTaskRetryCount).toBe(1);
  });

  test("of a thousand tasks a tenth fails once, and all end in the right counts", {
    timeout: 60_000,
  }, async () => {
    const job = await newJob({ constraints: { maxTaskRetryCount: 1 } });
    const failsOnce = "test $BATCHYARD_TASK_ATTEMPT = 2";
    const task = (n: number) => taskBody(`t${n}`, n % 10 === 0 ? failsOnce : ":");
    for (let page = 0; page < 10; page++) {
      await addTasks(job, ...Array.from({ length: 100 }, (_, i) => task(page * 100 + i)));
    }
    await batch.until(`/jobs/${job}/taskcounts`, ({ taskCounts }) => taskCounts.completed === 1_000);
    expect(await counts(job)).toEqual({
      active: 0,
      running: 0,
      completed: 1_000,
      succeeded: 1_000,
      failed: 0,
    });
    const tasks = await batch.list(`/jobs/${job}/tasks?$select=executionInfo`);
    const retries = tasks.map(({ executionInfo }) => executionInfo.retryCount);
    expect(retries.filter((count) => count === 1)).toHaveLength(100);
    expect(retries.filter((count) => count === 0)).toHaveLength(900);
  });
});

describe("time", () => {
  test("maxWallClockTime ends a task with all its descendants", async () => {
    const job = await newJob();
    const mark = `wall-${Date.now()}`;
    await addTasks(job, {
      ...taskBody("t", `sh -c "setsid sh -c \\"sleep 600; : ${mark}\\" & wait" & sleep 600`),
      constraints: { maxWallClockTime: "PT1S" },
    });
    await running(job, "t");
    await eventually("three generations", () => processesIn(mark).length >= 3);
    const { executionInfo } = await completed(job, "t");
    expect(executionInfo).toMatchObject({
      result: "failure",
      failureInfo: { category: "UserError", code: "TaskEnded" },
    });
    expect(processesIn(mark)).toEqual([]);
  });

  test("a job's own maxWallClockTime ends the job and its tasks", async () => {
    const job = await newJob({ constraints: { maxWallClockTime: "PT1S" } });
    await addTasks(job, taskBody("long", "sleep 600"));
    const ended = await batch.until(`/jobs/${job}`, ({ state }) => state === "completed");
    expect(ended.executionInfo.terminateReason).toBe("MaxWallClockTimeExpiry");
    expect((await completed(job, "long")).executionInfo.failureInfo.code).toBe("TaskEnded");
  });

  test("files of a task go when its retention time is over", async () => {
    const job = await newJob();
    await addTasks(job, { ...taskBody("t", "echo here"), constraints: { retentionTime: "PT0S" } });
    await completed(job, "t");
    await eventually(
      "the files to go",
      async () => (await batch.send("GET", `/jobs/${job}/tasks/t/files/stdout.txt`)).status === 404,
    );
    expect((await batch.get(`/jobs/${job}/tasks/t`)).state).toBe("completed");
  });
});

test("a program that is not there ends as a failure that says so", async () => {
  const job = await newJob();
  await addTasks(job, { id: "t", commandLine: "no-such-program --at all" });
  const { executionInfo } = await completed(job, "t");
  expect(executionInfo).toMatchObject({ result: "failure", failureInfo: { category: "UserError" } });
  expect(executionInfo.failureInfo.code).toBe("CommandProgramNotFound");
});

describe("dependencies", () => {
  const dependent = { usesTaskDependencies: true };

  test("a task waits for the ids it names, those added later included", async () => {
    const job = await newJob(dependent);
    await addTasks(job, {
      ...taskBody("last", "test -e ../../../first"),
      dependsOn: { taskIds: ["First", "second"] },
    });
    await addTasks(job, taskBody("second", ":"));
    await completed(job, "second");
    expect((await batch.get(`/jobs/${job}/tasks/last`)).state).toBe("active");
    await addTasks(job, taskBody("first", "touch ../../../first"));
    expect((await completed(job, "last")).executionInfo.result).toBe("success");
  });

  test("a range means every number in it", async () => {
    const job = await newJob(dependent);
    await addTasks(
      job,
      {
        ...taskBody("sum", "ls ../../.. | grep -c part"),
        dependsOn: { taskIdRanges: [{ start: 1, end: 5 }] },
      },
      ...[1, 2, 3, 4].map((n) => taskBody(String(n), `touch ../../../part${n}`)),
    );
    for (const n of [1, 2, 3, 4]) await completed(job, String(n));
    expect((await batch.get(`/jobs/${job}/tasks/sum`)).state).toBe("active");
    await addTasks(job, taskBody("5", "touch ../../../part5"));
    await completed(job, "sum");
    expect(await stdout(job, "sum")).toBe("5\n");
  });

  test("a range is not satisfied by one number twice", async () => {
    const job = await newJob(dependent);
    const satisfies = { exitConditions: { default: { dependencyAction: "satisfy" } } };
    await addTasks(job, { ...taskBody("sum", ":"), dependsOn: { taskIdRanges: [{ start: 1, end: 3 }] } });
    await addTasks(job, { ...taskBody("1", "exit 1"), ...satisfies });
    const first = await completed(job, "1");
    await batch.post(`/jobs/${job}/tasks/1/reactivate`);
    const again = ({ state, eTag }: Json) => state === "completed" && eTag !== first.eTag;
    await batch.until(`/jobs/${job}/tasks/1`, again);
    await addTasks(job, taskBody("2", ":"));
    await completed(job, "2");
    await batch.must("DELETE", `/jobs/${job}/tasks/2`);
    await addTasks(job, taskBody("2", ":"));
    await completed(job, "2");
    expect((await batch.get(`/jobs/${job}/tasks/sum`)).state).toBe("active");
    await addTasks(job, taskBody("3", ":"));
    await completed(job, "sum");
  });

  test("a failed task blocks its dependents, unless its exit condition says satisfy", async () => {
    const job = await newJob(dependent);
    const condition = (code: number, dependencyAction: string) => ({
      exitConditions: { exitCodes: [{ code, exitOptions: { dependencyAction } }] },
    });
    await addTasks(
      job,
      taskBody("fails", "exit 1"),
      { ...taskBody("fails-well", "exit 2"), ...condition(2, "satisfy") },
      { ...taskBody("succeeds-badly", "exit 0"), ...condition(0, "block") },
      { ...taskBody("a", ":"), dependsOn: { taskIds: ["fails"] } },
      { ...taskBody("b", ":"), dependsOn: { taskIds: ["fails-well"] } },
      { ...taskBody("c", ":"), dependsOn: { taskIds: ["succeeds-badly"] } },
    );
    for (const id of ["fails", "fails-well", "succeeds-badly", "b"]) await completed(job, id);
    expect((await batch.get(`/jobs/${job}/tasks/a`)).state).toBe("active");
    expect((await batch.get(`/jobs/${job}/tasks/c`)).state).toBe("active");
  });

  test("without usesTaskDependencies on the job they are refused", async () => {
    const job = await newJob();
    const refused = await batch.send("POST", `/jobs/${job}/tasks`, {
      body: { ...taskBody("t", ":"), dependsOn: { taskIds: ["x"] } },
    });
    expect(refused).toMatchObject({ status: 400, json: { code: "TaskDependenciesNotSpecifiedOnJob" } });
  });
});

describe("ends before their own end", () => {
  test("a running task that is terminated dies at once and has failed", async () => {
    const job = await newJob();
    const mark = `terminate-${Date.now()}`;
    await addTasks(job, {
      ...taskBody("t", `trap : TERM; sh -c "sleep 600; : ${mark}" & while :; do wait; done`),
      constraints: { maxTaskRetryCount: 5 },
    });
    await running(job, "t");
    await eventually("its processes", () => processesIn(mark).length >= 2);
    expect((await batch.send("POST", `/jobs/${job}/tasks/t/terminate`)).status).toBe(204);
    expect((await completed(job, "t")).executionInfo).toMatchObject({
      result: "failure",
      retryCount: 0,
      failureInfo: { category: "UserError", code: "TaskEnded" },
    });
    expect(processesIn(mark)).toEqual([]);
    expect(await batch.send("POST", `/jobs/${job}/tasks/t/terminate`)).toMatchObject({
      status: 409,
      json: { code: "TaskCompleted" },
    });
  });

  test("a running task that is deleted is gone at once, and its processes soon", async () => {
    const job = await newJob();
    const mark = `delete-${Date.now()}`;
    await addTasks(job, {
      ...taskBody("t", `sleep 600; : ${mark}`),
    });
    await running(job, "t");
    await eventually("its process", () => processesIn(mark).length > 0);
    expect((await batch.send("DELETE", `/jobs/${job}/tasks/t`)).status).toBe(200);
    expect(await batch.send("GET", `/jobs/${job}/tasks/t`)).toMatchObject({
      status: 404,
      json: { code: "TaskNotFound" },
    });
    expect(await batch.list(`/jobs/${job}/tasks`)).toEqual([]);
    await eventually("its processes to die", () => processesIn(mark).length === 0);
    await batch.until(`/jobs/${job}/taskcounts`, ({ taskCounts }) => taskCounts.running === 0);
    // Its id is free again.
    await eventually(
      "the id to be free",
      async () =>
        (await batch.send("POST", `/jobs/${job}/tasks`, { body: taskBody("t", ":") })).status === 201,
    );
    await completed(job, "t");
  });

  test("only a failed task can be reactivated, and then runs again from the start", async () => {
    const job = await newJob();
    await addTasks(
      job,
      taskBody("fails", "test -e ../../../seen || { touch ../../../seen; exit 1; }"),
      taskBody("works", ":"),
      taskBody("waits", "sleep 600"),
    );
    await completed(job, "fails");
    expect((await batch.send("POST", `/jobs/${job}/tasks/fails/reactivate`)).status).toBe(204);
    await batch.until(`/jobs/${job}/tasks/fails`, ({ executionInfo }) => executionInfo.result === "success");
    await completed(job, "works");
    const reactivate = async (task: string) =>
      (await batch.send("POST", `/jobs/${job}/tasks/${task}/reactivate`)).json?.code;
    expect(await reactivate("works")).toBe("TaskSucceeded");
    expect(await reactivate("waits")).toBe("TaskNotCompleted");
    expect(await reactivate("absent")).toBe("TaskNotFound");
    expect(await counts(job)).toMatchObject({ running: 1, succeeded: 2, failed: 0 });
    await batch.must("DELETE", `/jobs/${job}`);
  });

  test("constraints of a task can be replaced until it has completed", async () => {
    const job = await newJob();
    await addTasks(job, taskBody("t", "sleep 600"));
    const constraints = { maxWallClockTime: "PT2H", retentionTime: "PT1H", maxTaskRetryCount: 4 };
    expect((await batch.send("PUT", `/jobs/${job}/tasks/t`, { body: { constraints } })).status).toBe(200);
    expect((await batch.get(`/jobs/${job}/tasks/t`)).constraints).toEqual(constraints);
    await batch.must("POST", `/jobs/${job}/tasks/t/terminate`);
    await completed(job, "t");
    expect(await batch.send("PUT", `/jobs/${job}/tasks/t`, { body: { constraints } })).toMatchObject({
      status: 409,
      json: { code: "TaskCompleted" },
    });
  });
});
