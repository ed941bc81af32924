/** Statements about nodes on which jobs were prepared. */

import { row, statement } from "../engine/statement.ts";
import type { Row } from "../schema.ts";
import { rowByKey } from "./row-statements.ts";

export type JobNodeRow = Row<"job_node">;

export const jobNodeInsert = statement<Omit<JobNodeRow, "key" | "release">>()((db, p) =>
  db
    .insertInto("job_node")
    .values(row(p, "job_key", "node_key", "node_id", "pool_id", "preparation_state", "preparation"))
    .returningAll(),
);

export const jobNodeOf = statement<{ job_key: number; node_key: number }>()((db, p) =>
  db.selectFrom("job_node").selectAll().where("job_key", "=", p.job_key).where("node_key", "=", p.node_key),
);

export const jobNodeByKey = rowByKey("job_node");

export const jobNodesPage = statement<{ job_key: number; after: number; limit: number }>()((db, p) =>
  db
    .selectFrom("job_node")
    .selectAll()
    .where("job_key", "=", p.job_key)
    .where("key", ">", p.after)
    .orderBy("key")
    .limit(p.limit),
);

export const jobNodesOfJob = statement<{ job_key: number }>()((db, p) =>
  db.selectFrom("job_node").selectAll().where("job_key", "=", p.job_key).orderBy("key"),
);

export const jobNodesOfNode = statement<{ node_key: number }>()((db, p) =>
  db.selectFrom("job_node").selectAll().where("node_key", "=", p.node_key).orderBy("key"),
);

/** Nodes that the job may not use, because it could not be prepared there. */
export const jobNodesFailed = statement<{ job_key: number }>()((db, p) =>
  db
    .selectFrom("job_node")
    .select("node_key")
    .where("job_key", "=", p.job_key)
    .where("preparation_state", "=", "failed"),
);

export const jobNodePreparationSet = statement<
  Pick<JobNodeRow, "key" | "preparation_state" | "preparation">
>()((db, p) =>
  db
    .updateTable("job_node")
    .set(row(p, "preparation_state", "preparation"))
    .where("key", "=", p.key),
);

export const jobNodeReleaseSet = statement<{ key: number; release: string }>()((db, p) =>
  db.updateTable("job_node").set({ release: p.release }).where("key", "=", p.key),
);
