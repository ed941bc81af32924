/** What accounts and pools have used: of nodes and their time, and of tasks. Only what was measured; nothing here is an estimate of costs. */
import {
  loadPlus,
  NO_LOAD,
  type PresentNode,
  type TimedLoad,
  timedLoad,
} from "../../core/usage/node-load.ts";
import { type NodeSpan, poolUsage } from "../../core/usage/pool-usage.ts";
import type { Connection } from "../../store/engine/connection.ts";
import { type NodeRow, nodeDelete } from "../../store/work/nodes.ts";
import type { PoolRow } from "../../store/work/pools.ts";
import {
  accountCreated,
  accountLoadAdd,
  accountUsage,
  nodesOfAccount,
  nodeUsageBetween,
  nodeUsageInsert,
  poolLoadAdd,
  type WorkUsageShift,
} from "../../store/work/usage.ts";
import type { PoolAddParameter } from "../../wire/batch/models-types.gen.ts";
import { vmSizeCores } from "../../wire/batch/vm-size-cores.ts";
import type { AccountHandle } from "../accounts/account-handle.ts";
import type { App } from "../app.ts";

export type { WorkUsageShift as WorkSums };

/** Times in milliseconds since the epoch. */
export interface NodesUsage {
  readonly since: number;
  readonly now: number;
  /** Milliseconds of cores, of dedicated nodes. */
  readonly dedicatedCoreTime: number;
  readonly load: TimedLoad;
}

/** Over the account's whole life: pools that are gone count as well. */
export async function accountNodesUsage(app: App, account: AccountHandle): Promise<NodesUsage> {
  const c = app.store.read;
  const now = app.clock();
  const since = await sinceOf(c, account, now);
  const here = await nodesOfAccount.all(c, { account_key: account.key });
  const gone = await nodeUsageBetween.all(c, { account_key: account.key, from: 0, to: now });
  const spans: NodeSpan[] = [
    ...gone.map((row) => ({ poolId: row.pool_id, vmSize: row.vm_size, from: row.from_at, to: row.to_at })),
    ...here
      .filter(({ is_dedicated }) => is_dedicated === 1)
      .map((row) => ({ poolId: row.pool_id, vmSize: vmSizeOf(row), from: row.allocated_at, to: now })),
  ];
  const before: TimedLoad = (await accountUsage.first(c, { account_key: account.key })) ?? NO_LOAD;
  return {
    since,
    now,
    dedicatedCoreTime: poolUsage(spans, 0, now).reduce((sum, { coreTime }) => sum + coreTime, 0),
    load: here.map((node) => timedLoad(node, vmSizeCores(vmSizeOf(node)), now)).reduce(loadPlus, before),
  };
}

/** Over the account's whole life: jobs that are gone count as well. */
export async function accountWorkUsage(
  app: App,
  account: AccountHandle,
): Promise<{ since: number; now: number; sums: WorkUsageShift | undefined }> {
  const c = app.store.read;
  const now = app.clock();
  const sums = await accountUsage.first(c, { account_key: account.key });
  return { since: await sinceOf(c, account, now), now, sums };
}

/** @param nodes that are in the pool now */
export function poolNodesUsage(
  pool: PoolRow,
  nodes: readonly (PresentNode & Pick<NodeRow, "state">)[],
  now: number,
): NodesUsage {
  const cores = vmSizeCores(vmSizeOf(pool));
  const here = nodes.filter(({ state }) => state !== "creating");
  const dedicated = here.filter(({ is_dedicated }) => is_dedicated === 1);
  return {
    since: pool.created_at,
    now,
    dedicatedCoreTime: dedicated.reduce(
      (sum, node) => sum + timedLoad(node, cores, now).core_time,
      pool.dedicated_core_time,
    ),
    load: here.map((node) => timedLoad(node, cores, now)).reduce<TimedLoad>(loadPlus, pool),
  };
}

/** The node leaves its pool: its row goes, and what it was used for stays. Inside the caller's transaction. */
export async function nodeLeave(
  app: App,
  c: Connection,
  pool: PoolRow | undefined,
  node: NodeRow,
): Promise<void> {
  await nodeDelete.run(c, { key: node.key });
  if (!pool || node.booted_at === null) return;
  const now = app.clock();
  const load = timedLoad(node, vmSizeCores(vmSizeOf(pool)), now);
  const isDedicated = node.is_dedicated === 1;
  await poolLoadAdd.run(c, {
    key: pool.key,
    ...load,
    dedicated_core_time: isDedicated ? load.core_time : 0,
  });
  await accountLoadAdd.run(c, { account_key: pool.account_key, ...load });
  if (!isDedicated) return;
  await nodeUsageInsert.run(c, {
    account_key: pool.account_key,
    pool_id: pool.id,
    vm_size: vmSizeOf(pool),
    from_at: node.allocated_at,
    to_at: now,
  });
}

async function sinceOf(c: Connection, { key }: AccountHandle, now: number): Promise<number> {
  return (await accountCreated.first(c, { key }))?.created_at ?? now;
}

function vmSizeOf({ spec }: { readonly spec: string }): string {
  return (JSON.parse(spec) as PoolAddParameter).vmSize;
}
