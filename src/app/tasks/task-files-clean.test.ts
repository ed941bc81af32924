import { afterEach, beforeEach, expect, test } from "vitest";
import { Fault } from "../../core/fault.ts";
import type { App } from "../app.ts";
import { type BatchStore, openBatchStore } from "../batch-store.fixture.ts";
import { taskCollectionAdd } from "./task-add.ts";
import { taskFilesClean } from "./task-files-clean.ts";

let farm: BatchStore;
beforeEach(async () => {
  farm = await openBatchStore();
  await farm.job("j");
});
afterEach(() => farm.close());

/** So many tasks that have ended, and two nodes, of which one is away. */
async function endedTasks(count: number): Promise<void> {
  const tasks = Array.from({ length: count }, (_, i) => ({ id: `t${i}`, commandLine: "true" }));
  for (let at = 0; at < tasks.length; at += 100)
    await taskCollectionAdd(farm.app, farm.account, "j", tasks.slice(at, at + 100));
  await farm.write(async (c) => {
    await c.execute(
      `insert into pool (key, account_key, id, id_lower, state, state_at, allocation_state, allocation_at, created_at, modified_at,
         version, spec, target_dedicated, target_low_priority, slots_per_node, fill)
       values (1, ?, 'p', 'p', 'active', 0, 'steady', 0, 0, 0, 1, '{}', 2, 0, 1, 'spread')`,
      [farm.account.key],
    );
    for (const [key, agent] of [
      [1, "here"],
      [2, "away"],
    ] as const)
      await c.execute(
        `insert into node (key, pool_key, id, state, state_at, scheduling, is_dedicated, allocated_at, agent_id, info,
           running_tasks, running_slots, total_run, total_succeeded) values (?, 1, ?, 'idle', 0, 'enabled', 1, 0, ?, '{}', 0, 0, 0, 0)`,
        [key, `n${key}`, agent],
      );
    // What the absent node has to do is due first.
    await c.execute(
      "update task set state = 'completed', clean_at = key, node_key = case when key <= 700 then 2 else 1 end",
      [],
    );
  });
}

test("all that is due is removed in one go, and a node that is away holds no other one up", async () => {
  await endedTasks(1_300);
  const removed: string[] = [];
  const agents = {
    incarnationOf: (id: string) => (id === "here" ? "1" : undefined),
    fileDelete: async (_agent: string, { path }: { path: string }) => {
      removed.push(path);
      if (removed.length % 2) throw new Fault("FileNotFound");
    },
  };
  const app = { ...farm.app, agents } as unknown as App;
  await taskFilesClean(app);
  expect(removed).toHaveLength(600);
  const kept = await farm.rows<{ n: number; at: number }>(
    "select count(*) as n, min(clean_at) as at from task where clean_at is not null",
  );
  expect(kept).toEqual([{ n: 700, at: app.clock() + 60_000 }]);
});

test("a task that was reactivated meanwhile keeps its files, and the time until which they are kept", async () => {
  await endedTasks(720);
  const removed: string[] = [];
  let changed: Promise<void> | undefined;
  const change = () =>
    farm.write(async (c) => {
      await c.execute("update task set state = 'active', clean_at = null where key = 719", []);
      await c.execute("update task set clean_at = ? where key = 720", [farm.app.clock() + 1_000]);
    });
  const agents = {
    incarnationOf: (id: string) => (id === "here" ? "1" : undefined),
    fileDelete: async (_agent: string, { path }: { path: string }) => {
      removed.push(path);
      changed ??= change();
      await changed;
    },
  };
  await taskFilesClean({ ...farm.app, agents } as unknown as App);
  expect(removed).toHaveLength(18);
  const kept = await farm.rows<{ at: number | null }>(
    "select clean_at as at from task where key > 718 order by key",
  );
  expect(kept).toEqual([{ at: null }, { at: farm.app.clock() + 1_000 }]);
});
