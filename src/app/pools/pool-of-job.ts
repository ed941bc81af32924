/** The pool that a job names, once it exists. */
import type { Connection } from "../../store/engine/connection.ts";
import type { JobRow } from "../../store/work/jobs.ts";
import { type PoolRow, poolById } from "../../store/work/pools.ts";

export async function poolKeyOfJob(
  c: Connection,
  job: Pick<JobRow, "account_key" | "pool_id_lower">,
): Promise<number | undefined> {
  const pool = await poolById.first(c, { account_key: job.account_key, id_lower: job.pool_id_lower });
  return pool?.key;
}

/** A pool by its id, if there is one that is not about to go. */
export async function poolFindById(
  c: Connection,
  accountKey: number,
  poolId: string | null,
): Promise<PoolRow | undefined> {
  if (poolId === null) return undefined;
  const pool = await poolById.first(c, { account_key: accountKey, id_lower: poolId.toLowerCase() });
  return pool?.state === "deleting" ? undefined : pool;
}
