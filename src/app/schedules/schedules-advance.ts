/** Takes every schedule one step further that is due or on its way to another state. Idempotent; called by the schedules reconciler. */
import { scheduleStep } from "../../core/scheduling/schedule-step.ts";
import type { Connection } from "../../store/engine/connection.ts";
import {
  type JobScheduleRow,
  jobsOfSchedule,
  jobUnfinishedOfSchedule,
  scheduleByKey,
  scheduleDelete,
  scheduleProgressSet,
  schedulesToAdvance,
  scheduleWake,
} from "../../store/work/job-schedules.ts";
import type { App } from "../app.ts";
import { jobInsertNew, poolMake } from "../jobs/job-add.ts";
import { jobDelete, jobTerminate } from "../jobs/job-change-state.ts";
import { autoPoolEnd, lifetimeOf } from "../pools/auto-pool.ts";
import { poolFindById } from "../pools/pool-of-job.ts";
import { scheduleMove } from "./schedule-requests.ts";
import { scheduleSpecOf, scheduleTimes } from "./schedule-spec.ts";

/** After an error that nobody foresaw. */
const TRY_AGAIN_MS = 60_000;
/** Jobs that one transaction marks for deletion. */
const JOBS_PER_DELETION = 500;

/** @throws the first error of a schedule's, once all of them have had their turn: it is for the log, and that schedule tries again later */
export async function schedulesAdvance(app: App): Promise<void> {
  const errors: unknown[] = [];
  // In a write's turn, though it only looks: what the nudge was about may not have been committed yet.
  const due = await app.store.write((c) => schedulesToAdvance.all(c, { now: app.clock() }));
  for (const { key } of due) {
    try {
      await app.store.write(async (c) => {
        const schedule = await scheduleByKey.first(c, { key });
        if (schedule) await advance(app, c, schedule);
      });
    } catch (error) {
      errors.push(error);
      await app.store.write((c) => scheduleWake.run(c, { key, now: app.clock() + TRY_AGAIN_MS }));
    }
  }
  if (errors.length > 0) throw errors[0];
}

function advance(app: App, c: Connection, schedule: JobScheduleRow): Promise<void> {
  switch (schedule.state) {
    case "active":
      return follow(app, c, schedule);
    case "terminating":
      return terminate(app, c, schedule);
    case "deleting":
      return erase(app, c, schedule);
    default:
      return rest(c, schedule);
  }
}

async function follow(app: App, c: Connection, schedule: JobScheduleRow): Promise<void> {
  const now = app.clock();
  const active = await jobUnfinishedOfSchedule.first(c, { schedule_key: schedule.key });
  const times = scheduleTimes(scheduleSpecOf(schedule).schedule);
  const progress = { dueAt: schedule.due_at, hasActiveJob: active !== undefined };
  const { action, dueAt, wakeAt } = scheduleStep(times, progress, now);
  if (action === "complete") return complete(app, c, schedule);
  const next = { ...schedule, due_at: dueAt, wake_at: wakeAt };
  await scheduleProgressSet.run(c, action === "create" ? await createJob(app, c, next) : next);
}

/** @returns the schedule after its new job */
async function createJob(app: App, c: Connection, schedule: JobScheduleRow): Promise<JobScheduleRow> {
  const { jobSpecification } = scheduleSpecOf(schedule);
  const autoPool = jobSpecification.poolInfo.autoPoolSpecification;
  const shared = autoPool && lifetimeOf(autoPool) === "jobschedule" ? autoPool : undefined;
  const poolId = schedule.auto_pool_id;
  const isThere = shared && (await poolFindById(c, schedule.account_key, poolId)) !== undefined;
  const pool = isThere
    ? { id: poolId, error: null }
    : await poolMake(app, c, schedule.account_key, autoPool, true);
  const jobs = schedule.jobs + 1;
  const id = `${schedule.id}:job-${jobs}`;
  const under = { scheduleKey: schedule.key, pool };
  await jobInsertNew(app, c, schedule.account_key, { id, ...jobSpecification }, under);
  const next = { ...schedule, jobs, recent_job_id: id, auto_pool_id: shared ? (pool.id ?? poolId) : poolId };
  if (!pool.error) return next;
  // The job is over already: what follows it need not wait.
  app.nudge.schedules();
  return { ...next, wake_at: app.clock() };
}

async function terminate(app: App, c: Connection, schedule: JobScheduleRow): Promise<void> {
  const job = await jobUnfinishedOfSchedule.first(c, { schedule_key: schedule.key });
  if (!job) return complete(app, c, schedule);
  await jobTerminate(c, job, "TerminateJobSchedule", app.clock());
  app.nudge.jobs();
  await rest(c, schedule);
}

async function erase(app: App, c: Connection, schedule: JobScheduleRow): Promise<void> {
  const page = { schedule_key: schedule.key, after: 0, limit: JOBS_PER_DELETION };
  const jobs = await jobsOfSchedule.all(c, page);
  for (const job of jobs) if (job.state !== "deleting") await jobDelete(c, job, app.clock());
  if (jobs.length > 0) {
    app.nudge.jobs();
    return rest(c, schedule);
  }
  await endPool(app, c, schedule);
  await scheduleDelete.run(c, { key: schedule.key });
}

async function complete(app: App, c: Connection, schedule: JobScheduleRow): Promise<void> {
  await scheduleProgressSet.run(c, { ...schedule, due_at: null, wake_at: null });
  await scheduleMove(c, schedule, "completed", app.clock());
  await endPool(app, c, schedule);
}

/** The end of its job wakes it. */
async function rest(c: Connection, schedule: JobScheduleRow): Promise<void> {
  await scheduleProgressSet.run(c, { ...schedule, wake_at: null });
}

function endPool(app: App, c: Connection, schedule: JobScheduleRow): Promise<void> {
  const { autoPoolSpecification } = scheduleSpecOf(schedule).jobSpecification.poolInfo;
  return autoPoolEnd(app, c, schedule.account_key, schedule.auto_pool_id, autoPoolSpecification);
}
