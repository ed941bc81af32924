/** Statements about task dependencies: one row per id or range that a task waits for, with what is still missing of it. */

import { row, statement } from "../engine/statement.ts";
import type { Row } from "../schema.ts";

export const dependencyInsert = statement<Omit<Row<"task_dependency">, "key">>()((db, p) =>
  db
    .insertInto("task_dependency")
    .values(row(p, "task_key", "job_key", "on_id", "first_number", "last_number", "remaining")),
);

export const dependenciesOfTask = statement<{ task_key: number }>()((db, p) =>
  db.selectFrom("task_dependency").selectAll().where("task_key", "=", p.task_key),
);

/** Whether the task of that id has satisfied its dependents already. */
export const taskSatisfies = statement<{ job_key: number; id_lower: string }>()((db, p) =>
  db
    .selectFrom("task")
    .select("satisfies")
    .where("job_key", "=", p.job_key)
    .where("id_lower", "=", p.id_lower),
);

export const tasksSatisfyingInRange = statement<{ job_key: number; first: number; last: number }>()((db, p) =>
  db
    .selectFrom("task")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("job_key", "=", p.job_key)
    .where("id_number", ">=", p.first)
    .where("id_number", "<=", p.last)
    .where("satisfies", "=", 1),
);

export const dependenciesOnId = statement<{ job_key: number; on_id: string }>()((db, p) =>
  db
    .selectFrom("task_dependency")
    .selectAll()
    .where("job_key", "=", p.job_key)
    .where("on_id", "=", p.on_id)
    .where("remaining", ">", 0),
);

export const dependenciesOnNumber = statement<{ job_key: number; number: number }>()((db, p) =>
  db
    .selectFrom("task_dependency")
    .selectAll()
    .where("job_key", "=", p.job_key)
    .where("on_id", "is", null)
    .where("first_number", "<=", p.number)
    .where("last_number", ">=", p.number)
    .where("remaining", ">", 0),
);

export const dependencyRemainingSet = statement<{ key: number; remaining: number }>()((db, p) =>
  db.updateTable("task_dependency").set({ remaining: p.remaining }).where("key", "=", p.key),
);

/** One of the task's dependencies is satisfied (or, with a positive delta, no longer). */
export const taskBlockedShift = statement<{ key: number; delta: number }>()((db, p) =>
  db
    .updateTable("task")
    .set((eb) => ({ blocked: eb("blocked", "+", p.delta) }))
    .where("key", "=", p.key),
);
