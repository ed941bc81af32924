/** Pools that come and go with a job or a job schedule. Source: Azure Batch REST, "AutoPoolSpecification". */
import { Fault } from "../../core/fault.ts";
import type { Connection } from "../../store/engine/connection.ts";
import { poolById, poolDeleting } from "../../store/work/pools.ts";
import type { AutoPoolSpecification, PoolInformation } from "../../wire/batch/models-types.gen.ts";
import type { App } from "../app.ts";
import { checkPoolWithoutFormula, poolInsertNew } from "./pool-add.ts";
import { checkFormula } from "./pool-autoscale.ts";

/** With what an auto pool lives. */
export type PoolLifetime = "job" | "jobschedule";

export function lifetimeOf(autoPool: AutoPoolSpecification): PoolLifetime {
  return autoPool.poolLifetimeOption.toLowerCase() as PoolLifetime;
}

/** @throws Fault InvalidPropertyValue, and as `poolAdd` for the pool described */
export function checkPoolInfo({ poolId, autoPoolSpecification }: PoolInformation, owner: PoolLifetime): void {
  if (!poolId === !autoPoolSpecification) {
    throw invalid("poolInfo", "Exactly one of poolId and autoPoolSpecification must be given.");
  }
  if (!autoPoolSpecification) return;
  if (!autoPoolSpecification.pool) throw invalid("pool", "An auto pool needs the description of its pool.");
  if (owner === "job" && lifetimeOf(autoPoolSpecification) === "jobschedule") {
    throw invalid("poolLifetimeOption", "A job that is under no schedule cannot share the pool of one.");
  }
  checkPoolWithoutFormula(autoPoolSpecification.pool);
}

/** Inside the caller's transaction; checked before. @returns the new pool's id */
export async function autoPoolAdd(
  app: App,
  c: Connection,
  accountKey: number,
  { autoPoolIdPrefix = "", pool }: AutoPoolSpecification,
): Promise<string> {
  if (!pool) throw invalid("pool", "An auto pool needs the description of its pool.");
  if (pool.autoScaleFormula !== undefined) checkFormula(pool.autoScaleFormula);
  const hex = `${app.randomId()}${app.randomId()}`;
  const unique = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5").toUpperCase();
  const id = `${autoPoolIdPrefix}${autoPoolIdPrefix === "" ? "" : "_"}${unique}`;
  await poolInsertNew(app, c, accountKey, { id, ...pool });
  return id;
}

/** Removes the automatic pool of a job or schedule that has ended, unless it is to be kept or has gone already. */
export async function autoPoolEnd(
  app: App,
  c: Connection,
  accountKey: number,
  poolId: string | null,
  autoPool: AutoPoolSpecification | undefined,
): Promise<void> {
  if (poolId === null || !autoPool || autoPool.keepAlive) return;
  const pool = await poolById.first(c, { account_key: accountKey, id_lower: poolId.toLowerCase() });
  if (!pool || pool.state === "deleting") return;
  await poolDeleting.run(c, { key: pool.key, now: app.clock() });
  app.nudge.nodes();
}

function invalid(property: string, reason: string): Fault {
  return new Fault("InvalidPropertyValue", "", {
    values: [
      { key: "PropertyName", value: property },
      { key: "Reason", value: reason },
    ],
  });
}
