/** Reads of pools. Each sees the last commit. */
import { Fault } from "../../core/fault.ts";
import type { Connection } from "../../store/engine/connection.ts";
import { type NodeRow, nodesOfPool } from "../../store/work/nodes.ts";
import { type PoolRow, poolById, poolKeysAll, poolsPage, poolsPageById } from "../../store/work/pools.ts";
import type { AccountHandle } from "../accounts/account-handle.ts";
import { type NamedPoolIdentity, namedPoolIdentities } from "../identities/pool-identity.ts";
import type { Records } from "../records.ts";

export type { PoolRow };

export interface PoolWithNodes {
  readonly pool: PoolRow;
  readonly nodes: readonly NodeRow[];
  readonly identities: readonly NamedPoolIdentity[];
}

/** @throws Fault PoolNotFound */
export async function poolFind(c: Connection, account: AccountHandle, poolId: string): Promise<PoolRow> {
  const pool = await poolById.first(c, { account_key: account.key, id_lower: poolId.toLowerCase() });
  if (!pool) throw new Fault("PoolNotFound");
  return pool;
}

/** @throws Fault PoolNotFound */
export async function poolGet(app: Records, account: AccountHandle, poolId: string): Promise<PoolWithNodes> {
  return withNodes(app.store.read, await poolFind(app.store.read, account, poolId));
}

/** Pools in the order of their ids, strictly after the one in `after`, which is in small letters. */
export async function poolListPage(
  app: Records,
  account: AccountHandle,
  page: { readonly after: string; readonly limit: number },
): Promise<readonly PoolWithNodes[]> {
  const pools = await poolsPageById.all(app.store.read, { account_key: account.key, ...page });
  return Promise.all(pools.map((pool) => withNodes(app.store.read, pool)));
}

/** All of the account, in the order of their creation. */
export async function poolListAll(app: Records, { key }: AccountHandle): Promise<readonly PoolWithNodes[]> {
  const page = { account_key: key, after: 0, limit: Number.MAX_SAFE_INTEGER };
  const pools = await poolsPage.all(app.store.read, page);
  return Promise.all(pools.map((pool) => withNodes(app.store.read, pool)));
}

async function withNodes(c: Connection, pool: PoolRow): Promise<PoolWithNodes> {
  const nodes = await nodesOfPool.all(c, { pool_key: pool.key });
  return { pool, nodes, identities: await namedPoolIdentities(c, pool) };
}

/**
 * Keys of all pools of all accounts, for the reconcilers. Found in a write's turn: the pool that a nudge was about may not have
 * been committed yet.
 */
export async function poolKeys(app: Records): Promise<readonly number[]> {
  return (await app.store.write((c) => poolKeysAll.all(c, {}))).map(({ key }) => key);
}
