/** Statements about what nodes and tasks of an account have used. */

import { type RawBuilder, sql } from "kysely";
import { row, statement } from "../engine/statement.ts";
import type { GoneNodesLoad, NodeLoad, Row, WorkUsage } from "../schema.ts";

export const nodeUsageInsert = statement<Omit<Row<"node_usage">, "key">>()((db, p) =>
  db.insertInto("node_usage").values(row(p, "account_key", "pool_id", "vm_size", "from_at", "to_at")),
);

export const nodeUsageBetween = statement<{ account_key: number; from: number; to: number }>()((db, p) =>
  db
    .selectFrom("node_usage")
    .selectAll()
    .where("account_key", "=", p.account_key)
    .where("to_at", ">", p.from)
    .where("from_at", "<", p.to),
);

/** Dedicated and other nodes that are still in their pools. */
export const nodesOfAccount = statement<{ account_key: number }>()((db, p) =>
  db
    .selectFrom("node")
    .innerJoin("pool", "pool.key", "node.pool_key")
    .select(["node.allocated_at", "node.is_dedicated", "pool.id as pool_id", "pool.spec"])
    .select([...LOAD, "memory_peak" as const].map((name) => `node.${name}` as const))
    .where("pool.account_key", "=", p.account_key)
    .where("node.state", "!=", "creating"),
);

/** The sums of the account's whole life; no row where nothing has ended yet. */
export const accountUsage = statement<{ account_key: number }>()((db, p) =>
  db.selectFrom("account_usage").selectAll().where("account_key", "=", p.account_key),
);

const WORK = [
  "user_time",
  "kernel_time",
  "wall_time",
  "wait_time",
  "blocks_read",
  "blocks_written",
  "runs_succeeded",
  "runs_failed",
  "runs_retried",
] as const satisfies readonly (keyof WorkUsage)[];

const LOAD = [
  "cpu_time",
  "disk_blocks_read",
  "disk_blocks_written",
  "memory_time",
] as const satisfies readonly (keyof NodeLoad)[];

/** What is added to a row's sums. */
export type WorkUsageShift = { -readonly [P in keyof WorkUsage]: number };
export type NodeLoadSums = { -readonly [P in keyof NodeLoad]: number };
export type GoneNodesSums = { -readonly [P in keyof GoneNodesLoad]: number };

/** For the `set` of an update, or of an insert that finds the row there. */
export function usageSums(table: "job" | "job_schedule" | "account_usage", p: WorkUsageShift) {
  return sums(table, WORK, p);
}

/** As `usageSums`; of peaks the greater one stays. */
export function loadSums(table: "node" | "pool" | "account_usage", p: NodeLoadSums) {
  const peak = sql.ref(`${table}.memory_peak`);
  const memory_peak = sql<number>`case when ${peak} > ${p.memory_peak} then ${peak} else ${p.memory_peak} end`;
  return { ...sums(table, LOAD, p), memory_peak };
}

function sums<Name extends string>(table: string, names: readonly Name[], p: Readonly<Record<Name, number>>) {
  const set = names.map((name) => [name, sql<number>`${sql.ref(`${table}.${name}`)} + ${p[name]}`]);
  return Object.fromEntries(set) as Record<Name, RawBuilder<number>>;
}

export const scheduleWorkAdd = statement<WorkUsageShift & { key: number }>()((db, p) =>
  db.updateTable("job_schedule").set(usageSums("job_schedule", p)).where("key", "=", p.key),
);

export const accountWorkAdd = statement<WorkUsageShift & { account_key: number }>()((db, p) =>
  db
    .insertInto("account_usage")
    .values(row(p, "account_key", ...WORK))
    .onConflict((conflict) => conflict.column("account_key").doUpdateSet(usageSums("account_usage", p))),
);

const goneSums = (table: "pool" | "account_usage", p: GoneNodesSums) => ({
  ...loadSums(table, p),
  ...sums(table, ["node_time", "core_time"], p),
});

/** What was used on a node that leaves. */
export const poolLoadAdd = statement<GoneNodesSums & { key: number; dedicated_core_time: number }>()(
  (db, p) =>
    db
      .updateTable("pool")
      .set({ ...goneSums("pool", p), ...sums("pool", ["dedicated_core_time"], p) })
      .where("key", "=", p.key),
);

export const accountLoadAdd = statement<GoneNodesSums & { account_key: number }>()((db, p) =>
  db
    .insertInto("account_usage")
    .values(row(p, "account_key", ...LOAD, "memory_peak", "node_time", "core_time"))
    .onConflict((conflict) => conflict.column("account_key").doUpdateSet(goneSums("account_usage", p))),
);

export const accountCreated = statement<{ key: number }>()((db, p) =>
  db.selectFrom("batch_account").select("created_at").where("key", "=", p.key),
);

export const accountHourAdd = statement<Row<"account_hour">>()((db, p) =>
  db
    .insertInto("account_hour")
    .values(row(p, "account_key", "hour", "completed", "failed"))
    .onConflict((conflict) =>
      conflict.columns(["account_key", "hour"]).doUpdateSet(sums("account_hour", ["completed", "failed"], p)),
    ),
);

/** From the first hour to the last. */
export const accountHours = statement<{ account_key: number; first: number; last: number }>()((db, p) =>
  db
    .selectFrom("account_hour")
    .select(["hour", "completed", "failed"])
    .where("account_key", "=", p.account_key)
    .where("hour", ">=", p.first)
    .where("hour", "<=", p.last)
    .orderBy("hour"),
);

/** Those of an account that nobody can ask for any more. */
export const accountHoursForget = statement<{ account_key: number; before: number }>()((db, p) =>
  db.deleteFrom("account_hour").where("account_key", "=", p.account_key).where("hour", "<", p.before),
);
