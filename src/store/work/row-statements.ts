/**
 * What is asked for alike of every table of work: the row of a key, the row of an id below its parent, and a page of a parent's rows in
 * the order of their ids. Each table's file names its own; what only one table is asked for stands there.
 */
import { type Builder, type Statement, statement } from "../engine/statement.ts";
import type { Row } from "../schema.ts";

type Keyed = "job" | "job_node" | "job_schedule" | "node" | "pool" | "task";

/** Tables whose rows have an id below a parent, and the column that tells which. */
interface Parents {
  job: "account_key";
  job_schedule: "account_key";
  pool: "account_key";
  task: "job_key";
}

export function rowByKey<T extends Keyed>(table: T): Statement<{ key: number }, Row<T>> {
  return statement<{ key: number }>()((db, p) => rowsOf(db, table).where("key", "=", p.key)) as never;
}

export function rowById<T extends keyof Parents>(
  table: T,
  parent: Parents[T],
): Statement<Record<Parents[T], number> & { id_lower: string }, Row<T>> {
  const column = parent as "account_key";
  return statement<{ account_key: number; id_lower: string }>()((db, p) =>
    rowsOf(db, table).where(column, "=", p[column]).where("id_lower", "=", p.id_lower),
  ) as never;
}

/** Strictly after the id given; empty for the first. */
export function rowsPage<T extends keyof Parents>(
  table: T,
  parent: Parents[T],
): Statement<Record<Parents[T], number> & { after: string; limit: number }, Row<T>> {
  const column = parent as "account_key";
  return statement<{ account_key: number; after: string; limit: number }>()((db, p) =>
    rowsOf(db, table)
      .where(column, "=", p[column])
      .where("id_lower", ">", p.after)
      .orderBy("id_lower")
      .limit(p.limit),
  ) as never;
}

/** Kysely cannot follow a table that is a parameter: what the tables share is written against one of them. */
function rowsOf(db: Builder, table: Keyed) {
  return db.selectFrom(table as "job").selectAll();
}
