/** Statements about job schedules and the jobs under them. */

import { row, statement } from "../engine/statement.ts";
import type { Row } from "../schema.ts";
import { rowById, rowByKey, rowsPage } from "./row-statements.ts";

export type JobScheduleRow = Row<"job_schedule">;

export const scheduleInsert = statement<
  Pick<JobScheduleRow, "account_key" | "id" | "id_lower" | "created_at" | "spec" | "due_at" | "wake_at">
>()((db, p) =>
  db
    .insertInto("job_schedule")
    .values({
      ...row(p, "account_key", "id", "id_lower", "created_at", "spec", "due_at", "wake_at"),
      state: "active",
      state_at: p.created_at,
      modified_at: p.created_at,
      version: 1,
      jobs: 0,
    })
    .onConflict((conflict) => conflict.columns(["account_key", "id_lower"]).doNothing())
    .returning("key"),
);

export const scheduleById = rowById("job_schedule", "account_key");

export const scheduleByKey = rowByKey("job_schedule");

/** In the order of their ids, strictly after the one given; empty for the first. */
export const schedulesPage = rowsPage("job_schedule", "account_key");

export const schedulesToAdvance = statement<{ now: number }>()((db, p) =>
  db.selectFrom("job_schedule").select("key").where("wake_at", "<=", p.now).orderBy("wake_at"),
);

export const scheduleSpecSet = statement<Pick<JobScheduleRow, "key" | "spec" | "due_at" | "modified_at">>()(
  (db, p) =>
    db
      .updateTable("job_schedule")
      .set((eb) => ({
        ...row(p, "spec", "due_at", "modified_at"),
        wake_at: p.modified_at,
        version: eb("version", "+", 1),
      }))
      .where("key", "=", p.key),
);

export const scheduleStateSet = statement<
  Pick<JobScheduleRow, "key" | "state" | "wake_at" | "ended_at"> & { now: number }
>()((db, p) =>
  db
    .updateTable("job_schedule")
    .set((eb) => ({
      previous_state: eb.ref("state"),
      previous_state_at: eb.ref("state_at"),
      state: p.state,
      state_at: p.now,
      modified_at: p.now,
      version: eb("version", "+", 1),
      wake_at: p.wake_at,
      ended_at: p.ended_at,
    }))
    .where("key", "=", p.key),
);

/** What the schedule's own doings change; no new version. */
export const scheduleProgressSet = statement<
  Pick<JobScheduleRow, "key" | "due_at" | "wake_at" | "jobs" | "recent_job_id" | "auto_pool_id">
>()((db, p) =>
  db
    .updateTable("job_schedule")
    .set(row(p, "due_at", "wake_at", "jobs", "recent_job_id", "auto_pool_id"))
    .where("key", "=", p.key),
);

/** Something that a schedule may wait for has happened. */
export const scheduleWake = statement<{ key: number; now: number }>()((db, p) =>
  db.updateTable("job_schedule").set({ wake_at: p.now }).where("key", "=", p.key),
);

export const scheduleDelete = statement<{ key: number }>()((db, p) =>
  db.deleteFrom("job_schedule").where("key", "=", p.key),
);

export const jobsOfSchedule = statement<{ schedule_key: number; after: number; limit: number }>()((db, p) =>
  db
    .selectFrom("job")
    .selectAll()
    .where("schedule_key", "=", p.schedule_key)
    .where("key", ">", p.after)
    .orderBy("key")
    .limit(p.limit),
);

export const jobUnfinishedOfSchedule = statement<{ schedule_key: number }>()((db, p) =>
  db
    .selectFrom("job")
    .selectAll()
    .where("schedule_key", "=", p.schedule_key)
    .where("state", "!=", "completed")
    .limit(1),
);

/** Of one account, whatever their state. */
/** Some that are not being deleted yet. */
export const schedulesOfAccountToDelete = statement<{ account_key: number; limit: number }>()((db, p) =>
  db
    .selectFrom("job_schedule")
    .selectAll()
    .where("account_key", "=", p.account_key)
    .where("state", "!=", "deleting")
    .limit(p.limit),
);

/** Any of them. */
export const schedulesOfAccount = statement<{ account_key: number }>()((db, p) =>
  db.selectFrom("job_schedule").select("key").where("account_key", "=", p.account_key).limit(1),
);
