/** One account's tasks with very many dependencies: everybody else's requests go on meanwhile. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { jobBody, taskBody } from "../wire/batch-bodies.fixture.ts";
import { BatchClient, type Json } from "../wire/batch-client.fixture.ts";
import { type RunningService, runningService } from "../wire/running-service.fixture.ts";
import { LoopStalls } from "./loop-stalls.ts";

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

/** Milliseconds that the loop's own thread computes without hearing anybody: what a request may take. */
const LONGEST_STALL = 250;
/** Of writes, which are made there one after the other; twice a slice's. */
const LONGEST_WRITE = 100;

/** @returns the attack's reply, and the loop's longest stall while somebody else writes */
async function whileOthersWrite(attack: Promise<Json>): Promise<{ reply: Json; stall: number }> {
  let isOver = false;
  const stalls = new LoopStalls();
  const over = attack.finally(() => {
    isOver = true;
  });
  let longest = 0;
  for (let task = 0; !isOver; task++) {
    const start = performance.now();
    await other.post("/jobs/other/tasks", taskBody(`t${Math.round(start)}-${task}`, "true"));
    longest = Math.max(longest, performance.now() - start);
  }
  stalls.stop();
  console.log(
    `others' longest write ${longest.toFixed()} ms, the longest stall ${stalls.longest.toFixed()} ms`,
  );
  return { reply: await over, stall: stalls.longest };
}

const addAll = (...tasks: object[]) => batch.post("/jobs/many/addtaskcollection", { value: tasks });

/** As long as a body may be. @param width of each range; what meets is merged */
const ranges = (count: number, width: number) =>
  Array.from({ length: count }, (_, i) => ({ start: 2 * i, end: 2 * i + width }));

test("24,000 ranges of ids hold everybody's writes", async () => {
  const taskIdRanges = ranges(24_000, 0);
  const { reply, stall } = await whileOthersWrite(
    addAll({ ...taskBody("ranges", "true"), dependsOn: { taskIdRanges } }),
  );
  expect(reply.json.value[0].error.code).toBe("TaskDependencyRangesTooLong");
  expect(stall).toBeLessThan(LONGEST_STALL);
});

const COLLECTIONS: readonly [title: string, count: number, width: number][] = [
  ["that overlap", 250, 100_000],
  ["that do not meet", 380, 0],
];

test.each(COLLECTIONS)("a collection full of ranges %s holds everybody's writes", async (_, count, width) => {
  const stalls: number[] = [];
  for (let round = 0; round < 2; round++) {
    const tasks = Array.from({ length: 90 }, (_, i) => ({
      ...taskBody(`ranges${count}-${round}-${i}`, "true"),
      dependsOn: { taskIdRanges: ranges(count, width) },
    }));
    const { reply, stall } = await whileOthersWrite(addAll(...tasks));
    expect(reply.json.value.map(({ status }: Json) => status)).toEqual(tasks.map(() => "success"));
    stalls.push(stall);
  }
  // The least is what the machine's other work disturbs least.
  expect(Math.min(...stalls)).toBeLessThan(LONGEST_WRITE);
});

test("50,000 ids of tasks stop the loop", async () => {
  const taskIds = Array.from({ length: 50_000 }, (_, i) => `i${i}`);
  const { reply, stall } = await whileOthersWrite(
    addAll({ ...taskBody("ids", "true"), dependsOn: { taskIds } }),
  );
  expect(reply.json.value[0].error.code).toBe("TaskDependencyListTooLong");
  expect(stall).toBeLessThan(LONGEST_STALL);
});
