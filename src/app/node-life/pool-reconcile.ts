/**
 * Takes one pool a step towards the nodes it wants: makes rows for missing ones, gives up surplus ones, asks the compute
 * driver for agents, and lets go what has left. Idempotent; called by the nodes reconciler.
 */
import type { NodeInfo } from "../../core/lifecycle/node-info.ts";
import type { NodeLimits } from "../../core/lifecycle/node-limits.ts";
import type { TasksOnNode } from "../../core/lifecycle/node-restart.ts";
import { nodesToGiveUp, type PoolResize, RESIZE_SEEN_MS } from "../../core/lifecycle/pool-resize.ts";
import { endpointSpecs, freeNumber } from "../../core/pools/node-endpoints.ts";
import { isWindowsPool } from "../../core/users/pool-system.ts";
import type { Connection } from "../../store/engine/connection.ts";
import {
  type NodeRow,
  nodeAgentSet,
  nodeByKey,
  nodeDelete,
  nodeInsert,
  nodeLeaving,
  nodesOfPool,
} from "../../store/work/nodes.ts";
import { type PoolRow, poolAllocationSet, poolByKey, poolDelete } from "../../store/work/pools.ts";
import { NODE_INIT_ENDED, type ToAgent } from "../../wire/agent/messages.ts";
import type { PoolAddParameter } from "../../wire/batch/models-types.gen.ts";
import type { App } from "../app.ts";
import { isGoingDown, nodeWentDown, restartOf } from "../nodes/node-restart.ts";
import { limitsOf, nodeSpec } from "../nodes/node-spec.ts";
import { nodesStay } from "../pools/nodes-stay.ts";
import { WriteSlice } from "../write-slice.ts";
import { nodeLost } from "./node-lost.ts";
import { nodeTakeDown, type Outbox } from "./node-take-down.ts";

/** Ours: a pool on one machine with more nodes than this is a mistake. */
export const MAX_NODES_PER_POOL = 1_000;

/** An order to start a node is repeated so often, by a reconciler whose period is the second. Milliseconds. */
const TOLD_AGAIN_MS = 15_000;
const TOLD_WITHIN_MS = 1_000;

interface Step {
  /** Undefined when the pool has gone. */
  readonly pool?: PoolRow;
  /** The last node that the step has come to, where there are more: the next one begins behind it. */
  readonly last?: number;
  readonly outbox: Outbox;
  /** Nodes that no agent has been asked to host. */
  readonly unplaced: readonly NodeRow[];
  /** Nodes whose agent is away: dead, or not connected yet. */
  readonly deserted: readonly NodeRow[];
}

export async function poolReconcile(app: App, poolKey: number): Promise<void> {
  const { pool, unplaced, deserted } = await steps(app, poolKey);
  if (!pool) return;
  const limits = limitsOf(pool);
  const account = String(pool.account_key);
  for (const node of unplaced) await nodeAcquire(app, node, { account, limits });
  // The agent's hello does the rest.
  for (const { key } of deserted) await app.compute.acquire({ nodeKey: String(key), account, limits });
}

/** Each in a transaction of its own. @returns the last one */
async function steps(app: App, poolKey: number): Promise<Step> {
  for (let after = 0; ; ) {
    const done = await app.store.write((c) => step(app, c, poolKey, after));
    for (const { agentId, message } of done.outbox) app.agents.send(agentId, message);
    if (done.last === undefined) return done;
    after = done.last;
  }
}

async function step(app: App, c: Connection, poolKey: number, after: number): Promise<Step> {
  const pool = await poolByKey.first(c, { key: poolKey });
  if (!pool) return { outbox: [], unplaced: [], deserted: [] };
  const slice = new WriteSlice();
  if (pool.allocation_state !== "steady" || pool.state === "deleting") {
    await addMissing(app, c, pool);
    await giveUpSurplus(app, c, pool);
  }
  const outbox: Outbox = [];
  let last: number | undefined;
  for (const node of await nodesOfPool.all(c, { pool_key: pool.key })) {
    if (node.key <= after) continue;
    if (slice.isOver && last !== undefined) return { pool, outbox, last, unplaced: [], deserted: [] };
    last = node.key;
    if (node.agent_id !== null && !app.compute.hosts(node.agent_id)) await nodeLost(app, c, pool, node);
    else if (node.leaving !== null) outbox.push(...(await leave(c, node)));
    else if (isGoingDown(node)) {
      const restart = restartOf(node);
      const keepFolder = restart?.kind !== "reimage";
      outbox.push(...(await nodeTakeDown(c, node, restart?.tasks ?? "requeue", keepFolder)));
    } else if (hasLostItsInit(node)) {
      const message = await nodeWentDown(app, c, node);
      if (message && node.agent_id !== null) outbox.push({ agentId: node.agent_id, message });
    } else if (isOwedAnAnswer(app, node)) {
      const message: ToAgent = { t: "node.start", node: await nodeSpec(app, c, pool, node) };
      outbox.push({ agentId: node.agent_id as string, message });
    }
  }
  await settle(app, c, pool);
  const nodes = await nodesOfPool.all(c, { pool_key: pool.key });
  return {
    pool,
    outbox,
    unplaced: nodes.filter(lacksAgent),
    deserted: nodes.filter(
      ({ agent_id, state }) =>
        agent_id !== null && state !== "deallocated" && app.agents.incarnationOf(agent_id) === undefined,
    ),
  };
}

/**
 * Its agent was told to start it, and has not said what became of that: the order may have been lost. It is told again, now and then,
 * for a start may take as long as its packages do; whoever is at it already passes that over.
 */
function isOwedAnAnswer(
  { agents, clock }: App,
  { state, state_at, agent_id, incarnation }: NodeRow,
): boolean {
  if (state !== "starting" || agent_id === null || agents.incarnationOf(agent_id) !== incarnation)
    return false;
  const waited = clock() - state_at;
  return waited >= TOLD_AGAIN_MS && waited % TOLD_AGAIN_MS < TOLD_WITHIN_MS;
}

/** It stood before, and a new init may stand as well; one that could not be set up would only fail again. */
function hasLostItsInit({ state, info }: NodeRow): boolean {
  if (state !== "unusable") return false;
  return (JSON.parse(info) as NodeInfo).errors?.some(({ code }) => code === NODE_INIT_ENDED) ?? false;
}

/** New, or started again after it was deallocated. */
function lacksAgent({ state, agent_id }: NodeRow): boolean {
  return state === "creating" || (state === "starting" && agent_id === null);
}

const KINDS = [
  { is_dedicated: 1, target: "target_dedicated", suffix: "d" },
  { is_dedicated: 0, target: "target_low_priority", suffix: "p" },
] as const;

/** Why no node of the pool is ever to be had here. */
function obstacleOf(app: App, pool: PoolRow): string | undefined {
  if (!isWindowsPool(JSON.parse(pool.spec) as PoolAddParameter) || app.servesWindows()) return undefined;
  return "The pool asks for Windows, and nodes here run Linux. Where tasks find a program named cmd, it gets nodes all the same";
}

async function addMissing(app: App, c: Connection, pool: PoolRow): Promise<void> {
  if (obstacleOf(app, pool) !== undefined) return;
  const nodes = await nodesOfPool.all(c, { pool_key: pool.key });
  const staying = nodes.filter(({ leaving }) => leaving === null);
  // Other identities than those of the nodes beside it come to a node only in a pool that was empty.
  const { identities } = nodes[0] ?? pool;
  const numbers = new Set(nodes.map(({ number }) => number));
  let room = MAX_NODES_PER_POOL - staying.length;
  for (const { is_dedicated, target, suffix } of KINDS) {
    const have = staying.filter((node) => node.is_dedicated === is_dedicated).length;
    for (let missing = pool[target] - have; missing > 0 && room > 0; missing--, room--) {
      const now = app.clock();
      const number = freeNumber(numbers);
      numbers.add(number);
      await nodeInsert.run(c, {
        pool_key: pool.key,
        id: `tvmps_${app.randomId()}_${suffix}`,
        state: "creating",
        state_at: now,
        scheduling: "enabled",
        is_dedicated,
        allocated_at: now,
        booted_at: null,
        agent_id: null,
        incarnation: null,
        info: "{}",
        leaving: null,
        start_task: null,
        running_tasks: 0,
        running_slots: 0,
        total_run: 0,
        total_succeeded: 0,
        number,
        identities,
      });
    }
  }
}

async function giveUpSurplus(app: App, c: Connection, pool: PoolRow): Promise<void> {
  const staying = (await nodesOfPool.all(c, { pool_key: pool.key })).filter(
    ({ leaving }) => leaving === null,
  );
  const { deallocation } = resizeOf(pool);
  for (const { is_dedicated, target } of KINDS) {
    const nodes = staying
      .filter((node) => node.is_dedicated === is_dedicated)
      .map(({ key, state, running_tasks }) => ({ key, state, runningTasks: running_tasks }));
    for (const key of nodesToGiveUp(nodes, nodes.length - pool[target])) {
      await nodeLeaving.run(c, { key, leaving: deallocation, now: app.clock() });
    }
  }
}

/** A leaving node first sees to its tasks, then its agent takes it down, and its row goes when the agent has said so. */
async function leave(c: Connection, node: NodeRow): Promise<Outbox> {
  if (node.agent_id === null) {
    await nodeDelete.run(c, { key: node.key });
    return [];
  }
  return nodeTakeDown(c, node, node.leaving as TasksOnNode, false);
}

async function settle(app: App, c: Connection, pool: PoolRow): Promise<void> {
  const nodes = await nodesOfPool.all(c, { pool_key: pool.key });
  if (pool.state === "deleting") {
    if (nodes.length === 0) await poolDelete.run(c, { key: pool.key });
    return;
  }
  if (pool.allocation_state === "steady") return;
  const now = app.clock();
  const resize = resizeOf(pool);
  const seenUntil = pool.allocation_at + RESIZE_SEEN_MS;
  if (now < seenUntil) {
    setTimeout(() => app.nudge.nodes(), seenUntil - now).unref();
    return;
  }
  const leaving = nodes.filter(({ leaving }) => leaving !== null);
  const missing = pool.target_dedicated + pool.target_low_priority - nodes.length;
  const creating = nodes.filter(({ state }) => state === "creating");
  const unreached = hasEndpoints(pool) ? nodes.filter(isFirstStart) : [];
  const timedOut = now > resize.startedAt + resize.timeoutMs;
  if (leaving.length + creating.length + unreached.length > 0 && !timedOut) return;
  for (const { key } of creating) await nodeDelete.run(c, { key });
  const kept = await nodesStay(app, c, leaving);
  const errors = [
    ...(missing > 0 ? [nodesMissing(obstacleOf(app, pool))] : []),
    ...(creating.length + kept > 0 ? [allocationTimedOut(app, creating)] : []),
  ];
  await poolAllocationSet.run(c, {
    key: pool.key,
    allocation_state: "steady",
    allocation_at: now,
    target_dedicated: pool.target_dedicated,
    target_low_priority: pool.target_low_priority,
    resize: JSON.stringify({ ...resize, errors: [...resize.errors, ...errors] } satisfies PoolResize),
    modified_at: now,
  });
}

/** Where a node is reached belongs to what is allocated: a steady pool's nodes tell it. Its agent says so when the node stands. */
function hasEndpoints({ spec }: PoolRow): boolean {
  return endpointSpecs(JSON.parse(spec) as PoolAddParameter, 0).length > 0;
}

const isFirstStart = ({ state, booted_at }: NodeRow): boolean => state === "starting" && booted_at === null;

function nodesMissing(obstacle: string | undefined): PoolResize["errors"][number] {
  if (obstacle === undefined)
    return {
      code: "AccountCoreQuotaReached",
      message: `A pool here has at most ${MAX_NODES_PER_POOL} nodes`,
    };
  const values = [{ name: "Reason", value: obstacle }];
  return { code: "AllocationFailed", message: "Desired number of nodes could not be allocated", values };
}

function allocationTimedOut(app: App, creating: readonly NodeRow[]): PoolResize["errors"][number] {
  const obstacles = creating.map(({ key }) => app.compute.obstacle?.({ nodeKey: String(key) }));
  const known = [...new Set(obstacles)].filter((obstacle) => obstacle !== undefined);
  return {
    code: "AllocationTimedout",
    message: "Desired number of nodes could not be allocated in time",
    ...(known.length > 0 && { values: known.map((value) => ({ name: "Reason", value })) }),
  };
}

async function nodeAcquire(
  app: App,
  { key, pool_key }: NodeRow,
  wanted: { readonly account: string; readonly limits: NodeLimits },
): Promise<void> {
  const acquired = await app.compute.acquire({ nodeKey: String(key), ...wanted });
  if (!acquired) return;
  const { agentId } = acquired;
  const message = await app.store.write(async (c): Promise<ToAgent | undefined> => {
    const node = await nodeByKey.first(c, { key });
    const pool = await poolByKey.first(c, { key: pool_key });
    if (!node || !lacksAgent(node) || !pool) return undefined;
    const incarnation = app.agents.incarnationOf(agentId);
    await nodeAgentSet.run(c, {
      key,
      agent_id: agentId,
      incarnation: incarnation ?? null,
      state: "starting",
      now: app.clock(),
    });
    app.nudge.nodes();
    // With the agent still on its way, its hello finds the node.
    return incarnation === undefined
      ? undefined
      : { t: "node.start", node: await nodeSpec(app, c, pool, node) };
  });
  if (message) app.agents.send(agentId, message);
}

function resizeOf(pool: PoolRow): PoolResize {
  return pool.resize === null
    ? { startedAt: pool.allocation_at, timeoutMs: Infinity, deallocation: "requeue", errors: [] }
    : (JSON.parse(pool.resize) as PoolResize);
}
