/** What an account has used: node time by pool, and tasks. Only what was measured; nothing here is an estimate of costs. */
import { type NodeSpan, poolUsage } from "../../core/usage/pool-usage.ts";
import type { Connection } from "../../store/engine/connection.ts";
import type { NodeRow } from "../../store/work/nodes.ts";
import { nodeDelete } from "../../store/work/nodes.ts";
import type { PoolRow } from "../../store/work/pools.ts";
import {
  accountCreated,
  accountJobSums,
  accountTaskSums,
  nodesOfAccount,
  nodeUsageBetween,
  nodeUsageInsert,
} from "../../store/work/usage.ts";
import type { PoolAddParameter } from "../../wire/batch/models-types.gen.ts";
import type { AccountHandle } from "../accounts/account-handle.ts";
import type { App } from "../app.ts";

export interface Lifetime {
  readonly since: number;
  readonly now: number;
  /** Milliseconds of cores. */
  readonly coreTime: number;
  /** Of jobs that still exist; times in milliseconds. */
  readonly tasks: {
    readonly succeeded: number;
    readonly failed: number;
    readonly retries: number;
    readonly wallClock: number;
    readonly wait: number;
  };
}

export async function accountLifetime(app: App, account: AccountHandle): Promise<Lifetime> {
  const c = app.store.read;
  const now = app.clock();
  const since = (await accountCreated.first(c, { key: account.key }))?.created_at ?? now;
  const pools = poolUsage(await nodeSpans(c, account, { from: 0, to: now }, now), 0, now);
  const jobs = await accountJobSums.first(c, { account_key: account.key });
  const tasks = await accountTaskSums.first(c, { account_key: account.key });
  return {
    since,
    now,
    coreTime: pools.reduce((sum, { coreTime }) => sum + coreTime, 0),
    tasks: {
      succeeded: Number(jobs?.succeeded ?? 0),
      failed: Number(jobs?.failed ?? 0),
      retries: Number(tasks?.retries ?? 0),
      wallClock: Number(tasks?.wall_clock ?? 0),
      wait: Number(tasks?.wait ?? 0),
    },
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
  await nodeUsageInsert.run(c, {
    account_key: pool.account_key,
    pool_id: pool.id,
    vm_size: vmSizeOf(pool),
    from_at: node.allocated_at,
    to_at: app.clock(),
  });
}

async function nodeSpans(
  c: Connection,
  { key }: AccountHandle,
  interval: { readonly from: number; readonly to: number },
  now: number,
): Promise<NodeSpan[]> {
  const gone = await nodeUsageBetween.all(c, { account_key: key, ...interval });
  const here = await nodesOfAccount.all(c, { account_key: key });
  return [
    ...gone.map((row) => ({
      poolId: row.pool_id,
      vmSize: row.vm_size,
      from: row.from_at,
      to: row.to_at,
    })),
    ...here.map((row) => ({
      poolId: row.pool_id,
      vmSize: vmSizeOf(row),
      from: row.allocated_at,
      to: now,
    })),
  ];
}

function vmSizeOf({ spec }: { readonly spec: string }): string {
  return (JSON.parse(spec) as PoolAddParameter).vmSize;
}
