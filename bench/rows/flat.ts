/**
 * What must not grow with the number of tasks, at two sizes a hundredfold apart: a page of a list, placement behind blocked tasks, ends with
 * dependents by range, a wide fan-out, a node's history, and the deletion of a job. Use cases on a store of their own, without a service.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { jobsAdvance } from "../../src/app/jobs/jobs-advance.ts";
import { runsEnded } from "../../src/app/tasks/runs-ended.ts";
import { taskCollectionAdd } from "../../src/app/tasks/task-add.ts";
import { taskListPage } from "../../src/app/tasks/task-read.ts";
import { tasksPlace } from "../../src/app/tasks/tasks-place.ts";
import { tasksRunningOnNode } from "../../src/store/work/tasks.ts";
import { type BenchRow, type Figure, median } from "../bench-row.ts";
import { AGENT, openSeededStore, POOL, type SeededStore } from "../service/seeded-store.ts";

const NAME = "flat";
/** Of the logarithm of the cost over that of the number of tasks: a hundredfold may cost twice. */
const SLOPE_MAX = 0.15;

/** @returns milliseconds */
type Measure = (seeded: SeededStore, tasks: number) => Promise<number>;

export const flat: BenchRow = {
  name: NAME,
  about: "what must not grow with the number of tasks, at 10,000 and 1,000,000",
  async run({ quick, folder, memoryFolder, progress }) {
    const figures: Figure[] = [];
    for (const [what, measure, sizes] of MEASURES) {
      const [few, many] = quick ? sizes.quick : sizes.full;
      const measured = async (tasks: number) => {
        progress(`${NAME}: ${what} at ${tasks}`);
        const place = join(memoryFolder ?? folder, `flat-${tasks}`);
        const seeded = await openSeededStore(place);
        try {
          return await measure(seeded, tasks);
        } finally {
          await seeded.store.close();
          rmSync(place, { recursive: true });
        }
      };
      const small = await measured(few);
      const large = await measured(many);
      const slope = Math.log10(large / small) / Math.log10(many / few);
      progress(`${NAME}: ${what}: ${small.toFixed(3)} ms, ${large.toFixed(3)} ms, slope ${slope.toFixed(2)}`);
      figures.push({
        name: NAME,
        what,
        unit: "ms",
        values: [large],
        against: { name: `${many / few} times fewer`, values: [small] },
        bar: { atMost: Number(((many / few) ** SLOPE_MAX).toFixed(2)) },
        detail: { slope, tasks: many },
      });
    }
    return figures;
  },
};

interface Sizes {
  readonly full: readonly [few: number, many: number];
  readonly quick: readonly [few: number, many: number];
}

const TASKS: Sizes = { full: [10_000, 1_000_000], quick: [1_000, 100_000] };
/** Made by requests, not in SQL. */
const RANGES: Sizes = { full: [1_000, 10_000], quick: [500, 2_000] };
const DEPENDENTS: Sizes = { full: [5_000, 50_000], quick: [2_000, 10_000] };

const MEASURES: readonly (readonly [what: string, measure: Measure, sizes: Sizes])[] = [
  ["G1 page of 10", page, TASKS],
  ["G1 page, nothing found", filteredPage, TASKS],
  ["G2 placed behind blocked", placingBehind({ blocked: "1" }), TASKS],
  ["G2 placed behind too wide", placingBehind({ required_slots: "2" }), TASKS],
  ["G3 ends with ranges", endsWithRanges, RANGES],
  ["G4 stall of a fan-out", fanOut, DEPENDENTS],
  ["G6 what runs on a node", nodeHistory, TASKS],
  ["G7 stall of a deletion", deletion, TASKS],
];

const BATCHES = 5;

/** CPU milliseconds of one time, so that a busy machine counts little: of several batches the median one, for a collection of garbage falls into one. */
async function repeated(times: number, work: (time: number) => Promise<unknown>): Promise<number> {
  const size = Math.ceil(times / BATCHES);
  const costs: number[] = [];
  for (let first = 0; first < times; first += size) {
    const before = process.cpuUsage();
    for (let time = first; time < first + size; time++) await work(time);
    const { user, system } = process.cpuUsage(before);
    costs.push((user + system) / 1_000 / size);
  }
  return median(costs);
}

async function page(seeded: SeededStore, tasks: number): Promise<number> {
  await seeded.job(1);
  await seeded.tasks(1, tasks);
  return repeated(50, (time) =>
    taskListPage(seeded.app, seeded.account, "j1", 10, { afterId: `t${Math.floor((tasks * time) / 51)}` }),
  );
}

async function filteredPage(seeded: SeededStore, tasks: number): Promise<number> {
  await seeded.job(1);
  await seeded.tasks(1, tasks);
  return repeated(20, () =>
    taskListPage(seeded.app, seeded.account, "j1", 1_000, { afterKey: 0, state: "completed" }),
  );
}

/** One task at a time: placed, ended, the next one placed. */
function placingBehind(columns: Readonly<Record<string, string>>): Measure {
  return async (seeded, tasks) => {
    const READY = 100;
    await seeded.job(1, { active: `${tasks + READY}`, ready: `${READY}` });
    await seeded.tasks(1, tasks, columns);
    await seeded.tasks(1, READY, { id: "'r' || i", id_lower: "'r' || i" });
    return repeated(READY, async () => {
      await tasksPlace(seeded.app, POOL, () => {});
      await endRunning(seeded);
    });
  };
}

async function endRunning({ app, store }: SeededStore): Promise<void> {
  const running = await tasksRunningOnNode.all(store.read, { node_key: 1 });
  if (running.length === 0) throw new Error("nothing runs, so there is nothing to measure");
  const end = { end: { kind: "exited", exitCode: 0 }, startedAt: 1, endedAt: 2 } as const;
  const ended = running.map(({ key, attempt }) => ({ taskKey: key, attempt, ...end }));
  await store.write((c) => runsEnded(app, c, AGENT, ended));
}

/** Each of the second half depends on a range of its own that ends at its partner of the first half. */
async function endsWithRanges(seeded: SeededStore, tasks: number): Promise<number> {
  await seeded.job(1);
  const all = Array.from({ length: tasks }, (_, i) => i + 1);
  const body = (i: number) => ({
    id: `${i}`,
    commandLine: "/bin/true",
    ...(i > tasks / 2 && { dependsOn: { taskIdRanges: [{ start: 1, end: i - Math.floor(tasks / 2) }] } }),
  });
  for (let at = 0; at < tasks; at += 100)
    await taskCollectionAdd(seeded.app, seeded.account, "j1", all.slice(at, at + 100).map(body));
  return repeated(200, async () => {
    await tasksPlace(seeded.app, POOL, () => {});
    await endRunning(seeded);
  });
}

async function fanOut(seeded: SeededStore, tasks: number): Promise<number> {
  await seeded.job(1);
  await taskCollectionAdd(seeded.app, seeded.account, "j1", [{ id: "t0", commandLine: "/bin/true" }]);
  await seeded.tasks(1, tasks, { blocked: "1" });
  await seeded.sql(
    "insert into task_dependency (task_key, job_key, on_id) select key, 1, 't0' from task where blocked = 1",
  );
  await tasksPlace(seeded.app, POOL, () => {});
  return longestStall(async () => {
    await endRunning(seeded);
    await jobsAdvance(seeded.app);
  });
}

async function nodeHistory(seeded: SeededStore, tasks: number): Promise<number> {
  await seeded.job(1);
  await seeded.tasks(1, tasks, { state: "'completed'", node_key: "1" });
  return repeated(20, () => tasksRunningOnNode.all(seeded.store.read, { node_key: 1 }));
}

async function deletion(seeded: SeededStore, tasks: number): Promise<number> {
  await seeded.job(1, { state: "'deleting'" });
  await seeded.tasks(1, tasks, { state: "'completed'", node_key: "1" });
  return longestStall(async () => {
    do {
      seeded.isNudged = false;
      await jobsAdvance(seeded.app);
    } while (seeded.isNudged);
  });
}

/** Milliseconds that nothing else of the process could run, at the most. */
async function longestStall(work: () => Promise<void>): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  await new Promise((done) => setTimeout(done, 50));
  delay.enable();
  await work();
  await new Promise((done) => setTimeout(done, 20));
  delay.disable();
  return delay.max / 1e6;
}
