/** Which job's tasks run next: shares, priorities, work that cannot run, and tasks that give way. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { jobBody, poolBody, taskBody } from "../batch-bodies.fixture.ts";
import { BatchClient, type Json } from "../batch-client.fixture.ts";
import { eventually } from "../eventually.fixture.ts";
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

const addTasks = (job: string, ...value: object[]) => batch.post(`/jobs/${job}/addtaskcollection`, { value });
const untilState = (job: string, task: string, wanted: string): Promise<Json> =>
  batch.until(`/jobs/${job}/tasks/${task}`, ({ state }) => state === wanted);

test("work that no node may take keeps nobody waiting", async () => {
  await batch.post("/pools", poolBody("barred", { taskSlotsPerNode: 4 }));
  await batch.post("/jobs", jobBody("bad", "barred", { jobPreparationTask: { commandLine: "/bin/false" } }));
  await addTasks("bad", ...Array.from({ length: 6 }, (_, i) => taskBody(`t${i}`, "true")));
  await batch.until("/jobs/bad/jobpreparationandreleasetaskstatus", ({ value }) =>
    value.some(({ jobPreparationTaskExecutionInfo: { result } }: Json) => result === "failure"),
  );
  await batch.post("/jobs", jobBody("wide", "barred"));
  await addTasks("wide", { ...taskBody("never", "true"), requiredSlots: 5 });
  await batch.post("/jobs", jobBody("good", "barred"));
  await addTasks("good", taskBody("t", "true"));
  await untilState("good", "t", "completed");
});

/** The jobs' letters in the order in which their tasks began. */
async function order(pool: string, ...jobs: string[]): Promise<string> {
  for (const job of jobs) {
    await batch.post("/jobs", jobBody(`${pool}-${job}`, pool));
    await addTasks(`${pool}-${job}`, ...Array.from({ length: 8 }, (_, i) => taskBody(`t${i}`, "true")));
  }
  await batch.until(`/pools/${pool}`, ({ allocationState }) => allocationState === "steady");
  await batch.post(`/pools/${pool}/resize`, { targetDedicatedNodes: 1, targetLowPriorityNodes: 0 });
  const starts: [string, string][] = [];
  for (const job of jobs) {
    await batch.until(`/jobs/${pool}-${job}/taskcounts`, ({ taskCounts }) => taskCounts.completed === 8);
    for (const { executionInfo, nodeInfo } of await batch.list(`/jobs/${pool}-${job}/tasks`)) {
      expect(nodeInfo.poolId).toBe(pool);
      starts.push([executionInfo.startTime, job]);
    }
  }
  return starts
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, job]) => job)
    .join("");
}

test("equal jobs share a pool evenly, and in the order of their creation where it says so", async () => {
  await batch.post("/pools", poolBody("even", { targetDedicatedNodes: 0 }));
  await batch.must("POST", "/pools", {
    version: "2025-06-01",
    body: poolBody("first", {
      targetDedicatedNodes: 0,
      taskSchedulingPolicy: { nodeFillType: "spread", jobDefaultOrder: "creationtime" },
    }),
  });
  const [even, first] = await Promise.all([order("even", "a", "b"), order("first", "a", "b")]);
  // Two may start within one tick of the clock.
  expect(even).toMatch(/^([ab]*)$/);
  for (let tasks = 4; tasks <= 16; tasks++) {
    const ofA = [...even.slice(0, tasks)].filter((job) => job === "a").length;
    expect(Math.abs(2 * ofA - tasks)).toBeLessThanOrEqual(2);
  }
  expect(first).toBe("aaaaaaaabbbbbbbb");
});

test("a running task whose job allows it gives way to a job of a higher priority, and runs again", async () => {
  await batch.post("/pools", poolBody("one"));
  await batch.post("/jobs", jobBody("low", "one", { priority: -100, allowTaskPreemption: true }));
  const waits =
    'if [ -e "$AZ_BATCH_NODE_SHARED_DIR/seen" ]; then exit 0; fi; : > "$AZ_BATCH_NODE_SHARED_DIR/seen"; echo up; sleep 1000';
  await addTasks("low", taskBody("t", waits));
  // It runs before it has left its mark.
  const said = async () => (await batch.send("GET", "/jobs/low/tasks/t/files/stdout.txt")).text;
  await eventually("the task's mark", async () => (await said()) === "up\n");
  await batch.post("/jobs", jobBody("high", "one", { priority: 500 }));
  await addTasks("high", taskBody("t", "true"));
  const high = await untilState("high", "t", "completed");
  const low = await untilState("low", "t", "completed");
  expect(low.executionInfo).toMatchObject({ requeueCount: 1, retryCount: 0, exitCode: 0 });
  expect(low.executionInfo.startTime >= high.executionInfo.startTime).toBe(true);
});
