/** One account's tasks with very many dependencies: everybody else's requests go on meanwhile. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { jobBody, taskBody } from "../wire/batch-bodies.fixture.ts";
import { BatchClient, type Json } from "../wire/batch-client.fixture.ts";
import { type RunningService, runningService } from "../wire/running-service.fixture.ts";

let service: RunningService;
let batch: BatchClient;
let other: BatchClient;

beforeAll(async () => {
  service = await runningService();
  [batch, other] = await Promise.all([BatchClient.connect(service), BatchClient.connect(service)]);
  for (const id of ["many", "other"])
    await batch.post("/jobs", jobBody(id, "none", { usesTaskDependencies: true }));
  await batch.post("/jobs/many/tasks", taskBody("1", "true"));
});
afterAll(async () => {
  batch?.close();
  other?.close();
  await service?.close();
});

/** Milliseconds that another client's write takes at the most while the attack runs, far above what a loaded machine adds. */
const LONGEST_WAIT = 1_500;

/** @returns the attack's reply, and the longest time that a write of somebody else took meanwhile */
async function whileOthersWrite(attack: Promise<Json>): Promise<{ reply: Json; longest: number }> {
  let isOver = false;
  const over = attack.finally(() => {
    isOver = true;
  });
  let longest = 0;
  for (let task = 0; !isOver; task++) {
    const start = performance.now();
    await other.post("/jobs/other/tasks", taskBody(`t${Math.round(start)}-${task}`, "true"));
    longest = Math.max(longest, performance.now() - start);
  }
  return { reply: await over, longest };
}

const addAll = (...tasks: object[]) => batch.post("/jobs/many/addtaskcollection", { value: tasks });

test("24,000 ranges of ids hold everybody's writes", async () => {
  const range = (i: number) => ({ start: i * 2, end: i * 2 });
  const taskIdRanges = Array.from({ length: 24_000 }, (_, i) => range(i));
  const { reply, longest } = await whileOthersWrite(
    addAll({ ...taskBody("ranges", "true"), dependsOn: { taskIdRanges } }),
  );
  expect(reply.json.value[0].error.code).toBe("TaskDependencyRangesTooLong");
  expect(longest).toBeLessThan(LONGEST_WAIT);
});

test("a collection full of ranges that overlap holds everybody's writes", async () => {
  const taskIdRanges = Array.from({ length: 250 }, (_, i) => ({ start: i, end: i + 100_000 + i }));
  const tasks = Array.from({ length: 90 }, (_, i) => ({
    ...taskBody(`overlap${i}`, "true"),
    dependsOn: { taskIdRanges },
  }));
  const { reply, longest } = await whileOthersWrite(addAll(...tasks));
  expect(reply.json.value.map(({ status }: Json) => status)).toEqual(tasks.map(() => "success"));
  expect(longest).toBeLessThan(LONGEST_WAIT);
});

test("50,000 ids of tasks stop the loop", async () => {
  const taskIds = Array.from({ length: 50_000 }, (_, i) => `i${i}`);
  const { reply, longest } = await whileOthersWrite(
    addAll({ ...taskBody("ids", "true"), dependsOn: { taskIds } }),
  );
  expect(reply.json.value[0].error.code).toBe("TaskDependencyListTooLong");
  expect(longest).toBeLessThan(LONGEST_WAIT);
});
