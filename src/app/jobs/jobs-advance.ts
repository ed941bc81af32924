/** Takes every job one step further that is on its way to another state. Idempotent; called by the jobs reconciler. */
import { jobFolderToDelete } from "../../core/lifecycle/task-environment.ts";
import type { Connection } from "../../store/engine/connection.ts";
import { scheduleWake } from "../../store/work/job-schedules.ts";
import { type JobRow, jobByKey, jobDelete, jobsToAdvance } from "../../store/work/jobs.ts";
import { nodesOfPool } from "../../store/work/nodes.ts";
import { rangesDeleteSome, runsDeleteSome } from "../../store/work/task-dependencies.ts";
import { tasksDeleteSome, tasksToStopInJob } from "../../store/work/tasks.ts";
import type { App } from "../app.ts";
import { autoPoolEnd, lifetimeOf } from "../pools/auto-pool.ts";
import { poolKeyOfJob } from "../pools/pool-of-job.ts";
import { dependentsRelease } from "../tasks/task-release-dependents.ts";
import { type RunStop, sendStops, taskStopRunning } from "../tasks/task-stop.ts";
import { WriteSlice } from "../write-slice.ts";
import { jobSettle, jobTerminate } from "./job-change-state.ts";
import { jobRelease, type ReleaseStep } from "./job-release.ts";
import { jobSpecOf } from "./job-spec.ts";

/** Tasks that one statement reads to stop them. Ours. */
const TASKS_PER_READ = 100;
/** Rows that one statement deletes: the first, for a task may have thousands of others with it, and the most. Milliseconds that one may take. Ours. */
const FIRST_ROWS_PER_DELETION = 10;
const MOST_ROWS_PER_DELETION = 200;
const DELETION_MS = 3;

interface Step {
  readonly stops: readonly (RunStop | undefined)[];
  /** Folders of a deleted job, one per node that may have run tasks of it. */
  readonly folders: readonly { agentId: string; nodeKey: string; path: string }[];
  readonly outbox: ReleaseStep["outbox"];
  readonly again: boolean;
  /** The last task that is being stopped now, where there are more behind it. */
  readonly stoppedTo?: number;
}

export async function jobsAdvance(app: App): Promise<void> {
  await dependentsRelease(app);
  // In a write's turn, though it only looks: what the nudge was about may not have been committed yet.
  const jobs = await app.store.write((c) => jobsToAdvance.all(c, { now: app.clock() }));
  for (const key of new Set(jobs.map(({ key }) => key))) await jobAdvance(app, key);
}

/** As far as it goes now: what is left to be stopped is stopped in transactions of its own. */
async function jobAdvance(app: App, key: number): Promise<void> {
  for (let after: number | undefined = 0; after !== undefined; ) {
    const from: number = after;
    const { stops, folders, outbox, again, stoppedTo } = await app.store.write(async (c) => {
      const job = await jobByKey.first(c, { key });
      return job ? advance(app, c, job, from) : DONE;
    });
    after = stoppedTo;
    sendStops(app, stops);
    for (const { agentId, message } of outbox) app.agents.send(agentId, message);
    for (const folder of folders) void app.agents.fileDelete(folder.agentId, folder, true).catch(() => {});
    if (again) app.nudge.jobs();
  }
}

const DONE: Step = { stops: [], folders: [], outbox: [], again: false };

async function advance(app: App, c: Connection, job: JobRow, after: number): Promise<Step> {
  const now = app.clock();
  if (job.deadline_at !== null && job.deadline_at <= now) {
    await jobTerminate(c, job, "MaxWallClockTimeExpiry", now);
  }
  if (
    job.state === "active" &&
    job.on_all_tasks_complete === "terminatejob" &&
    job.active === 0 &&
    job.running === 0
  ) {
    await jobTerminate(c, job, "AllTasksComplete", now);
  }
  switch (job.state) {
    case "terminating":
      return stopOrSettle(app, c, job, { reason: "terminate", after }, now);
    case "disabling":
      if (job.disable_tasks === "wait") return stopOrSettle(app, c, job, undefined, now);
      return stopOrSettle(
        app,
        c,
        job,
        { reason: job.disable_tasks === "terminate" ? "terminate" : "requeue", after },
        now,
      );
    case "deleting":
      return job.running > 0 ? stopAll(c, job, { reason: "delete", after }) : erase(app, c, job);
    default:
      return DONE;
  }
}

async function stopOrSettle(
  app: App,
  c: Connection,
  job: JobRow,
  stopping: Stopping | undefined,
  now: number,
): Promise<Step> {
  if (job.running === 0) {
    const { isDone, outbox, again } = job.state === "terminating" ? await jobRelease(app, c, job) : RELEASED;
    if (isDone) {
      await jobSettle(c, job, now);
      if (job.state === "completed") await jobOver(app, c, job);
    }
    return { ...DONE, outbox, again };
  }
  return stopping ? stopAll(c, job, stopping) : DONE;
}

interface Stopping {
  readonly reason: "terminate" | "requeue" | "delete";
  /** Tasks up to this one have been told. */
  readonly after: number;
}

/** A slice of them. Those that are being stopped already are passed over: a service that was killed meanwhile begins with the first. */
async function stopAll(c: Connection, { key: job_key }: JobRow, { reason, after }: Stopping): Promise<Step> {
  const slice = new WriteSlice();
  const stops: (RunStop | undefined)[] = [];
  for (let last = after; ; ) {
    const some = await tasksToStopInJob.all(c, { job_key, reason, after: last, limit: TASKS_PER_READ });
    for (const task of some) stops.push(await taskStopRunning(c, task, reason));
    if (some.length < TASKS_PER_READ) return { ...DONE, stops };
    last = some.at(-1)?.key ?? last;
    if (slice.isOver) return { ...DONE, stops, stoppedTo: last };
  }
}

/** What lived with the job ends; what waited for its end goes on. */
async function jobOver(app: App, c: Connection, job: JobRow): Promise<void> {
  const autoPool = jobSpecOf(job).poolInfo.autoPoolSpecification;
  if (autoPool && lifetimeOf(autoPool) === "job") {
    await autoPoolEnd(app, c, job.account_key, job.auto_pool_id, autoPool);
  }
  if (job.schedule_key === null) return;
  await scheduleWake.run(c, { key: job.schedule_key, now: app.clock() });
  app.nudge.schedules();
}

const RELEASED: ReleaseStep = { isDone: true, outbox: [], again: false };

async function erase(app: App, c: Connection, job: JobRow): Promise<Step> {
  const { isDone, outbox, again } = await jobRelease(app, c, job);
  if (!isDone) return { ...DONE, outbox, again };
  if (!(await eraseTasks(c, job.key))) return { ...DONE, again: true };
  const poolKey = await poolKeyOfJob(c, job);
  const nodes = poolKey === undefined ? [] : await nodesOfPool.all(c, { pool_key: poolKey });
  await jobOver(app, c, job);
  await jobDelete.run(c, { key: job.key });
  const folders = nodes.flatMap(({ key, agent_id }) =>
    agent_id ? [{ agentId: agent_id, nodeKey: String(key), path: jobFolderToDelete(job.id) }] : [],
  );
  return { ...DONE, folders };
}

/** @returns whether all are gone */
async function eraseTasks(c: Connection, job_key: number): Promise<boolean> {
  const slice = new WriteSlice();
  for (const some of [tasksDeleteSome, rangesDeleteSome, runsDeleteSome]) {
    for (let limit = FIRST_ROWS_PER_DELETION; ; ) {
      const began = performance.now();
      if ((await some.run(c, { job_key, limit })) < limit) break;
      if (slice.isOver) return false;
      const isQuick = performance.now() - began < DELETION_MS / 2;
      limit = isQuick ? Math.min(2 * limit, MOST_ROWS_PER_DELETION) : Math.max(1, limit >> 1);
    }
  }
  return true;
}
