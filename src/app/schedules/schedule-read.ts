/** Reads of job schedules. Each sees the last commit. */
import { Fault } from "../../core/fault.ts";
import type { Connection } from "../../store/engine/connection.ts";
import {
  type JobScheduleRow,
  jobsOfSchedule,
  scheduleById,
  schedulesPage,
} from "../../store/work/job-schedules.ts";
import type { JobRow } from "../../store/work/jobs.ts";
import type { AccountHandle } from "../accounts/account-handle.ts";
import type { App } from "../app.ts";

export type { JobScheduleRow };

interface Page {
  readonly after: number;
  readonly limit: number;
}

/** @throws Fault JobScheduleNotFound */
export async function scheduleFind(
  c: Connection,
  account: AccountHandle,
  scheduleId: string,
): Promise<JobScheduleRow> {
  const schedule = await scheduleById.first(c, {
    account_key: account.key,
    id_lower: scheduleId.toLowerCase(),
  });
  if (!schedule) throw new Fault("JobScheduleNotFound");
  return schedule;
}

/** @throws Fault JobScheduleNotFound */
export function scheduleGet(app: App, account: AccountHandle, scheduleId: string): Promise<JobScheduleRow> {
  return scheduleFind(app.store.read, account, scheduleId);
}

/** Schedules in the order of their ids, strictly after the one in `after`, which is in small letters. */
export function scheduleListPage(
  app: App,
  account: AccountHandle,
  page: { readonly after: string; readonly limit: number },
): Promise<readonly JobScheduleRow[]> {
  return schedulesPage.all(app.store.read, { account_key: account.key, ...page });
}

/** Jobs of a schedule in the order of their creation. @throws Fault JobScheduleNotFound */
export async function scheduleJobsPage(
  app: App,
  account: AccountHandle,
  scheduleId: string,
  page: Page,
): Promise<readonly JobRow[]> {
  const { key } = await scheduleFind(app.store.read, account, scheduleId);
  return jobsOfSchedule.all(app.store.read, { schedule_key: key, ...page });
}
