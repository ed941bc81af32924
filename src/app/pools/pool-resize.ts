/** Changes how many nodes a pool wants. Source: Azure Batch REST, "Pool - Resize", "Stop Resize", "Remove Nodes", "Delete". */
import { Fault } from "../../core/fault.ts";
import {
  type DeallocationOption,
  type PoolResize,
  poolResizeRequested,
  RESIZE_STOPPED,
} from "../../core/lifecycle/pool-resize.ts";
import { etagOf, type ModifiedVersion, type Precondition } from "../../core/lifecycle/resource-version.ts";
import type { Connection } from "../../store/engine/connection.ts";
import { nodeById, nodeLeaving, nodesOfPool } from "../../store/work/nodes.ts";
import { type PoolRow, poolAllocationSet, poolDeleting } from "../../store/work/pools.ts";
import type { NodeRemoveParameter, PoolResizeParameter } from "../../wire/batch/models-types.gen.ts";
import type { AccountHandle } from "../accounts/account-handle.ts";
import type { Records } from "../records.ts";
import { nodesStay } from "./nodes-stay.ts";
import { poolFind } from "./pool-read.ts";

export type PoolTarget = readonly [
  app: Records,
  account: AccountHandle,
  poolId: string,
  precondition: Precondition,
];

/** @throws Fault PoolNotFound, PoolBeingDeleted, PoolBeingResized, ConditionNotMet, InvalidPropertyValue */
export function poolResize(target: PoolTarget, body: PoolResizeParameter): Promise<ModifiedVersion> {
  if (body.targetDedicatedNodes === undefined && body.targetLowPriorityNodes === undefined) {
    throw new Fault("InvalidPropertyValue", "", {
      values: [
        { key: "PropertyName", value: "targetDedicatedNodes" },
        { key: "Reason", value: "At least one of the two targets must be given." },
      ],
    });
  }
  return poolRequest(target, async (c, pool, now) => {
    if (pool.autoscale !== null)
      throw new Fault("OperationNotValidOnPool", "The pool scales by its formula; disable that first.");
    if (pool.allocation_state !== "steady") throw new Fault("PoolBeingResized");
    await startResize(c, pool, now, {
      dedicated: body.targetDedicatedNodes ?? pool.target_dedicated,
      lowPriority: body.targetLowPriorityNodes ?? pool.target_low_priority,
      deallocation: body.nodeDeallocationOption ?? "requeue",
      timeout: body.resizeTimeout,
    });
  });
}

/** The pool keeps the nodes it has at that moment. @throws as `poolResize` */
export function poolResizeStop(target: PoolTarget): Promise<ModifiedVersion> {
  const [app] = target;
  return poolRequest(target, async (c, pool, now) => {
    if (pool.allocation_state !== "resizing") throw new Fault("OperationInvalidForCurrentState");
    const leaving = (await nodesOfPool.all(c, { pool_key: pool.key })).filter(
      (node) => node.leaving !== null,
    );
    await nodesStay(app, c, leaving);
    const staying = (await nodesOfPool.all(c, { pool_key: pool.key })).filter(
      (node) => node.leaving === null,
    );
    const resize = pool.resize === null ? undefined : (JSON.parse(pool.resize) as PoolResize);
    const dedicated = staying.filter(({ is_dedicated }) => is_dedicated === 1).length;
    await poolAllocationSet.run(c, {
      key: pool.key,
      allocation_state: "stopping",
      allocation_at: now,
      target_dedicated: dedicated,
      target_low_priority: staying.length - dedicated,
      resize: resize ? JSON.stringify({ ...resize, errors: [RESIZE_STOPPED] } satisfies PoolResize) : null,
      modified_at: now,
    });
  });
}

/** @throws Fault NodeNotFound, and as `poolResize` */
export function poolNodesRemove(target: PoolTarget, body: NodeRemoveParameter): Promise<ModifiedVersion> {
  return poolRequest(target, async (c, pool, now) => {
    if (pool.allocation_state !== "steady") throw new Fault("PoolBeingResized");
    let dedicated = pool.target_dedicated;
    let lowPriority = pool.target_low_priority;
    const deallocation = body.nodeDeallocationOption ?? "requeue";
    for (const id of new Set(body.nodeList)) {
      const node = await nodeById.first(c, { pool_key: pool.key, id });
      if (!node) throw new Fault("NodeNotFound", "", { values: [{ key: "NodeId", value: id }] });
      if (node.state === "leavingpool") continue;
      if (node.is_dedicated === 1) dedicated--;
      else lowPriority--;
      await nodeLeaving.run(c, { key: node.key, leaving: deallocation, now });
    }
    await startResize(c, pool, now, {
      dedicated: Math.max(0, dedicated),
      lowPriority: Math.max(0, lowPriority),
      deallocation,
      timeout: body.resizeTimeout,
    });
  });
}

/** Its nodes go first, running tasks are requeued; then the pool goes. @throws Fault PoolNotFound, PoolBeingDeleted, ConditionNotMet */
export function poolRequestDelete(target: PoolTarget): Promise<ModifiedVersion> {
  return poolRequest(target, (c, pool, now) => poolDeleting.run(c, { key: pool.key, now }));
}

export async function startResize(
  c: Connection,
  pool: PoolRow,
  now: number,
  wanted: {
    readonly dedicated: number;
    readonly lowPriority: number;
    readonly deallocation: DeallocationOption;
    readonly timeout: string | undefined;
  },
): Promise<void> {
  await poolAllocationSet.run(c, {
    key: pool.key,
    allocation_state: "resizing",
    allocation_at: now,
    target_dedicated: wanted.dedicated,
    target_low_priority: wanted.lowPriority,
    resize: JSON.stringify(poolResizeRequested(now, wanted.timeout, wanted.deallocation)),
    modified_at: now,
  });
}

/** A change that a caller asks of a pool, in one transaction. @throws Fault PoolNotFound, PoolBeingDeleted, ConditionNotMet */
export function poolRequest(
  [app, account, poolId, precondition]: PoolTarget,
  move: (c: Connection, pool: PoolRow, now: number) => Promise<unknown>,
): Promise<ModifiedVersion> {
  return app.store.write(async (c) => {
    const pool = await poolFind(c, account, poolId);
    precondition({ etag: etagOf(pool), modifiedAt: pool.modified_at });
    if (pool.state === "deleting") throw new Fault("PoolBeingDeleted");
    const now = app.clock();
    await move(c, pool, now);
    app.nudge.nodes();
    return { created_at: pool.created_at, version: pool.version + 1, modified_at: now };
  });
}
