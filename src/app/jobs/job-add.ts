/** Adds a job. Source: Azure Batch REST, "Job - Add". */
import { Fault } from "../../core/fault.ts";
import type { ModifiedVersion } from "../../core/lifecycle/resource-version.ts";
import {
  isSchedulingError,
  type SchedulingError,
  schedulingError,
} from "../../core/lifecycle/scheduling-error.ts";
import { durationToMilliseconds } from "../../core/model/iso-duration.ts";
import { specText } from "../../core/model/written-only.ts";
import type { Connection } from "../../store/engine/connection.ts";
import { scheduleById } from "../../store/work/job-schedules.ts";
import { type JobRow, jobInsert } from "../../store/work/jobs.ts";
import type { AutoPoolSpecification, JobAddParameter } from "../../wire/batch/models-types.gen.ts";
import type { AccountHandle } from "../accounts/account-handle.ts";
import type { App } from "../app.ts";
import { autoPoolAdd, checkPoolInfo } from "../pools/auto-pool.ts";
import { checkTaskToken } from "../tasks/task-token-check.ts";
import { checkHooks } from "./job-hooks.ts";
import { jobManagerAdd } from "./job-manager.ts";

/** @throws Fault JobExists, JobScheduleWithSameIdExists, InvalidPropertyValue, and as `poolAdd` for a pool of its own */
export async function jobAdd(
  app: App,
  account: AccountHandle,
  job: JobAddParameter,
): Promise<ModifiedVersion> {
  checkPoolInfo(job.poolInfo, "job");
  checkHooks(job);
  checkTaskToken(app, account.key, job.jobManagerTask);
  return app.store.grow(async (c) => {
    const sameId = { account_key: account.key, id_lower: job.id.toLowerCase() };
    if (await scheduleById.first(c, sameId)) throw new Fault("JobScheduleWithSameIdExists");
    return jobInsertNew(app, c, account.key, job);
  });
}

/** The pool that was made for a job, or why there is none. Both null for a job that names one. */
export interface MadePool {
  readonly id: string | null;
  readonly error: SchedulingError | null;
}

const NO_POOL: MadePool = { id: null, error: null };

/** The schedule that the job is under, and the pool that the schedule's jobs share. */
export interface UnderSchedule {
  readonly scheduleKey: number;
  readonly pool?: MadePool;
}

/** Inside the caller's transaction; the job has been checked. @throws Fault JobExists */
export async function jobInsertNew(
  app: App,
  c: Connection,
  accountKey: number,
  job: JobAddParameter,
  under?: UnderSchedule,
): Promise<ModifiedVersion> {
  const now = app.clock();
  const { autoPoolSpecification } = job.poolInfo;
  const pool =
    under?.pool ?? (await poolMake(app, c, accountKey, autoPoolSpecification, under !== undefined));
  const poolId = pool.id ?? job.poolInfo.poolId ?? "";
  const [row] = await jobInsert.all(c, {
    account_key: accountKey,
    id: job.id,
    id_lower: job.id.toLowerCase(),
    pool_id_lower: poolId.toLowerCase(),
    state: pool.error ? "completed" : "active",
    state_at: now,
    previous_state: null,
    previous_state_at: null,
    created_at: now,
    modified_at: now,
    version: 1,
    ...jobColumns(job, now),
    started_at: now,
    ended_at: pool.error ? now : null,
    terminate_reason: null,
    disable_tasks: null,
    active: 0,
    running: 0,
    completed: 0,
    succeeded: 0,
    failed: 0,
    active_slots: 0,
    running_slots: 0,
    completed_slots: 0,
    succeeded_slots: 0,
    failed_slots: 0,
    ready: 0,
    auto_pool_id: pool.id,
    schedule_key: under?.scheduleKey ?? null,
    scheduling_error: pool.error && JSON.stringify(pool.error),
  });
  if (!row) throw new Fault("JobExists");
  if (!pool.error) await jobManagerAdd(app, c, row.key);
  app.nudge.jobs();
  return { created_at: now, version: 1, modified_at: now };
}

/**
 * Inside the caller's transaction.
 * @param isScheduled nobody waits for an answer: whatever the pool is refused for, the job tells it
 * @throws Fault for what is wrong with the pool's description as such, unless `isScheduled`
 */
export async function poolMake(
  app: App,
  c: Connection,
  accountKey: number,
  autoPool: AutoPoolSpecification | undefined,
  isScheduled: boolean,
): Promise<MadePool> {
  if (!autoPool) return NO_POOL;
  try {
    return { id: await autoPoolAdd(app, c, accountKey, autoPool), error: null };
  } catch (error) {
    if (!(error instanceof Fault) || !(isScheduled || isSchedulingError(error))) throw error;
    return { id: null, error: schedulingError(error) };
  }
}

/** @returns the id of the pool made for the job; null when it names one */
export async function ownPool(
  app: App,
  c: Connection,
  accountKey: number,
  { autoPoolSpecification }: JobAddParameter["poolInfo"],
): Promise<string | null> {
  return autoPoolSpecification ? autoPoolAdd(app, c, accountKey, autoPoolSpecification) : null;
}

/** The columns that stand in the document too, for those who search or order by them. */
export function jobColumns(
  job: JobAddParameter,
  startedAt: number,
): Pick<
  JobRow,
  | "spec"
  | "priority"
  | "max_parallel"
  | "on_all_tasks_complete"
  | "on_task_failure"
  | "deadline_at"
  | "preemptible"
> {
  const limit = job.constraints?.maxWallClockTime;
  const wallClock = limit === undefined ? Infinity : durationToMilliseconds(limit);
  return {
    spec: specText(job),
    priority: job.priority ?? 0,
    max_parallel: job.maxParallelTasks ?? -1,
    on_all_tasks_complete: job.onAllTasksComplete ?? "noaction",
    on_task_failure: job.onTaskFailure ?? "noaction",
    preemptible: job.allowTaskPreemption === true ? 1 : 0,
    deadline_at: wallClock === Infinity ? null : startedAt + wallClock,
  };
}
