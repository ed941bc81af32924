/**
 * Statements about task dependencies: a row for each id or range that a task still waits for; for each different range of a job the
 * number that it waits on; and the satisfied numbers as runs (`core/lifecycle/number-runs`).
 */
import { type Expression, type RawBuilder, sql } from "kysely";
import { row, statement } from "../engine/statement.ts";

/** Adds dependencies on those of the ids that are not satisfied yet. @returns the number of rows */
export const dependencyIdsInsert = statement<{ task_key: number; job_key: number; ids: string }>()((db, p) =>
  db
    .insertInto("task_dependency")
    .columns(["task_key", "job_key", "on_id"])
    .expression(
      db
        .selectFrom(sql<{ value: string }>`json_each(${p.ids})`.as("given"))
        .select([sql.val(p.task_key).as("task_key"), sql.val(p.job_key).as("job_key"), "given.value"])
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom("task")
                .select("task.key")
                .where("task.job_key", "=", p.job_key)
                .whereRef("task.id_lower", "=", "given.value")
                .where("task.satisfies", "=", 1),
            ),
          ),
        ),
    ),
);

/**
 * The greatest number up to `last` that is not satisfied: the one before the run that holds `last`, or `last` itself.
 */
const waitsOn = (
  jobKey: Expression<number>,
  last: Expression<number>,
): RawBuilder<number> => sql<number>`coalesce(
  (select case when run.last_number >= ${last} then run.first_number - 1 else ${last} end
     from task_id_run as run where run.job_key = ${jobKey} and run.first_number <= ${last}
     order by run.first_number desc limit 1), ${last})`;

/** Adds those of the ranges (a list of pairs) that are not satisfied yet and that the job does not know. */
export const rangesInsert = statement<{ job_key: number; ranges: string }>()((db, p) =>
  db
    .insertInto("task_id_range")
    .columns(["job_key", "first_number", "last_number", "waits_on"])
    .expression(
      db
        .selectFrom(
          db
            .selectFrom(sql<{ value: string }>`json_each(${p.ranges})`.as("given"))
            .select([
              sql<number>`json_extract(given.value, '$[0]')`.as("first_number"),
              sql<number>`json_extract(given.value, '$[1]')`.as("last_number"),
            ])
            .as("r"),
        )
        .select([
          sql.val(p.job_key).as("job_key"),
          "r.first_number",
          "r.last_number",
          waitsOn(sql`${p.job_key}`, sql.ref("r.last_number")).as("waits_on"),
        ])
        .where(waitsOn(sql`${p.job_key}`, sql.ref("r.last_number")), ">=", sql.ref<number>("r.first_number")),
    )
    .onConflict((conflict) => conflict.columns(["job_key", "first_number", "last_number"]).doNothing()),
);

/** @returns how many of those ranges the task waits for */
export const dependencyRangesInsert = statement<{ task_key: number; job_key: number; ranges: string }>()(
  (db, p) =>
    db
      .insertInto("task_dependency")
      .columns(["task_key", "job_key", "range_key"])
      .expression(
        db
          .selectFrom(sql<{ value: string }>`json_each(${p.ranges})`.as("given"))
          // A cross join keeps its order: SQLite would go through the list once for each range of the job.
          .crossJoin("task_id_range as r")
          .where("r.job_key", "=", p.job_key)
          .where("r.first_number", "=", sql<number>`json_extract(given.value, '$[0]')`)
          .where("r.last_number", "=", sql<number>`json_extract(given.value, '$[1]')`)
          .select([sql.val(p.task_key).as("task_key"), sql.val(p.job_key).as("job_key"), "r.key"]),
      ),
);

/** Tasks that wait for this id, the first of them, wait for one thing less. */
export const dependentsOnIdUnblock = statement<{ job_key: number; on_id: string; limit: number }>()((db, p) =>
  db
    .updateTable("task")
    .set((eb) => ({ blocked: eb("blocked", "-", 1) }))
    .where("key", "in", (eb) =>
      eb
        .selectFrom("task_dependency")
        .select("task_key")
        .where("job_key", "=", p.job_key)
        .where("on_id", "=", p.on_id)
        .orderBy("task_dependency.key")
        .limit(p.limit),
    )
    .returning(["state", "blocked"]),
);

/** The rows of those that `dependentsOnIdUnblock` has just taken. */
export const dependentsOnIdForget = statement<{ job_key: number; on_id: string; limit: number }>()((db, p) =>
  db
    .deleteFrom("task_dependency")
    .where("key", "in", (eb) =>
      eb
        .selectFrom("task_dependency")
        .select("key")
        .where("job_key", "=", p.job_key)
        .where("on_id", "=", p.on_id)
        .orderBy("key")
        .limit(p.limit),
    ),
);

/** As `dependentsOnIdUnblock`, of a range. */
export const dependentsOnRangeUnblock = statement<{ range_key: number; limit: number }>()((db, p) =>
  db
    .updateTable("task")
    .set((eb) => ({ blocked: eb("blocked", "-", 1) }))
    .where("key", "in", (eb) =>
      eb
        .selectFrom("task_dependency")
        .select("task_key")
        .where("range_key", "=", p.range_key)
        .orderBy("task_dependency.key")
        .limit(p.limit),
    )
    .returning(["state", "blocked"]),
);

export const dependentsOnRangeForget = statement<{ range_key: number; limit: number }>()((db, p) =>
  db
    .deleteFrom("task_dependency")
    .where("key", "in", (eb) =>
      eb
        .selectFrom("task_dependency")
        .select("key")
        .where("range_key", "=", p.range_key)
        .orderBy("key")
        .limit(p.limit),
    ),
);

/** Ranges that waited on this number, and the number that they wait on now: one below `first_number` when on none. */
export const rangesWaitingOn = statement<{ job_key: number; number: number; limit: number }>()((db, p) =>
  db
    .selectFrom("task_id_range as r")
    .select(["r.key", "r.first_number", waitsOn(sql.ref("r.job_key"), sql.ref("r.last_number")).as("next")])
    .where("r.job_key", "=", p.job_key)
    .where("r.waits_on", "=", p.number)
    .limit(p.limit),
);

export const rangeWaitSet = statement<{ key: number; waits_on: number }>()((db, p) =>
  db.updateTable("task_id_range").set({ waits_on: p.waits_on }).where("key", "=", p.key),
);

export const rangeDelete = statement<{ key: number }>()((db, p) =>
  db.deleteFrom("task_id_range").where("key", "=", p.key),
);

/** The runs that hold the number before, this one, or the one after. */
export const runsNear = statement<{ job_key: number; after: number }>()((db, p) =>
  db
    .selectFrom("task_id_run")
    .select(["first_number as first", "last_number as last"])
    .where("job_key", "=", p.job_key)
    .where("first_number", "<=", p.after)
    .orderBy("first_number", "desc")
    .limit(2),
);

export const runInsert = statement<{ job_key: number; first_number: number; last_number: number }>()(
  (db, p) => db.insertInto("task_id_run").values(row(p, "job_key", "first_number", "last_number")),
);

export const runDelete = statement<{ job_key: number; first_number: number }>()((db, p) =>
  db.deleteFrom("task_id_run").where("job_key", "=", p.job_key).where("first_number", "=", p.first_number),
);

/** Another task that says the same number and has satisfied its dependents: `7` and `007`. */
export const taskSatisfyingNumber = statement<{ job_key: number; number: number; key: number }>()((db, p) =>
  db
    .selectFrom("task")
    .select("key")
    .where("job_key", "=", p.job_key)
    .where("id_number", "=", p.number)
    .where("satisfies", "=", 1)
    .where("key", "!=", p.key)
    .limit(1),
);

export const dependencyDueInsert = statement<{
  job_key: number;
  on_id: string | null;
  number: number | null;
}>()((db, p) => db.insertInto("dependency_due").values(row(p, "job_key", "on_id", "number")));

export const dependencyDueFirst = statement<Record<never, never>>()((db) =>
  db.selectFrom("dependency_due").selectAll().orderBy("key").limit(1),
);

export const dependencyDueDelete = statement<{ key: number }>()((db, p) =>
  db.deleteFrom("dependency_due").where("key", "=", p.key),
);

export const rangesDeleteSome = statement<{ job_key: number; limit: number }>()((db, p) =>
  db
    .deleteFrom("task_id_range")
    .where("key", "in", (eb) =>
      eb.selectFrom("task_id_range").select("key").where("job_key", "=", p.job_key).limit(p.limit),
    ),
);

export const runsDeleteSome = statement<{ job_key: number; limit: number }>()((db, p) =>
  db
    .deleteFrom("task_id_run")
    .where("job_key", "=", p.job_key)
    .where("first_number", "in", (eb) =>
      eb.selectFrom("task_id_run").select("first_number").where("job_key", "=", p.job_key).limit(p.limit),
    ),
);
