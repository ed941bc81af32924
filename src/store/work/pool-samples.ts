/** Statements about what autoscale formulas look at: samples of a pool, and the figures that become one. */
import { statement } from "../engine/statement.ts";

export const poolSampleInsert = statement<{ pool_key: number; at: number; figures: string }>()((db, p) =>
  db
    .insertInto("pool_sample")
    .values({ pool_key: p.pool_key, at: p.at, figures: p.figures })
    .onConflict((conflict) => conflict.columns(["pool_key", "at"]).doNothing()),
);

export const poolSamplesSince = statement<{ pool_key: number; since: number }>()((db, p) =>
  db
    .selectFrom("pool_sample")
    .select(["at", "figures"])
    .where("pool_key", "=", p.pool_key)
    .where("at", ">=", p.since)
    .orderBy("at"),
);

export const poolSamplesForget = statement<{ pool_key: number; before: number }>()((db, p) =>
  db.deleteFrom("pool_sample").where("pool_key", "=", p.pool_key).where("at", "<", p.before),
);

/** Tasks of a pool's jobs, by the counts that the jobs keep. */
export const poolTaskCounts = statement<{ account_key: number; pool_id_lower: string }>()((db, p) =>
  db
    .selectFrom("job")
    .select((eb) => [
      eb.fn.coalesce(eb.fn.sum<number>("running"), eb.lit(0)).as("running"),
      eb.fn.coalesce(eb.fn.sum<number>("succeeded"), eb.lit(0)).as("succeeded"),
      eb.fn.coalesce(eb.fn.sum<number>("failed"), eb.lit(0)).as("failed"),
    ])
    .where("account_key", "=", p.account_key)
    .where("pool_id_lower", "=", p.pool_id_lower),
);

/** Tasks that wait for nothing but a slot. */
export const poolTasksReady = statement<{ account_key: number; pool_id_lower: string }>()((db, p) =>
  db
    .selectFrom("job")
    .select((eb) => eb.fn.coalesce(eb.fn.sum<number>("ready"), eb.lit(0)).as("count"))
    .where("account_key", "=", p.account_key)
    .where("pool_id_lower", "=", p.pool_id_lower)
    .where("state", "=", "active"),
);

export const poolsScaling = statement<Record<never, never>>()((db) =>
  db.selectFrom("pool").selectAll().where("autoscale", "is not", null).orderBy("key"),
);

export const poolsScaleDue = statement<{ now: number }>()((db, p) =>
  db.selectFrom("pool").select("key").where("autoscale_at", "<=", p.now).orderBy("autoscale_at"),
);

/** By a request: a new version of the pool. */
export const poolAutoScaleSet = statement<{
  key: number;
  autoscale: string | null;
  autoscale_at: number | null;
  now: number;
}>()((db, p) =>
  db
    .updateTable("pool")
    .set((eb) => ({
      autoscale: p.autoscale,
      autoscale_at: p.autoscale_at,
      modified_at: p.now,
      version: eb("version", "+", 1),
    }))
    .where("key", "=", p.key),
);

/** By a run of the formula: the same version. */
export const poolAutoScaleRan = statement<{ key: number; autoscale: string; autoscale_at: number }>()(
  (db, p) =>
    db
      .updateTable("pool")
      .set({ autoscale: p.autoscale, autoscale_at: p.autoscale_at })
      .where("key", "=", p.key),
);
