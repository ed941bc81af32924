/** The pool that a job names, once it exists. */
import type { Connection } from "../../store/connection.ts";
import type { JobRow } from "../../store/jobs.ts";
import { poolById } from "../../store/pools.ts";

export async function poolKeyOfJob(
  c: Connection,
  job: Pick<JobRow, "account_key" | "pool_id_lower">,
): Promise<number | undefined> {
  const pool = await poolById.first(c, { account_key: job.account_key, id_lower: job.pool_id_lower });
  return pool?.key;
}
