import { afterEach, beforeEach, expect, test } from "vitest";
import type { App } from "../app.ts";
import { type BatchStore, openBatchStore } from "../batch-store.fixture.ts";
import { taskCollectionAdd } from "../tasks/task-add.ts";
import { jobsAdvance } from "./jobs-advance.ts";

const TASKS = 4_000;
/** Of one transaction; far above a slice, for what else runs on the machine is in it. */
const LONGEST_MS = 60;

let farm: BatchStore;
beforeEach(async () => {
  farm = await openBatchStore();
  await farm.job("j");
  await taskCollectionAdd(farm.app, farm.account, "j", [{ id: "t", commandLine: "x".repeat(2_000) }]);
  const columns = (await farm.rows<{ name: string }>("select name from pragma_table_info('task')")).map(
    ({ name }) => name,
  );
  const copied = columns.filter((name) => !["key", "id", "id_lower"].includes(name)).join();
  await farm.write(async (c) => {
    await c.execute(
      `insert into task (id, id_lower, ${copied}) with recursive n(i) as (select 1 union all select i + 1 from n where i < ?)
       select 'c' || i, 'c' || i, ${copied} from task, n where task.id = 't'`,
      [TASKS - 1],
    );
    await c.execute("update task set state = 'running', attempt = 1", []);
    await c.execute("update job set running = ?, active = 0", [TASKS]);
  });
});
afterEach(() => farm.close());

/** An app whose writes are timed, and which dies with the one after so many. */
function watched(mostWrites = Number.POSITIVE_INFINITY) {
  const seen = { writes: 0, longestMs: 0, again: false };
  const store = {
    read: farm.app.store.read,
    write: (work: Parameters<typeof farm.write>[0]) => {
      if (++seen.writes > mostWrites) return Promise.reject(new Error("killed"));
      return farm.app.store.write(async (c) => {
        const began = process.cpuUsage();
        const value = await work(c);
        const { user, system } = process.cpuUsage(began);
        seen.longestMs = Math.max(seen.longestMs, (user + system) / 1_000);
        return value;
      });
    },
  };
  const nudge = {
    ...farm.app.nudge,
    jobs: () => {
      seen.again = true;
    },
  };
  return { app: { ...farm.app, store, nudge, agents: { send: () => {} } } as unknown as App, seen };
}

const left = async (where: string) =>
  (await farm.rows<{ n: number }>(`select count(*) as n from task where ${where}`))[0]?.n;

test("thousands of running tasks are stopped in slices, and after a kill the rest of them", async () => {
  await farm.write((c) => c.execute("update job set state = 'terminating'", []));
  const first = watched(3);
  await expect(jobsAdvance(first.app)).rejects.toThrow("killed");
  expect(await left("stopping is null")).toBeLessThan(TASKS);
  const { app, seen } = watched();
  await jobsAdvance(app);
  const writes = first.seen.writes + seen.writes;
  const longestMs = Math.max(first.seen.longestMs, seen.longestMs);
  expect(await left("stopping is null")).toBe(0);
  console.log(`${TASKS} stops: ${writes} writes, the longest of ${longestMs.toFixed()} ms`);
  expect(longestMs).toBeLessThan(LONGEST_MS);
});

test("thousands of tasks with many dependencies are deleted in slices", async () => {
  await farm.write(async (c) => {
    await c.execute("update task set state = 'completed'", []);
    await c.execute("update job set state = 'deleting', running = 0", []);
    await c.execute(
      `insert into task_dependency (task_key, job_key, on_id) with recursive n(i) as (select 1 union all select i + 1 from n where i < 100)
       select task.key, task.job_key, 'd' || i from task, n where task.key % 6 = 0`,
      [],
    );
  });
  let longestMs = 0;
  for (let again = true; again; ) {
    const { app, seen } = watched();
    await jobsAdvance(app);
    again = seen.again;
    longestMs = Math.max(longestMs, seen.longestMs);
  }
  expect(await left("true")).toBe(0);
  console.log(`${TASKS} deletions: the longest write of ${longestMs.toFixed()} ms`);
  expect(longestMs).toBeLessThan(LONGEST_MS);
});
