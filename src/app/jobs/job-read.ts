/** Reads of jobs. Each sees the last commit. */
import { Fault } from "../../core/fault.ts";
import type { Connection } from "../../store/engine/connection.ts";
import { type JobRow, jobById, jobsPage } from "../../store/work/jobs.ts";
import type { AccountHandle } from "../accounts/account-handle.ts";
import type { App } from "../app.ts";

export type { JobRow };

/** @throws Fault JobNotFound */
export async function jobFind(c: Connection, account: AccountHandle, jobId: string): Promise<JobRow> {
  const job = await jobById.first(c, { account_key: account.key, id_lower: jobId.toLowerCase() });
  if (!job) throw new Fault("JobNotFound");
  return job;
}

/** @throws Fault JobNotFound */
export function jobGet(app: App, account: AccountHandle, jobId: string): Promise<JobRow> {
  return jobFind(app.store.read, account, jobId);
}

/** Jobs in the order of their ids, strictly after the one in `after`, which is in small letters. */
export function jobListPage(
  app: App,
  account: AccountHandle,
  page: { readonly after: string; readonly limit: number },
): Promise<readonly JobRow[]> {
  return jobsPage.all(app.store.read, { account_key: account.key, ...page });
}
