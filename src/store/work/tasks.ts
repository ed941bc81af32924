/** Statements about tasks. Every change of state names the state it starts from, so that a late one changes nothing. */

import { sql } from "kysely";
import { row, statement } from "../engine/statement.ts";
import type { Row } from "../schema.ts";
import { rowById, rowByKey, rowsPage } from "./row-statements.ts";

export type TaskRow = Row<"task">;

export const taskInsert = statement<
  Pick<
    TaskRow,
    "job_key" | "id" | "id_lower" | "id_number" | "created_at" | "spec" | "required_slots" | "blocked"
  >
>()((db, p) =>
  db
    .insertInto("task")
    .values({
      ...row(p, "job_key", "id", "id_lower", "id_number", "created_at", "spec", "required_slots", "blocked"),
      state: "active",
      state_at: p.created_at,
      modified_at: p.created_at,
      version: 1,
      satisfies: 0,
      attempt: 0,
      retry_count: 0,
      requeue_count: 0,
    })
    .onConflict((conflict) => conflict.columns(["job_key", "id_lower"]).doNothing())
    .returning("key"),
);

export const taskById = rowById("task", "job_key");

export const taskByKey = rowByKey("task");

/** In the order of their ids, strictly after the one given; empty for the first. */
export const tasksPage = rowsPage("task", "job_key");

/** In the order of their creation, of which there is an index with the state. */
export const tasksPageInState = statement<{
  job_key: number;
  state: string;
  after: number;
  limit: number;
}>()((db, p) =>
  db
    .selectFrom("task")
    .selectAll()
    .where("job_key", "=", p.job_key)
    .where("state", "=", p.state)
    .where("key", ">", p.after)
    .orderBy("key")
    .limit(p.limit),
);

/** Of one width, oldest first, after the key `after`. */
export const tasksReady = statement<{ job_key: number; slots: number; after: number; limit: number }>()(
  (db, p) =>
    db
      .selectFrom("task")
      .select(["key", "job_key", "id", "spec", "required_slots", "attempt"])
      .where("job_key", "=", p.job_key)
      .where("state", "=", sql.lit("active"))
      .where("blocked", "=", (eb) => eb.lit(0))
      .where("required_slots", "=", p.slots)
      .where("key", ">", p.after)
      .orderBy("key")
      .limit(p.limit),
);

/** The next width above this one that a ready task of the job has; null for none. */
export const widthsReady = statement<{ job_key: number; above: number }>()((db, p) =>
  db
    .selectFrom("task")
    .select("required_slots")
    .where("job_key", "=", p.job_key)
    .where("state", "=", sql.lit("active"))
    .where("blocked", "=", (eb) => eb.lit(0))
    .where("required_slots", ">", p.above)
    .orderBy("required_slots")
    .limit(1),
);

/** Tasks on a pool's nodes that are being stopped. */
export const tasksStoppingInPool = statement<{ pool_key: number }>()((db, p) =>
  db
    .selectFrom("node")
    .innerJoin("task", "task.node_key", "node.key")
    .select(["task.node_key", "task.required_slots"])
    .where("node.pool_key", "=", p.pool_key)
    .where("task.state", "=", sql.lit("running"))
    .where("task.stopping", "is not", null),
);

export const tasksRunningOnNode = statement<{ node_key: number }>()((db, p) =>
  db
    .selectFrom("task")
    .selectAll()
    .where("node_key", "=", p.node_key)
    .where("state", "=", sql.lit("running"))
    .orderBy("key"),
);

/** The latest tasks of a node, newest first. */
export const tasksRecentOnNode = statement<{ node_key: number; limit: number }>()((db, p) =>
  db
    .selectFrom("task")
    .innerJoin("job", "job.key", "task.job_key")
    .selectAll("task")
    .select("job.id as job_id")
    .where("task.node_key", "=", p.node_key)
    .orderBy("task.key", "desc")
    .limit(p.limit),
);

/** Whether files of some task are still kept on the node for their retention time. */
export const taskRetainedOnNode = statement<{ node_key: number }>()((db, p) =>
  db
    .selectFrom("task")
    .select("key")
    .where("node_key", "=", p.node_key)
    .where("clean_at", "is not", null)
    .limit(1),
);

/**
 * Running tasks behind a key that are not being stopped for this reason yet, nor to be deleted; without what they were asked to do, which may be
 * long.
 */
export const tasksToStopInJob = statement<{
  job_key: number;
  reason: string;
  after: number;
  limit: number;
}>()((db, p) =>
  db
    .selectFrom("task")
    .select(["key", "node_key", "attempt", "stopping"])
    .where("job_key", "=", p.job_key)
    .where("state", "=", "running")
    .where("key", ">", p.after)
    .where(({ or, eb }) =>
      or([
        eb("stopping", "is", null),
        eb.and([eb("stopping", "!=", p.reason), eb("stopping", "!=", "delete")]),
      ]),
    )
    .orderBy("key")
    .limit(p.limit),
);

/** As `tasksToStopInJob`, on a node. */
export const tasksToStopOnNode = statement<{ node_key: number; reason: string; limit: number }>()((db, p) =>
  db
    .selectFrom("task")
    .select(["key", "node_key", "attempt", "stopping"])
    .where("node_key", "=", p.node_key)
    .where("state", "=", sql.lit("running"))
    .where(({ or, eb }) =>
      or([
        eb("stopping", "is", null),
        eb.and([eb("stopping", "!=", p.reason), eb("stopping", "!=", "delete")]),
      ]),
    )
    .orderBy("key")
    .limit(p.limit),
);

export const tasksRunningInJob = statement<{ job_key: number }>()((db, p) =>
  db
    .selectFrom("task")
    .selectAll()
    .where("job_key", "=", p.job_key)
    .where("state", "=", "running")
    .orderBy("key"),
);

/** Begins the next attempt; changes nothing when the task is no longer active. */
export const taskPlace = statement<{
  key: number;
  node_key: number;
  node_id: string;
  pool_id: string;
  /** 1: it waits there until its job's preparation has ended. */
  preparing: number;
  now: number;
}>()((db, p) =>
  db
    .updateTable("task")
    .set((eb) => ({
      previous_state: "active",
      previous_state_at: eb.ref("state_at"),
      state: "running",
      state_at: p.now,
      started_at: p.now,
      ended_at: null,
      exit_code: null,
      failure: null,
      result: null,
      modified_at: p.now,
      version: eb("version", "+", 1),
      attempt: eb("attempt", "+", 1),
      node_key: p.node_key,
      node_id: p.node_id,
      pool_id: p.pool_id,
      preparing: p.preparing,
    }))
    .where("key", "=", p.key)
    .where("state", "=", "active"),
);

/** The node is prepared: the attempt starts. */
export const taskPrepared = statement<{ key: number; now: number }>()((db, p) =>
  db
    .updateTable("task")
    .set((eb) => ({
      preparing: 0,
      previous_state: "preparing",
      previous_state_at: eb.ref("state_at"),
      state_at: p.now,
      started_at: p.now,
      modified_at: p.now,
      version: eb("version", "+", 1),
    }))
    .where("key", "=", p.key)
    .where("preparing", "=", 1),
);

export const taskComplete = statement<
  Pick<
    TaskRow,
    | "key"
    | "started_at"
    | "ended_at"
    | "exit_code"
    | "result"
    | "failure"
    | "clean_at"
    | "satisfies"
    | "usage"
  > & { now: number }
>()((db, p) =>
  db
    .updateTable("task")
    .set((eb) => ({
      previous_state: eb.ref("state"),
      previous_state_at: eb.ref("state_at"),
      state: "completed",
      preparing: 0,
      state_at: p.now,
      modified_at: p.now,
      version: eb("version", "+", 1),
      stopping: null,
      ...row(p, "started_at", "ended_at", "exit_code", "result", "failure", "clean_at", "satisfies", "usage"),
    }))
    .where("key", "=", p.key)
    .where("state", "!=", "completed"),
);

/** Back to the queue: the running attempt has ended and another will follow. */
export const taskRequeue = statement<
  Pick<
    TaskRow,
    | "key"
    | "retry_count"
    | "last_retry_at"
    | "requeue_count"
    | "last_requeue_at"
    | "exit_code"
    | "ended_at"
    | "failure"
    | "usage"
  > & { now: number }
>()((db, p) =>
  db
    .updateTable("task")
    .set((eb) => ({
      previous_state: "running",
      previous_state_at: eb.ref("state_at"),
      preparing: 0,
      state: "active",
      state_at: p.now,
      modified_at: p.now,
      version: eb("version", "+", 1),
      stopping: null,
      ...row(
        p,
        "retry_count",
        "last_retry_at",
        "requeue_count",
        "last_requeue_at",
        "exit_code",
        "ended_at",
        "failure",
        "usage",
      ),
    }))
    .where("key", "=", p.key)
    .where("state", "=", "running"),
);

/** A completed task becomes active again by a user's request: as new, but for its attempt number. */
export const taskReactivate = statement<{ key: number; now: number }>()((db, p) =>
  db
    .updateTable("task")
    .set((eb) => ({
      previous_state: "completed",
      previous_state_at: eb.ref("state_at"),
      state: "active",
      state_at: p.now,
      modified_at: p.now,
      version: eb("version", "+", 1),
      retry_count: 0,
      last_retry_at: null,
      started_at: null,
      ended_at: null,
      exit_code: null,
      result: null,
      failure: null,
      clean_at: null,
      satisfies: 0,
    }))
    .where("key", "=", p.key)
    .where("state", "=", "completed"),
);

export const taskStopping = statement<{ key: number; stopping: string }>()((db, p) =>
  db
    .updateTable("task")
    .set({ stopping: p.stopping })
    .where("key", "=", p.key)
    .where("state", "=", "running"),
);

export const taskSpecSet = statement<Pick<TaskRow, "key" | "spec" | "modified_at">>()((db, p) =>
  db
    .updateTable("task")
    .set((eb) => ({ ...row(p, "spec", "modified_at"), version: eb("version", "+", 1) }))
    .where("key", "=", p.key),
);

export const taskDelete = statement<{ key: number }>()((db, p) =>
  db.deleteFrom("task").where("key", "=", p.key),
);

export const tasksDeleteSome = statement<{ job_key: number; limit: number }>()((db, p) =>
  db
    .deleteFrom("task")
    .where("key", "in", (eb) =>
      eb
        .selectFrom("task")
        .select("key")
        .where("job_key", "=", p.job_key)
        .where("state", "!=", "running")
        .limit(p.limit),
    ),
);

export const tasksToClean = statement<{ now: number; limit: number }>()((db, p) =>
  db
    .selectFrom("task")
    .innerJoin("job", "job.key", "task.job_key")
    .select(["task.key", "task.id", "task.node_key", "task.clean_at", "job.id as job_id"])
    .where("task.clean_at", "<=", p.now)
    .orderBy("task.clean_at")
    .limit(p.limit),
);

/** Of those that are still due. @param keys a list of keys, as JSON */
export const tasksCleanAt = statement<{ keys: string; now: number; at: number | null }>()((db, p) =>
  db
    .updateTable("task")
    .set({ clean_at: p.at })
    .where("clean_at", "<=", p.now)
    .where(
      "key",
      "in",
      db.selectFrom(sql<{ value: number }>`json_each(${p.keys})`.as("given")).select("given.value"),
    ),
);

export const taskBlockedSet = statement<{ key: number; blocked: number }>()((db, p) =>
  db.updateTable("task").set({ blocked: p.blocked }).where("key", "=", p.key),
);
