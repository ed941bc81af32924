/** Statements about jobs. Counts of tasks are kept on the job's row, so that no request counts. */

import { type ExpressionBuilder, sql } from "kysely";
import { row, statement } from "../engine/statement.ts";
import type { Row, Schema, WorkUsage } from "../schema.ts";
import { rowById, rowByKey, rowsPage } from "./row-statements.ts";
import { usageSums, type WorkUsageShift } from "./usage.ts";

export type JobRow = Row<"job">;

export const jobInsert = statement<Omit<JobRow, "key" | "served" | keyof WorkUsage>>()((db, p) =>
  db
    .insertInto("job")
    .values(
      row(
        p,
        "account_key",
        "id",
        "id_lower",
        "pool_id_lower",
        "state",
        "state_at",
        "previous_state",
        "previous_state_at",
        "created_at",
        "modified_at",
        "version",
        "spec",
        "priority",
        "max_parallel",
        "on_all_tasks_complete",
        "on_task_failure",
        "started_at",
        "ended_at",
        "terminate_reason",
        "disable_tasks",
        "deadline_at",
        "active",
        "running",
        "completed",
        "succeeded",
        "failed",
        "active_slots",
        "running_slots",
        "completed_slots",
        "succeeded_slots",
        "failed_slots",
        "ready",
        "preemptible",
        "auto_pool_id",
        "schedule_key",
        "scheduling_error",
      ),
    )
    .onConflict((conflict) => conflict.columns(["account_key", "id_lower"]).doNothing())
    .returning("key"),
);

export const jobById = rowById("job", "account_key");

export const jobByKey = rowByKey("job");

/** In the order of their ids, strictly after the one given; empty for the first. */
export const jobsPage = rowsPage("job", "account_key");

/** As the indexes say it whose condition it is: `migrations/0013-scheduling`. */
const servable = (eb: ExpressionBuilder<Schema, "job">) =>
  eb.and([
    eb("state", "=", sql.lit("active")),
    eb("ready", ">", eb.lit(0)),
    eb.or([eb("max_parallel", "=", eb.lit(-1)), eb("running", "<", eb.ref("max_parallel"))]),
  ]);

interface JobPage {
  account_key: number;
  pool_id_lower: string;
  limit: number;
  offset: number;
}

/** Jobs of a pool that have something to run: the fewest slots first, then the longest ago. */
export const jobsInTurn = statement<JobPage>()((db, p) =>
  db
    .selectFrom("job")
    .selectAll()
    .where("account_key", "=", p.account_key)
    .where("pool_id_lower", "=", p.pool_id_lower)
    .where(servable)
    .orderBy("priority", "desc")
    .orderBy("running_slots")
    .orderBy("served")
    .orderBy("key")
    .limit(p.limit)
    .offset(p.offset),
);

/** As `jobsInTurn`, in the order of their creation. */
export const jobsOldestFirst = statement<JobPage>()((db, p) =>
  db
    .selectFrom("job")
    .selectAll()
    .where("account_key", "=", p.account_key)
    .where("pool_id_lower", "=", p.pool_id_lower)
    .where(servable)
    .orderBy("priority", "desc")
    .orderBy("key")
    .limit(p.limit)
    .offset(p.offset),
);

/** Jobs whose running tasks may be stopped for others, the lowest priority first. */
export const jobsPreemptible = statement<Omit<JobPage, "offset">>()((db, p) =>
  db
    .selectFrom("job")
    .select(["key", "priority"])
    .where("account_key", "=", p.account_key)
    .where("pool_id_lower", "=", p.pool_id_lower)
    .where("preemptible", "=", (eb) => eb.lit(1))
    .where("running", ">", (eb) => eb.lit(0))
    .orderBy("priority")
    .limit(p.limit),
);

/** Jobs on their way to another state, by themselves or because all their tasks are done. Each part has an index of its own; a job
 * may be of two. */
export const jobsToAdvance = statement<{ now: number }>()((db, p) =>
  db
    .selectFrom("job")
    .select("key")
    .where(
      "state",
      "in",
      ["disabling", "enabling", "terminating", "deleting"].map((state) => sql.lit(state)),
    )
    .unionAll(
      db
        .selectFrom("job")
        .select("key")
        .where(
          "state",
          "in",
          ["active", "disabled", "disabling"].map((state) => sql.lit(state)),
        )
        .where("deadline_at", "<=", p.now),
    )
    .unionAll(
      db
        .selectFrom("job")
        .select("key")
        .where("state", "=", sql.lit("active"))
        .where("on_all_tasks_complete", "=", sql.lit("terminatejob"))
        .where("active", "=", (eb) => eb.lit(0))
        .where("running", "=", (eb) => eb.lit(0)),
    ),
);

export const jobSpecSet = statement<
  Pick<
    JobRow,
    | "key"
    | "spec"
    | "pool_id_lower"
    | "auto_pool_id"
    | "priority"
    | "max_parallel"
    | "on_all_tasks_complete"
    | "deadline_at"
    | "preemptible"
    | "modified_at"
  >
>()((db, p) =>
  db
    .updateTable("job")
    .set((eb) => ({
      ...row(
        p,
        "spec",
        "pool_id_lower",
        "auto_pool_id",
        "priority",
        "max_parallel",
        "on_all_tasks_complete",
        "deadline_at",
        "preemptible",
        "modified_at",
      ),
      version: eb("version", "+", 1),
    }))
    .where("key", "=", p.key),
);

/** Moves a job to another state; the caller has decided that it may. */
export const jobStateSet = statement<
  Pick<JobRow, "key" | "state" | "ended_at" | "terminate_reason" | "disable_tasks"> & { now: number }
>()((db, p) =>
  db
    .updateTable("job")
    .set((eb) => ({
      previous_state: eb.ref("state"),
      previous_state_at: eb.ref("state_at"),
      state: p.state,
      state_at: p.now,
      modified_at: p.now,
      version: eb("version", "+", 1),
      ended_at: p.ended_at,
      terminate_reason: p.terminate_reason,
      disable_tasks: p.disable_tasks,
    }))
    .where("key", "=", p.key),
);

export interface TaskCountShift extends WorkUsageShift {
  active: number;
  running: number;
  completed: number;
  succeeded: number;
  failed: number;
  active_slots: number;
  running_slots: number;
  completed_slots: number;
  succeeded_slots: number;
  failed_slots: number;
  ready: number;
  served: number;
}

/** Adds to the job's counts; deltas may be negative. */
export const jobCountsShift = statement<TaskCountShift & { key: number }>()((db, p) =>
  db
    .updateTable("job")
    .set((eb) => ({
      active: eb("active", "+", p.active),
      running: eb("running", "+", p.running),
      completed: eb("completed", "+", p.completed),
      succeeded: eb("succeeded", "+", p.succeeded),
      failed: eb("failed", "+", p.failed),
      active_slots: eb("active_slots", "+", p.active_slots),
      running_slots: eb("running_slots", "+", p.running_slots),
      completed_slots: eb("completed_slots", "+", p.completed_slots),
      succeeded_slots: eb("succeeded_slots", "+", p.succeeded_slots),
      failed_slots: eb("failed_slots", "+", p.failed_slots),
      ready: eb("ready", "+", p.ready),
      served: eb("served", "+", p.served),
      ...usageSums("job", p),
    }))
    .where("key", "=", p.key),
);

export const jobDelete = statement<{ key: number }>()((db, p) =>
  db.deleteFrom("job").where("key", "=", p.key),
);

/** Of one account, whatever their state. */
/** Some that are not being deleted yet. */
export const jobsOfAccountToDelete = statement<{ account_key: number; limit: number }>()((db, p) =>
  db
    .selectFrom("job")
    .selectAll()
    .where("account_key", "=", p.account_key)
    .where("state", "!=", "deleting")
    .limit(p.limit),
);

/** Any of them. */
export const jobsOfAccount = statement<{ account_key: number }>()((db, p) =>
  db.selectFrom("job").select("key").where("account_key", "=", p.account_key).limit(1),
);
