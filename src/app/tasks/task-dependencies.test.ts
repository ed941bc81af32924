import { afterEach, beforeEach, expect, test } from "vitest";
import { jobByKey } from "../../store/work/jobs.ts";
import { taskById, taskComplete } from "../../store/work/tasks.ts";
import {
  TASK_DEPENDENCY_IDS_MAX_CHARACTERS,
  TASK_DEPENDENCY_RANGES_MAX_CHARACTERS,
} from "../../wire/batch/limits.ts";
import { type BatchStore, openBatchStore } from "../batch-store.fixture.ts";
import { CountShifts } from "../jobs/task-counts.ts";
import { taskAdd, taskCollectionAdd } from "./task-add.ts";
import { dependentsRelease, taskReleaseDependents } from "./task-release-dependents.ts";
import { taskRemove } from "./task-stop.ts";

let farm: BatchStore;
beforeEach(async () => {
  farm = await openBatchStore();
  await farm.job("j", { usesTaskDependencies: true });
});
afterEach(() => farm.close());

const task = (id: string, dependsOn?: object) => ({
  id,
  commandLine: "true",
  ...(dependsOn && { dependsOn }),
});
const add = (...tasks: ReturnType<typeof task>[]) =>
  taskCollectionAdd(farm.app, farm.account, "j", tasks as never);
const read = async (id: string) => {
  const row = await taskById.first(farm.store.read, { job_key: 1, id_lower: id.toLowerCase() });
  if (row === undefined) throw new Error(`no task ${id}`);
  return row;
};
const isReady = async (id: string) => (await read(id)).blocked === 0;

/** As the end of an attempt does it. */
function complete(id: string): Promise<void> {
  return farm.write(async (c) => {
    const row = await taskById.first(c, { job_key: 1, id_lower: id.toLowerCase() });
    if (row === undefined) throw new Error(`no task ${id}`);
    const ended = {
      started_at: 1,
      ended_at: 2,
      exit_code: 0,
      result: "success",
      failure: null,
      clean_at: null,
      usage: null,
    };
    await taskComplete.run(c, { key: row.key, now: 2, ...ended, satisfies: 1 });
    const counts = new CountShifts();
    counts.moveTask(1, 1, "ready", "succeeded");
    await taskReleaseDependents(c, row, counts);
    await counts.write(c);
  });
}

test("zeros in front of a number do not count: the first of 4, 04 and 004 to end satisfies 4", async () => {
  await add(task("0001"), task("0002"), task("4"), task("04"), task("004"));
  await add(
    task("after", { taskIdRanges: [{ start: 1, end: 2 }] }),
    task("four", { taskIdRanges: [{ start: 4, end: 4 }] }),
  );
  await complete("04");
  expect(await isReady("four")).toBe(true);
  await complete("0002");
  expect(await isReady("after")).toBe(false);
  await complete("0001");
  expect(await isReady("after")).toBe(true);
  // Another one still says the number.
  await complete("4");
  const always = () => {};
  await taskRemove(farm.app, farm.account, "j", "04", always);
  await add(task("five", { taskIdRanges: [{ start: 4, end: 4 }] }));
  expect(await isReady("five")).toBe(true);
  await taskRemove(farm.app, farm.account, "j", "4", always);
  await add(task("six", { taskIdRanges: [{ start: 4, end: 4 }] }));
  expect(await isReady("six")).toBe(false);
});

test("too many ids, and too many ranges once merged, are refused by their documented names, and add nothing", async () => {
  const ids = Array.from({ length: 1_001 }, (_, i) => `${i}`.padStart(64, "x"));
  const ranges = (step: number) =>
    Array.from({ length: 24_000 }, (_, i) => ({ start: 10_000 + i * step, end: 10_000 + i * step }));
  expect(24_000 * "10000-10000".length).toBeGreaterThan(TASK_DEPENDENCY_RANGES_MAX_CHARACTERS);
  expect(ids.join("").length).toBe(TASK_DEPENDENCY_IDS_MAX_CHARACTERS + 64);
  const codes = (
    await add(task("ids", { taskIds: ids }), task("ranges", { taskIdRanges: ranges(2) }), task("good"))
  ).map((result) => ("fault" in result ? result.fault.code : "added"));
  expect(codes).toEqual(["TaskDependencyListTooLong", "TaskDependencyRangesTooLong", "added"]);
  expect(await farm.rows("select id from task")).toEqual([{ id: "good" }]);
  // Side by side they are one range.
  await add(task("merged", { taskIdRanges: ranges(1) }), task("longest", { taskIds: ids.slice(1) }));
  expect(await farm.rows("select first_number, last_number from task_id_range")).toEqual([
    { first_number: 10_000, last_number: 33_999 },
  ]);
  expect((await read("longest")).blocked).toBe(1_000);
});

test("three thousand dependents of one task are let go in steps, and none is forgotten", async () => {
  await add(task("1"));
  for (let page = 0; page < 30; page++)
    await add(
      ...Array.from({ length: 100 }, (_, i) =>
        task(`d${page}-${i}`, i % 2 ? { taskIds: ["1"] } : { taskIdRanges: [{ start: 1, end: 1 }] }),
      ),
    );
  await complete("1");
  const waiting = async () =>
    (await farm.rows<{ n: number }>("select count(*) as n from task where blocked > 0"))[0]?.n;
  expect(await waiting()).toBeGreaterThan(1_900);
  await dependentsRelease(farm.app);
  expect(await waiting()).toBe(0);
  expect(await farm.rows("select * from task_dependency union all select * from task_id_range")).toEqual([]);
  expect((await jobByKey.first(farm.store.read, { key: 1 }))?.ready).toBe(3_000);
});

test("a task waits until all that it named has ended once, whatever is deleted in between", async () => {
  let state = 7;
  const pick = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
  const LAST = 12;
  const satisfied = new Set<number>();
  const alive = new Set<number>();
  /** What each dependent still waits for: lists of numbers, each released as a whole. */
  const waits = new Map<string, { id?: number; range?: number[] }[]>();
  const settle = () => {
    for (const [name, left] of waits)
      waits.set(
        name,
        left.filter(({ range }) => range === undefined || !range.every((n) => satisfied.has(n))),
      );
  };
  for (let step = 0; step < 400; step++) {
    const number = pick(LAST);
    const kind = pick(4);
    if (!alive.has(number)) {
      await add(task(`${number}`));
      alive.add(number);
    } else if (kind === 0) {
      await taskRemove(farm.app, farm.account, "j", `${number}`, () => {});
      alive.delete(number);
      satisfied.delete(number);
    } else if (kind === 1 && !satisfied.has(number)) {
      await complete(`${number}`);
      satisfied.add(number);
      for (const [name, left] of waits)
        waits.set(
          name,
          left.filter(({ id }) => id !== number),
        );
    } else if (kind > 1) {
      const name = `d${step}`;
      const ranges = Array.from({ length: pick(3) }, () => {
        const start = pick(LAST);
        return { start, end: start + pick(4) };
      });
      await add(task(name, { taskIds: [`${number}`], taskIdRanges: ranges }));
      const members = ranges.flatMap(({ start, end }) =>
        Array.from({ length: end - start + 1 }, (_, i) => start + i),
      );
      const sorted = [...new Set(members)].sort((a, b) => a - b);
      const merged: number[][] = [];
      for (const n of sorted) {
        if (merged.at(-1)?.at(-1) !== n - 1) merged.push([]);
        merged.at(-1)?.push(n);
      }
      waits.set(name, [
        ...(satisfied.has(number) ? [] : [{ id: number }]),
        ...merged.map((range) => ({ range })),
      ]);
    }
    settle();
    const rows = await farm.rows<{ id: string; blocked: number }>(
      "select id, blocked from task where id like 'd%'",
    );
    expect(Object.fromEntries(rows.map(({ id, blocked }) => [id, blocked]))).toEqual(
      Object.fromEntries([...waits].map(([id, left]) => [id, left.length])),
    );
  }
  const [counted] = await farm.rows<{ n: number }>(
    "select count(*) as n from task where state = 'active' and blocked = 0",
  );
  expect((await jobByKey.first(farm.store.read, { key: 1 }))?.ready).toBe(counted?.n);
});

test("a task that depends on itself or on nobody that exists waits, and the others go on", async () => {
  await taskAdd(farm.app, farm.account, "j", task("self", { taskIds: ["self", "nobody"] }) as never);
  await add(task("other"));
  expect((await read("self")).blocked).toBe(2);
  expect(await isReady("other")).toBe(true);
});
