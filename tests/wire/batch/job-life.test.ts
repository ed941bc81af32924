/** Jobs from their addition to their deletion, on real nodes: states, limits, order, and what a task's end means for its job. */
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
  await batch.post("/pools", poolBody("wide", { taskSlotsPerNode: 8 }));
  await batch.post("/pools", poolBody("narrow", { taskSlotsPerNode: 1 }));
});
afterAll(async () => {
  batch?.close();
  await service?.close();
});

let jobs = 0;
async function newJob(change: object = {}, poolId = "wide"): Promise<string> {
  const id = `job-${++jobs}`;
  await batch.post("/jobs", jobBody(id, poolId, change));
  return id;
}

const addTasks = (job: string, ...value: object[]) => batch.post(`/jobs/${job}/addtaskcollection`, { value });
const taskIn = (job: string, task: string, state: string): Promise<Json> =>
  batch.until(`/jobs/${job}/tasks/${task}`, (resource) => resource.state === state);
const jobIn = (job: string, state: string): Promise<Json> =>
  batch.until(`/jobs/${job}`, (resource) => resource.state === state);
/** Marked by its command line, for the environment of a node's processes may not be the test's user's to read. */
const marked = (id: string, mark: string) => taskBody(id, `sleep 600; : ${mark}`);

describe("disabling", () => {
  test("with requeue stops what runs, and enabling runs it again", async () => {
    const job = await newJob();
    await addTasks(job, taskBody("t", "echo $BATCHYARD_TASK_ATTEMPT; sleep 600"));
    await taskIn(job, "t", "running");
    const disable = await batch.send("POST", `/jobs/${job}/disable`, { body: { disableTasks: "requeue" } });
    expect(disable.status).toBe(202);
    expect((await jobIn(job, "disabled")).previousState).toBe("disabling");
    const waiting = await taskIn(job, "t", "active");
    expect(waiting.executionInfo).toMatchObject({ requeueCount: 1, retryCount: 0 });
    expect((await batch.send("POST", `/jobs/${job}/enable`)).status).toBe(202);
    await taskIn(job, "t", "running");
    await eventually("the second attempt's output", async () => {
      const stdout = await batch.send("GET", `/jobs/${job}/tasks/t/files/stdout.txt`);
      return stdout.text === "2\n";
    });
    await batch.must("DELETE", `/jobs/${job}`);
  });

  test("with terminate ends what runs; what waits goes on waiting", async () => {
    const job = await newJob({}, "narrow");
    await addTasks(job, taskBody("runs", "sleep 600"), taskBody("waits", ":"));
    await taskIn(job, "runs", "running");
    await batch.post(`/jobs/${job}/disable`, { disableTasks: "terminate" });
    await jobIn(job, "disabled");
    const { executionInfo } = await taskIn(job, "runs", "completed");
    expect(executionInfo).toMatchObject({ result: "failure", failureInfo: { code: "TaskEnded" } });
    expect((await batch.get(`/jobs/${job}/tasks/waits`)).state).toBe("active");
    await batch.must("DELETE", `/jobs/${job}`);
  });

  test("with wait lets what runs come to its end, and starts nothing more", async () => {
    const job = await newJob({ maxParallelTasks: 1 });
    const runs = taskBody("runs", "until test -e $AZ_BATCH_NODE_SHARED_DIR/go; do sleep 0.02; done");
    await addTasks(job, runs, taskBody("waits", ":"));
    await taskIn(job, "runs", "running");
    await batch.post(`/jobs/${job}/disable`, { disableTasks: "wait" });
    expect((await batch.get(`/jobs/${job}`)).state).toBe("disabling");
    await addTasks(await newJob(), taskBody("signal", "touch $AZ_BATCH_NODE_SHARED_DIR/go"));
    await jobIn(job, "disabled");
    expect((await batch.get(`/jobs/${job}/tasks/runs`)).executionInfo).toMatchObject({ exitCode: 0 });
    expect((await batch.get(`/jobs/${job}/tasks/waits`)).state).toBe("active");
    await batch.must("POST", `/jobs/${job}/enable`);
    await taskIn(job, "waits", "completed");
  });

  test("needs a job that is active, and enabling one that is disabled", async () => {
    const job = await newJob();
    await batch.post(`/jobs/${job}/disable`, { disableTasks: "requeue" });
    await jobIn(job, "disabled");
    const again = await batch.send("POST", `/jobs/${job}/disable`, { body: { disableTasks: "requeue" } });
    expect(again).toMatchObject({ status: 409, json: { code: "JobDisabled" } });
    await batch.must("POST", `/jobs/${job}/terminate`);
    await jobIn(job, "completed");
    const enable = await batch.send("POST", `/jobs/${job}/enable`);
    expect(enable).toMatchObject({ status: 409, json: { code: "JobCompleted" } });
  });
});

describe("ending", () => {
  test("terminating kills all that runs within two seconds, and the job takes no more tasks", async () => {
    const job = await newJob();
    const mark = `terminate-job-${Date.now()}`;
    await addTasks(job, ...["a", "b", "c", "d"].map((id) => marked(id, mark)));
    await eventually("four tasks", () => processesIn(mark).length >= 4);
    const asked = Date.now();
    const reply = await batch.send("POST", `/jobs/${job}/terminate`, { body: { terminateReason: "enough" } });
    expect(reply.status).toBe(202);
    await eventually("all to die", () => processesIn(mark).length === 0);
    expect(Date.now() - asked).toBeLessThan(2_000);
    const ended = await jobIn(job, "completed");
    expect(ended.executionInfo).toMatchObject({ terminateReason: "enough", poolId: "wide" });
    expect(Date.parse(ended.executionInfo.endTime)).toBeGreaterThanOrEqual(
      Date.parse(ended.executionInfo.startTime),
    );
    for (const id of ["a", "b", "c", "d"]) await taskIn(job, id, "completed");
    expect(await batch.send("POST", `/jobs/${job}/tasks`, { body: taskBody("late", ":") })).toMatchObject({
      status: 409,
      json: { code: "JobCompleted" },
    });
    expect(await batch.send("POST", `/jobs/${job}/terminate`)).toMatchObject({ status: 409 });
  });

  test("tasks that had not run when their job was terminated stay active", async () => {
    const job = await newJob({}, "narrow");
    await addTasks(job, taskBody("runs", "sleep 600"), taskBody("waits", ":"));
    await taskIn(job, "runs", "running");
    await batch.must("POST", `/jobs/${job}/terminate`);
    const ended = await jobIn(job, "completed");
    expect(ended.executionInfo.terminateReason).toBe("UserTerminate");
    expect((await batch.get(`/jobs/${job}/tasks/waits`)).state).toBe("active");
  });

  test("deleting a job with running tasks takes tasks, files and processes with it", async () => {
    const job = await newJob();
    const mark = `delete-job-${Date.now()}`;
    await addTasks(job, marked("a", mark), taskBody("b", ":"));
    await eventually("a task", () => processesIn(mark).length > 0);
    const { nodeInfo } = await taskIn(job, "b", "completed");
    expect((await batch.send("DELETE", `/jobs/${job}`)).status).toBe(202);
    await batch.untilGone(`/jobs/${job}`);
    expect(processesIn(mark)).toEqual([]);
    expect(await batch.send("GET", `/jobs/${job}/tasks`)).toMatchObject({
      status: 404,
      json: { code: "JobNotFound" },
    });
    await eventually("its folder to go", async () => {
      const files = await batch.list(`/pools/wide/nodes/${nodeInfo.nodeId}/files?recursive=true`);
      return !files.some(({ name }) => name.startsWith(`workitems/${job}`));
    });
    await batch.post("/jobs", jobBody(job, "wide"));
    expect(await batch.list(`/jobs/${job}/tasks`)).toEqual([]);
  });

  test("onAllTasksComplete ends the job with its last task", async () => {
    const job = await newJob();
    await addTasks(job, taskBody("a", ":"), taskBody("b", "exit 1"));
    await taskIn(job, "a", "completed");
    await taskIn(job, "b", "completed");
    expect((await batch.get(`/jobs/${job}`)).state).toBe("active");
    await batch.must("PATCH", `/jobs/${job}`, { body: { onAllTasksComplete: "terminatejob" } });
    expect((await jobIn(job, "completed")).executionInfo.terminateReason).toBe("AllTasksComplete");
    const then = await batch.send("GET", `/jobs/${job}`, { version: "2020-03-01.11.0" });
    expect(then.json.executionInfo.terminateReason).toBe("AllTasksCompleted");
  });

  test("onAllTasksComplete waits for a retry", async () => {
    const job = await newJob({ constraints: { maxTaskRetryCount: 1 } });
    await addTasks(job, taskBody("a", "test -e ../../../seen || { touch ../../../seen; exit 1; }"));
    await batch.must("PATCH", `/jobs/${job}`, { body: { onAllTasksComplete: "terminatejob" } });
    await jobIn(job, "completed");
    expect((await batch.get(`/jobs/${job}/tasks/a`)).executionInfo).toMatchObject({
      result: "success",
      retryCount: 1,
    });
  });
});

describe("onTaskFailure", () => {
  const performing = { onTaskFailure: "performexitoptionsjobaction" };

  test("a failed task without conditions terminates the job", async () => {
    const job = await newJob(performing);
    await addTasks(job, taskBody("long", "sleep 600"), taskBody("fails", "exit 9"));
    expect((await jobIn(job, "completed")).executionInfo.terminateReason).toBe("TaskFailed");
    expect((await taskIn(job, "long", "completed")).executionInfo.failureInfo.code).toBe("TaskEnded");
  });

  test("the most specific exit condition decides: a code, a range, the default", async () => {
    const job = await newJob(performing);
    const conditions = {
      exitConditions: {
        exitCodes: [{ code: 5, exitOptions: { jobAction: "none" } }],
        exitCodeRanges: [{ start: 4, end: 9, exitOptions: { jobAction: "disable" } }],
        default: { jobAction: "terminate" },
      },
    };
    await addTasks(job, { ...taskBody("five", "exit 5"), ...conditions });
    await taskIn(job, "five", "completed");
    expect((await batch.get(`/jobs/${job}`)).state).toBe("active");
    await addTasks(job, { ...taskBody("six", "exit 6"), ...conditions });
    await jobIn(job, "disabled");
    await batch.must("POST", `/jobs/${job}/enable`);
    await addTasks(job, { ...taskBody("one", "exit 1"), ...conditions });
    expect((await jobIn(job, "completed")).executionInfo.terminateReason).toBe("TaskFailed");
  });

  test("the action disable requeues what runs, as disabling with requeue does", async () => {
    const job = await newJob(performing);
    await addTasks(job, taskBody("long", "sleep 600"));
    await taskIn(job, "long", "running");
    await addTasks(job, {
      ...taskBody("fails", "exit 1"),
      exitConditions: { default: { jobAction: "disable" } },
    });
    await jobIn(job, "disabled");
    expect((await taskIn(job, "long", "active")).executionInfo.requeueCount).toBe(1);
  });

  test("an exit that is retried is not yet a failure", async () => {
    const job = await newJob({ ...performing, constraints: { maxTaskRetryCount: 1 } });
    await addTasks(job, taskBody("t", "test -e ../../../seen || { touch ../../../seen; exit 1; }"));
    expect((await taskIn(job, "t", "completed")).executionInfo.result).toBe("success");
    expect((await batch.get(`/jobs/${job}`)).state).toBe("active");
  });

  test("a job action on a task is refused where the job takes none", async () => {
    const job = await newJob();
    const refused = await batch.send("POST", `/jobs/${job}/tasks`, {
      body: {
        ...taskBody("t", ":"),
        exitConditions: { exitCodes: [{ code: 1, exitOptions: { jobAction: "terminate" } }] },
      },
    });
    expect(refused).toMatchObject({ status: 400, json: { code: "InvalidPropertyValue" } });
    expect(JSON.stringify(refused.json.values)).toContain("jobAction");
    expect(await batch.list(`/jobs/${job}/tasks`)).toEqual([]);
  });
});

describe("order", () => {
  test("the job of higher priority goes first, within a job the older task", async () => {
    const blocker = await newJob({}, "narrow");
    await addTasks(blocker, taskBody("holds", "sleep 600"));
    await taskIn(blocker, "holds", "running");
    const low = await newJob({ priority: -10 }, "narrow");
    const high = await newJob({ priority: 10 }, "narrow");
    const note = "echo $AZ_BATCH_JOB_ID/$AZ_BATCH_TASK_ID >> $AZ_BATCH_NODE_SHARED_DIR/order";
    await addTasks(low, taskBody("a", note), taskBody("b", note));
    await addTasks(high, taskBody("c", note), taskBody("d", note));
    await batch.must("POST", `/jobs/${blocker}/tasks/holds/terminate`);
    const { nodeInfo } = await taskIn(low, "b", "completed");
    const order = await batch.must("GET", `/pools/narrow/nodes/${nodeInfo.nodeId}/files/shared/order`);
    expect(order.text.trim().split("\n")).toEqual([`${high}/c`, `${high}/d`, `${low}/a`, `${low}/b`]);
  });

  test("a job runs no more tasks at once than maxParallelTasks", async () => {
    const job = await newJob({ maxParallelTasks: 2 });
    await addTasks(
      job,
      ...Array.from({ length: 6 }, (_, i) =>
        taskBody(
          `t${i}`,
          "touch ../../../on-$AZ_BATCH_TASK_ID; sleep 0.05; ls ../../.. | grep -c ^on- ; rm ../../../on-$AZ_BATCH_TASK_ID",
        ),
      ),
    );
    await batch.until(`/jobs/${job}/taskcounts`, ({ taskCounts }) => taskCounts.completed === 6);
    const seen: number[] = [];
    for (let i = 0; i < 6; i++) {
      seen.push(Number((await batch.must("GET", `/jobs/${job}/tasks/t${i}/files/stdout.txt`)).text));
    }
    expect(Math.max(...seen)).toBe(2);
  });

  test("a task takes as many slots as it requires", async () => {
    const job = await newJob();
    await addTasks(job, { ...taskBody("wide", "sleep 600"), requiredSlots: 7 });
    await taskIn(job, "wide", "running");
    await addTasks(job, taskBody("one", ":"), { ...taskBody("two", ":"), requiredSlots: 2 });
    await taskIn(job, "one", "completed");
    expect((await batch.get(`/jobs/${job}/tasks/two`)).state).toBe("active");
    expect((await batch.get(`/jobs/${job}/taskcounts`)).taskSlotCounts).toEqual({
      active: 2,
      running: 7,
      completed: 1,
      succeeded: 1,
      failed: 0,
    });
    const [node] = await batch.list("/pools/wide/nodes");
    expect(node).toMatchObject({ state: "running", runningTasksCount: 1, runningTaskSlotsCount: 7 });
    await batch.must("POST", `/jobs/${job}/tasks/wide/terminate`);
    await taskIn(job, "two", "completed");
  });
});

describe("changing", () => {
  test("a patch keeps what it leaves out; an update puts it back to its default", async () => {
    const job = await newJob({
      displayName: "kept",
      priority: 5,
      metadata: [{ name: "a", value: "1" }],
      constraints: { maxTaskRetryCount: 3 },
    });
    expect((await batch.send("PATCH", `/jobs/${job}`, { body: { priority: 7 } })).status).toBe(200);
    expect(await batch.get(`/jobs/${job}`)).toMatchObject({
      priority: 7,
      displayName: "kept",
      metadata: [{ name: "a", value: "1" }],
      constraints: { maxTaskRetryCount: 3 },
    });
    const body = { poolInfo: { poolId: "wide" } };
    expect((await batch.send("PUT", `/jobs/${job}`, { body })).status).toBe(200);
    const updated = await batch.get(`/jobs/${job}`);
    expect(updated).toMatchObject({
      priority: 0,
      constraints: { maxTaskRetryCount: 0 },
      displayName: "kept",
    });
    expect(updated.metadata ?? []).toEqual([]);
  });

  test("the pool of a job changes only while it is disabled", async () => {
    const job = await newJob();
    const move = () => batch.send("PATCH", `/jobs/${job}`, { body: { poolInfo: { poolId: "narrow" } } });
    expect((await move()).status).toBe(409);
    await batch.post(`/jobs/${job}/disable`, { disableTasks: "requeue" });
    await jobIn(job, "disabled");
    expect((await move()).status).toBe(200);
    await batch.must("POST", `/jobs/${job}/enable`);
    await addTasks(job, taskBody("t", ":"));
    expect((await taskIn(job, "t", "completed")).nodeInfo.poolId).toBe("narrow");
  });

  test("an id is the same id in another case, and is taken once", async () => {
    const job = await newJob();
    const again = await batch.send("POST", "/jobs", { body: jobBody(job.toUpperCase(), "wide") });
    expect(again).toMatchObject({ status: 409, json: { code: "JobExists" } });
    expect((await batch.get(`/jobs/${job.toUpperCase()}`)).id).toBe(job);
  });
});

test("a job that is to end with its tasks cannot be told otherwise", async () => {
  await batch.post("/jobs", jobBody("ends", "none"));
  await batch.post("/jobs/ends/tasks", taskBody("waits", ":"));
  await batch.must("PATCH", "/jobs/ends", { body: { onAllTasksComplete: "terminatejob" } });
  const poolInfo = { poolId: "none" };
  for (const [method, body] of [
    ["PATCH", { onAllTasksComplete: "noaction" }],
    ["PUT", { poolInfo, onAllTasksComplete: "noaction" }],
    ["PUT", { poolInfo }],
  ] as const) {
    const refused = await batch.send(method, "/jobs/ends", { body });
    expect(refused).toMatchObject({ status: 400, json: { code: "InvalidPropertyValue" } });
    expect(refused.json.values).toContainEqual({ key: "PropertyName", value: "onAllTasksComplete" });
  }
  await batch.must("PATCH", "/jobs/ends", { body: { priority: 5 } });
  await batch.must("DELETE", "/jobs/ends");
});
