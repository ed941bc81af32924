/** Reads of compute nodes. Each sees the last commit. */
import { Fault } from "../../core/fault.ts";
import type { Connection } from "../../store/engine/connection.ts";
import type { JobRow } from "../../store/work/jobs.ts";
import { type NodeRow, nodeById, nodesOfPool } from "../../store/work/nodes.ts";
import type { PoolRow } from "../../store/work/pools.ts";
import { type TaskRow, tasksRecentOnNode } from "../../store/work/tasks.ts";
import type { AccountHandle } from "../accounts/account-handle.ts";
import type { App } from "../app.ts";
import { poolFind } from "../pools/pool-read.ts";

export type { JobRow, NodeRow };

/** Tasks that a node's resource lists. Source: API description, "ComputeNode.recentTasks"; the number is ours. */
const MAX_RECENT_TASKS = 10;

export interface NodeFound {
  readonly pool: PoolRow;
  readonly node: NodeRow;
  readonly recentTasks: readonly (TaskRow & { readonly job_id: string })[];
}

/** @throws Fault PoolNotFound, NodeNotFound */
export async function nodeGet(
  app: App,
  account: AccountHandle,
  poolId: string,
  nodeId: string,
): Promise<NodeFound> {
  const { pool, node } = await nodeFind(app.store.read, [app, account, poolId, nodeId]);
  return found(app, pool, node, true);
}

interface NodePage {
  readonly after: number;
  readonly limit: number;
  /** Each node's recent tasks are a read of its own: a list that is to show none does without. */
  readonly isWithTasks: boolean;
}

/** Nodes in the order of their allocation, strictly after the key `after`. @throws Fault PoolNotFound */
export async function nodeListPage(
  app: App,
  account: AccountHandle,
  poolId: string,
  { after, limit, isWithTasks }: NodePage,
): Promise<readonly NodeFound[]> {
  const pool = await poolFind(app.store.read, account, poolId);
  const nodes = (await nodesOfPool.all(app.store.read, { pool_key: pool.key })).filter(
    ({ key }) => key > after,
  );
  return Promise.all(nodes.slice(0, limit).map((node) => found(app, pool, node, isWithTasks)));
}

async function found(app: App, pool: PoolRow, node: NodeRow, isWithTasks: boolean): Promise<NodeFound> {
  if (!isWithTasks) return { pool, node, recentTasks: [] };
  const recentTasks = await tasksRecentOnNode.all(app.store.read, {
    node_key: node.key,
    limit: MAX_RECENT_TASKS,
  });
  return { pool, node, recentTasks };
}

export type NodeTarget = readonly [app: App, account: AccountHandle, poolId: string, nodeId: string];

/** @throws Fault PoolNotFound, NodeNotFound */
export async function nodeFind(
  c: Connection,
  [, account, poolId, nodeId]: NodeTarget,
): Promise<{ pool: PoolRow; node: NodeRow }> {
  const pool = await poolFind(c, account, poolId);
  const node = await nodeById.first(c, { pool_key: pool.key, id: nodeId });
  if (!node) throw new Fault("NodeNotFound");
  return { pool, node };
}

/** A node whose agent can be asked for files. @throws Fault PoolNotFound, NodeNotFound, OperationInvalidForCurrentState */
export async function nodeHosted(
  app: App,
  account: AccountHandle,
  poolId: string,
  nodeId: string,
): Promise<{ agentId: string; nodeKey: string }> {
  const { node } = await nodeFind(app.store.read, [app, account, poolId, nodeId]);
  if (node.agent_id === null) throw new Fault("OperationInvalidForCurrentState");
  return { agentId: node.agent_id, nodeKey: String(node.key) };
}
