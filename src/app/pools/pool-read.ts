/** Reads of pools. Each sees the last commit. */
import { Fault } from "../../core/fault.ts";
import type { Connection } from "../../store/connection.ts";
import { type NodeRow, nodesOfPool } from "../../store/nodes.ts";
import { type PoolRow, poolById, poolKeysAll, poolsPage } from "../../store/pools.ts";
import type { AccountHandle } from "../accounts/account-handle.ts";
import type { App } from "../app.ts";

export type { PoolRow };

export interface PoolWithNodes {
  readonly pool: PoolRow;
  readonly nodes: readonly NodeRow[];
}

/** @throws Fault PoolNotFound */
export async function poolFind(c: Connection, account: AccountHandle, poolId: string): Promise<PoolRow> {
  const pool = await poolById.first(c, { account_key: account.key, id_lower: poolId.toLowerCase() });
  if (!pool) throw new Fault("PoolNotFound");
  return pool;
}

/** @throws Fault PoolNotFound */
export async function poolGet(app: App, account: AccountHandle, poolId: string): Promise<PoolWithNodes> {
  return withNodes(app.store.read, await poolFind(app.store.read, account, poolId));
}

/** Pools in the order of their creation, strictly after the key `after`. */
export async function poolListPage(
  app: App,
  account: AccountHandle,
  page: { readonly after: number; readonly limit: number },
): Promise<readonly PoolWithNodes[]> {
  const pools = await poolsPage.all(app.store.read, { account_key: account.key, ...page });
  return Promise.all(pools.map((pool) => withNodes(app.store.read, pool)));
}

async function withNodes(c: Connection, pool: PoolRow): Promise<PoolWithNodes> {
  return { pool, nodes: await nodesOfPool.all(c, { pool_key: pool.key }) };
}

/**
 * Keys of all pools of all accounts, for the reconcilers. Found in a write's turn: the pool that a nudge was about may not have
 * been committed yet.
 */
export async function poolKeys(app: App): Promise<readonly number[]> {
  return (await app.store.write((c) => poolKeysAll.all(c, {}))).map(({ key }) => key);
}
