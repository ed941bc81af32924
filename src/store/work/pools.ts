/** Statements about pools. */

import { row, statement } from "../engine/statement.ts";
import type { GoneNodesLoad, Row } from "../schema.ts";
import { rowById, rowByKey, rowsPage } from "./row-statements.ts";

export type PoolRow = Row<"pool">;

export const poolInsert = statement<Omit<PoolRow, "key" | "dedicated_core_time" | keyof GoneNodesLoad>>()(
  (db, p) =>
    db
      .insertInto("pool")
      .values(
        row(
          p,
          "account_key",
          "id",
          "id_lower",
          "state",
          "state_at",
          "allocation_state",
          "allocation_at",
          "created_at",
          "modified_at",
          "version",
          "spec",
          "target_dedicated",
          "target_low_priority",
          "resize",
          "slots_per_node",
          "fill",
          "job_order",
          "autoscale",
          "autoscale_at",
          "identities",
        ),
      )
      .onConflict((conflict) => conflict.columns(["account_key", "id_lower"]).doNothing())
      .returning("key"),
);

export const poolById = rowById("pool", "account_key");

export const poolByKey = rowByKey("pool");

export const poolsPage = statement<{ account_key: number; after: number; limit: number }>()((db, p) =>
  db
    .selectFrom("pool")
    .selectAll()
    .where("account_key", "=", p.account_key)
    .where("key", ">", p.after)
    .orderBy("key")
    .limit(p.limit),
);

/** In the order of their ids, strictly after the one given; empty for the first. */
export const poolsPageById = rowsPage("pool", "account_key");

export const poolKeysAll = statement<Record<never, never>>()((db) =>
  db.selectFrom("pool").select("key").orderBy("key"),
);

export const poolSpecSet = statement<
  Pick<PoolRow, "key" | "spec" | "slots_per_node" | "fill" | "job_order" | "modified_at">
>()((db, p) =>
  db
    .updateTable("pool")
    .set((eb) => ({
      ...row(p, "spec", "slots_per_node", "fill", "job_order", "modified_at"),
      version: eb("version", "+", 1),
    }))
    .where("key", "=", p.key),
);

export const poolIdentitiesSet = statement<Pick<PoolRow, "key" | "identities" | "modified_at">>()((db, p) =>
  db
    .updateTable("pool")
    .set((eb) => ({ ...row(p, "identities", "modified_at"), version: eb("version", "+", 1) }))
    .where("key", "=", p.key),
);

export const poolAllocationSet = statement<
  Pick<
    PoolRow,
    | "key"
    | "allocation_state"
    | "allocation_at"
    | "target_dedicated"
    | "target_low_priority"
    | "resize"
    | "modified_at"
  >
>()((db, p) =>
  db
    .updateTable("pool")
    .set((eb) => ({
      ...row(
        p,
        "allocation_state",
        "allocation_at",
        "target_dedicated",
        "target_low_priority",
        "resize",
        "modified_at",
      ),
      version: eb("version", "+", 1),
    }))
    .where("key", "=", p.key),
);

export const poolDeleting = statement<{ key: number; now: number }>()((db, p) =>
  db
    .updateTable("pool")
    .set((eb) => ({
      state: "deleting",
      state_at: p.now,
      modified_at: p.now,
      target_dedicated: 0,
      target_low_priority: 0,
      version: eb("version", "+", 1),
    }))
    .where("key", "=", p.key),
);

export const poolDelete = statement<{ key: number }>()((db, p) =>
  db.deleteFrom("pool").where("key", "=", p.key),
);

/** Some that are not being deleted yet. */
export const poolsOfAccountToDelete = statement<{ account_key: number; limit: number }>()((db, p) =>
  db
    .selectFrom("pool")
    .select("key")
    .where("account_key", "=", p.account_key)
    .where("state", "!=", "deleting")
    .limit(p.limit),
);

/** Any of them. */
export const poolsOfAccount = statement<{ account_key: number }>()((db, p) =>
  db.selectFrom("pool").select("key").where("account_key", "=", p.account_key).limit(1),
);

/** Of all accounts. */
export const poolsWithIdentities = statement<Record<never, never>>()((db) =>
  db
    .selectFrom("pool")
    .select(["account_key", "id", "identities"])
    .where("identities", "is not", null)
    .orderBy("key"),
);
