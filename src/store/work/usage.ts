/** Statements about what nodes and tasks of an account have used. */

import { row, statement } from "../engine/statement.ts";
import type { Row } from "../schema.ts";

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

/** Nodes that are still in their pools. */
export const nodesOfAccount = statement<{ account_key: number }>()((db, p) =>
  db
    .selectFrom("node")
    .innerJoin("pool", "pool.key", "node.pool_key")
    .select(["node.allocated_at", "pool.id as pool_id", "pool.spec"])
    .where("pool.account_key", "=", p.account_key)
    .where("node.state", "!=", "creating"),
);

/** Of jobs that still exist. */
export const accountTaskSums = statement<{ account_key: number }>()((db, p) =>
  db
    .selectFrom("task")
    .innerJoin("job", "job.key", "task.job_key")
    .select((eb) => [
      eb.fn.coalesce(eb.fn.sum<number>("task.retry_count"), eb.lit(0)).as("retries"),
      eb.fn
        .coalesce(eb.fn.sum<number>(eb("task.ended_at", "-", eb.ref("task.started_at"))), eb.lit(0))
        .as("wall_clock"),
      eb.fn
        .coalesce(eb.fn.sum<number>(eb("task.started_at", "-", eb.ref("task.created_at"))), eb.lit(0))
        .as("wait"),
    ])
    .where("job.account_key", "=", p.account_key),
);

export const accountJobSums = statement<{ account_key: number }>()((db, p) =>
  db
    .selectFrom("job")
    .select((eb) => [
      eb.fn.coalesce(eb.fn.sum<number>("succeeded"), eb.lit(0)).as("succeeded"),
      eb.fn.coalesce(eb.fn.sum<number>("failed"), eb.lit(0)).as("failed"),
    ])
    .where("account_key", "=", p.account_key),
);

export const accountCreated = statement<{ key: number }>()((db, p) =>
  db.selectFrom("batch_account").select("created_at").where("key", "=", p.key),
);
