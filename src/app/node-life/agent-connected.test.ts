import { afterEach, beforeEach, expect, test } from "vitest";
import { PROTOCOL, type ToAgent } from "../../wire/agent/messages.ts";
import type { App } from "../app.ts";
import { type BatchStore, openBatchStore } from "../batch-store.fixture.ts";
import { poolAdd } from "../pools/pool-add.ts";
import { taskCollectionAdd } from "../tasks/task-add.ts";
import { agentConnected } from "./agent-connected.ts";

const NODES = 500;
const TASKS_PER_NODE = 8;
/** Of one transaction; far above a slice, for what else runs on the machine is in it. */
const LONGEST_MS = 60;

const POOL = {
  id: "p",
  vmSize: "standard_d2_v3",
  targetDedicatedNodes: 0,
  taskSlotsPerNode: TASKS_PER_NODE,
  virtualMachineConfiguration: {
    imageReference: { publisher: "debian", offer: "debian-12", sku: "12" },
    nodeAgentSKUId: "batch.node.debian 12",
  },
};

let farm: BatchStore;
/** Idle nodes of an agent that has died, and their tasks. */
beforeEach(async () => {
  farm = await openBatchStore();
  const { account } = farm;
  await poolAdd(farm.app, account, POOL);
  await farm.job("j");
  await taskCollectionAdd(farm.app, account, "j", [{ id: "t", commandLine: "/bin/true" }]);
  const columns = (await farm.rows<{ name: string }>("select name from pragma_table_info('task')"))
    .map(({ name }) => name)
    .filter((name) => !["key", "id", "id_lower"].includes(name))
    .join();
  await farm.write(async (c) => {
    await c.execute(
      `insert into node (pool_key, id, state, state_at, scheduling, is_dedicated, allocated_at, agent_id, incarnation, info, running_tasks, running_slots, total_run, total_succeeded)
       with recursive n(i) as (select 1 union all select i + 1 from n where i < ?)
       select pool.key, 'n' || i, 'idle', 1, 'enabled', 1, 1, 'local', 'dead', '{}', ?, ?, 0, 0 from pool, n`,
      [NODES, TASKS_PER_NODE, TASKS_PER_NODE],
    );
    await c.execute(
      `insert into task (id, id_lower, ${columns}) with recursive n(i) as (select 1 union all select i + 1 from n where i < ?)
       select 'c' || i, 'c' || i, ${columns} from task, n where task.id = 't'`,
      [NODES * TASKS_PER_NODE - 1],
    );
    const first = "(select min(key) from node)";
    await c.execute(
      `update task set state = 'running', attempt = 1, node_id = 'n', pool_id = 'p', node_key = ${first} + key % ?`,
      [NODES],
    );
    await c.execute("update job set running = ?, active = 0", [NODES * TASKS_PER_NODE]);
  });
});
afterEach(() => farm.close());

/** An app whose writes are timed, and whose agent is another process after so many. */
function app(mostWrites = Number.POSITIVE_INFINITY) {
  const seen = { writes: 0, longestMs: 0, sent: [] as ToAgent[] };
  const store = {
    read: farm.app.store.read,
    write: (work: Parameters<typeof farm.write>[0]) =>
      farm.app.store.write(async (c) => {
        seen.writes++;
        const began = process.threadCpuUsage();
        const value = await work(c);
        const { user, system } = process.threadCpuUsage(began);
        seen.longestMs = Math.max(seen.longestMs, (user + system) / 1_000);
        return value;
      }),
  };
  const agents = {
    send: (_: string, message: ToAgent) => void seen.sent.push(message),
    incarnationOf: () => (seen.writes > mostWrites ? "third" : "second"),
  };

  const taskEnds = { tell: () => {} };
  const account = () => ({ name: "farm", handle: farm.account });
  return { app: { ...farm.app, store, agents, taskEnds, account } as unknown as App, seen };
}

const hello = (incarnation: string) =>
  ({
    t: "hello",
    protocol: PROTOCOL,
    agentId: "local",
    incarnation,
    pid: 1,
    nodes: [],
    runs: [],
    reports: [],
  }) as const;

const left = async (where: string) =>
  (await farm.rows<{ n: number }>(`select count(*) as n from node where ${where}`))[0]?.n;

test("all nodes of an agent that has died start again, in slices", async () => {
  const { app: watched, seen } = app();
  await agentConnected(watched, hello("second"));
  console.log(`${NODES} nodes: ${seen.writes} writes, the longest of ${seen.longestMs.toFixed()} ms`);
  expect(await left("state = 'starting' and incarnation = 'second'")).toBe(NODES);
  expect(seen.sent.filter(({ t }) => t === "node.start")).toHaveLength(NODES);
  expect(await farm.rows("select distinct state, attempt from task")).toEqual([
    expect.objectContaining({ state: "active" }),
  ]);
  expect(seen.longestMs).toBeLessThan(LONGEST_MS);
});

test("an agent that has died again meanwhile has no say in what its successor was told", async () => {
  const { app: watched, seen } = app(2);
  await agentConnected(watched, hello("second"));
  expect(await left("incarnation = 'second'")).toBeLessThan(NODES);
  expect(seen.sent.some(({ t }) => t === "run.stop" || t === "node.stop")).toBe(false);
  await agentConnected(
    { ...watched, agents: { ...watched.agents, incarnationOf: () => "third" } },
    hello("third"),
  );
  expect(await left("state = 'starting' and incarnation = 'third'")).toBe(NODES);
});
