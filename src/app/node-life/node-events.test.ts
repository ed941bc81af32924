import { afterEach, beforeEach, expect, test } from "vitest";
import type { App } from "../app.ts";
import { type BatchStore, openBatchStore } from "../batch-store.fixture.ts";
import { poolAdd } from "../pools/pool-add.ts";
import { nodeBecameReady, nodeFailed, nodeStopped } from "./node-events.ts";

let farm: BatchStore;
/** Keys of nodes whose processes and folders the driver was told to remove. */
let released: string[];
let app: App;
let nodeKey: string;

beforeEach(async () => {
  farm = await openBatchStore();
  released = [];
  const compute = { release: async ({ nodeKey: key }: { nodeKey: string }) => void released.push(key) };
  app = { ...farm.app, compute, agents: { send: () => {} } } as unknown as App;
  await poolAdd(farm.app, farm.account, {
    id: "p",
    vmSize: "standard_d2_v3",
    targetDedicatedNodes: 0,
    virtualMachineConfiguration: {
      imageReference: { publisher: "debian", offer: "debian-12", sku: "12" },
      nodeAgentSKUId: "batch.node.debian 12",
    },
  });
  await farm.write((c) =>
    c.execute(
      `insert into node (pool_key, id, state, state_at, scheduling, is_dedicated, allocated_at, agent_id, incarnation, info, running_tasks, running_slots, total_run, total_succeeded)
       select key, 'n', 'starting', 1, 'enabled', 1, 1, 'host', 'i', '{}', 0, 0, 0, 0 from pool`,
      [],
    ),
  );
  nodeKey = String((await farm.rows<{ key: number }>("select key from node"))[0]?.key);
});
afterEach(() => farm.close());

const node = async () => (await farm.rows("select * from node"))[0];
const becomes = (state: string) => farm.write((c) => c.execute("update node set state = ?", [state]));

test.each(["starting", "idle", "running", "leavingpool", "reimaging", "rebooting"])(
  "a node that is %s is its own agent's to speak of, and no other's",
  async (state) => {
    await becomes(state);
    const before = await node();
    await nodeStopped(app, "another", { t: "node.stopped", nodeKey });
    await nodeFailed(app, "another", { t: "node.failed", nodeKey, code: "Lie", message: "a lie" });
    await nodeBecameReady(app, "another", {
      t: "node.ready",
      nodeKey,
      isolation: "process",
      containment: "session",
      ipAddress: "127.0.0.1",
    });
    expect(await node()).toEqual(before);
    expect(released).toEqual([]);
  },
);

test("what is left of a node that nobody has any more is removed, whoever still had it", async () => {
  await farm.write((c) => c.execute("delete from node", []));
  await nodeStopped(app, "another", { t: "node.stopped", nodeKey });
  expect(released).toEqual([nodeKey]);
});

test("a node that has stopped in order to leave is gone, and what is left of it removed", async () => {
  await becomes("leavingpool");
  await nodeStopped(app, "host", { t: "node.stopped", nodeKey });
  expect(await node()).toBeUndefined();
  expect(released).toEqual([nodeKey]);
});
