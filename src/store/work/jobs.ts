/** Statements about jobs. Counts of tasks are kept on the job's row, so that no request counts. */

import { row, statement } from "../engine/statement.ts";
import type { Row } from "../schema.ts";

export type JobRow = Row<"job">;

export const jobInsert = statement<Omit<JobRow, "key">>()((db, p) =>
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
        "auto_pool_id",
        "schedule_key",
      ),
    )
    .onConflict((conflict) => conflict.columns(["account_key", "id_lower"]).doNothing())
    .returning("key"),
);

export const jobById = statement<{ account_key: number; id_lower: string }>()((db, p) =>
  db
    .selectFrom("job")
    .selectAll()
    .where("account_key", "=", p.account_key)
    .where("id_lower", "=", p.id_lower),
);

export const jobByKey = statement<{ key: number }>()((db, p) =>
  db.selectFrom("job").selectAll().where("key", "=", p.key),
);

export const jobsPage = statement<{ account_key: number; after: number; limit: number }>()((db, p) =>
  db
    .selectFrom("job")
    .selectAll()
    .where("account_key", "=", p.account_key)
    .where("key", ">", p.after)
    .orderBy("key")
    .limit(p.limit),
);

/** Jobs of a pool that have something to run, in the order in which they are served. */
export const jobsToServe = statement<{ account_key: number; pool_id_lower: string }>()((db, p) =>
  db
    .selectFrom("job")
    .selectAll()
    .where("account_key", "=", p.account_key)
    .where("pool_id_lower", "=", p.pool_id_lower)
    .where("state", "=", "active")
    .where("active", ">", 0)
    .orderBy("priority", "desc")
    .orderBy("key"),
);

/** Jobs on their way to another state, by themselves or because all their tasks are done. */
export const jobsToAdvance = statement<{ now: number }>()((db, p) =>
  db
    .selectFrom("job")
    .selectAll()
    .where((eb) =>
      eb.or([
        eb("state", "in", ["disabling", "enabling", "terminating", "deleting"]),
        eb.and([eb("state", "in", ["active", "disabled", "disabling"]), eb("deadline_at", "<=", p.now)]),
        eb.and([
          eb("state", "=", "active"),
          eb("on_all_tasks_complete", "=", "terminatejob"),
          eb("active", "=", 0),
          eb("running", "=", 0),
        ]),
      ]),
    )
    .orderBy("key"),
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

export interface TaskCountShift {
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
    }))
    .where("key", "=", p.key),
);

export const jobDelete = statement<{ key: number }>()((db, p) =>
  db.deleteFrom("job").where("key", "=", p.key),
);

/** Of one account, whatever their state. */
export const jobsOfAccount = statement<{ account_key: number }>()((db, p) =>
  db.selectFrom("job").selectAll().where("account_key", "=", p.account_key),
);
