/** Statements about compute nodes. */

import { row, statement } from "../engine/statement.ts";
import type { NodeLoad, Row } from "../schema.ts";
import { rowByKey } from "./row-statements.ts";
import { loadSums, type NodeLoadSums } from "./usage.ts";

export type NodeRow = Row<"node">;

export const nodeInsert = statement<Omit<NodeRow, "key" | "restart" | keyof NodeLoad>>()((db, p) =>
  db
    .insertInto("node")
    .values(
      row(
        p,
        "pool_key",
        "id",
        "state",
        "state_at",
        "scheduling",
        "is_dedicated",
        "allocated_at",
        "booted_at",
        "agent_id",
        "incarnation",
        "info",
        "leaving",
        "start_task",
        "running_tasks",
        "running_slots",
        "total_run",
        "total_succeeded",
        "number",
        "identities",
      ),
    )
    .returning("key"),
);

export const nodeById = statement<{ pool_key: number; id: string }>()((db, p) =>
  db.selectFrom("node").selectAll().where("pool_key", "=", p.pool_key).where("id", "=", p.id),
);

export const nodeByKey = rowByKey("node");

export const nodesOfPool = statement<{ pool_key: number }>()((db, p) =>
  db.selectFrom("node").selectAll().where("pool_key", "=", p.pool_key).orderBy("key"),
);

/** Some of them, behind one. */
export const nodesOfAgent = statement<{ agent_id: string; after: number; limit: number }>()((db, p) =>
  db
    .selectFrom("node")
    .selectAll()
    .where("agent_id", "=", p.agent_id)
    .where("key", ">", p.after)
    .orderBy("key")
    .limit(p.limit),
);

/** Of all pools: nodes that have a machine, or want one. */
export const nodesAllocated = statement<Record<never, never>>()((db) =>
  db.selectFrom("node").select(["key", "agent_id"]).where("state", "!=", "deallocated"),
);

/** Nodes that may be given tasks now; `agent_id` tells through whom. */
export const nodesOpen = statement<{ pool_key: number; slots: number }>()((db, p) =>
  db
    .selectFrom("node")
    .select(["key", "id", "agent_id", "incarnation", "running_slots", "is_dedicated"])
    .where("pool_key", "=", p.pool_key)
    .where("state", "=", "idle")
    .where("scheduling", "=", "enabled")
    .where("running_slots", "<", p.slots)
    .orderBy("key"),
);

export const nodeAgentSet = statement<
  Pick<NodeRow, "key" | "agent_id" | "incarnation" | "state"> & { now: number }
>()((db, p) =>
  db
    .updateTable("node")
    .set({ agent_id: p.agent_id, incarnation: p.incarnation, state: p.state, state_at: p.now })
    .where("key", "=", p.key),
);

export const nodeIncarnationSet = statement<{ key: number; incarnation: string }>()((db, p) =>
  db.updateTable("node").set({ incarnation: p.incarnation }).where("key", "=", p.key),
);

export const nodeReady = statement<
  Pick<NodeRow, "key" | "state" | "info" | "start_task"> & { now: number }
>()((db, p) =>
  db
    .updateTable("node")
    .set({ ...row(p, "state", "info", "start_task"), state_at: p.now, booted_at: p.now, restart: null })
    .where("key", "=", p.key),
);

export const nodeStartTaskSet = statement<Pick<NodeRow, "key" | "state" | "start_task"> & { now: number }>()(
  (db, p) =>
    db
      .updateTable("node")
      .set({ ...row(p, "state", "start_task"), state_at: p.now })
      .where("key", "=", p.key),
);

export const nodeInfoSet = statement<Pick<NodeRow, "key" | "state" | "info"> & { now: number }>()((db, p) =>
  db
    .updateTable("node")
    .set({ ...row(p, "state", "info"), state_at: p.now })
    .where("key", "=", p.key),
);

export const nodeLeaving = statement<{ key: number; leaving: string; now: number }>()((db, p) =>
  db
    .updateTable("node")
    .set({ state: "leavingpool", state_at: p.now, leaving: p.leaving })
    .where("key", "=", p.key),
);

/** It was to leave its pool, and stays after all. */
export const nodeStaying = statement<{ key: number; now: number }>()((db, p) =>
  db.updateTable("node").set({ state: "idle", state_at: p.now, leaving: null }).where("key", "=", p.key),
);

/** The node goes down and stays in its pool. */
export const nodeRestarting = statement<Pick<NodeRow, "key" | "state" | "restart"> & { now: number }>()(
  (db, p) =>
    db
      .updateTable("node")
      .set({ ...row(p, "state", "restart"), state_at: p.now })
      .where("key", "=", p.key),
);

export const nodeSchedulingSet = statement<{ key: number; scheduling: string }>()((db, p) =>
  db.updateTable("node").set({ scheduling: p.scheduling }).where("key", "=", p.key),
);

/** Adds to the node's counters; deltas may be negative. */
export const nodeLoadShift = statement<
  {
    key: number;
    tasks: number;
    slots: number;
    run: number;
    succeeded: number;
  } & NodeLoadSums
>()((db, p) =>
  db
    .updateTable("node")
    .set((eb) => ({
      running_tasks: eb("running_tasks", "+", p.tasks),
      running_slots: eb("running_slots", "+", p.slots),
      total_run: eb("total_run", "+", p.run),
      total_succeeded: eb("total_succeeded", "+", p.succeeded),
      ...loadSums("node", p),
    }))
    .where("key", "=", p.key),
);

export const nodeDelete = statement<{ key: number }>()((db, p) =>
  db.deleteFrom("node").where("key", "=", p.key),
);
