/**
 * The moves between a job's states, each from the states that allow it. A job passes through `disabling`, `terminating` and
 * `deleting` for as long as tasks of it run; the jobs reconciler takes it on from there. Source: Azure Batch REST, "JobState".
 */
import { Fault } from "../../core/fault.ts";
import type { Connection } from "../../store/engine/connection.ts";
import { type JobRow, jobStateSet } from "../../store/work/jobs.ts";

export type DisableTasks = "requeue" | "terminate" | "wait";

/** No effect on a job that is ending already. */
export async function jobTerminate(c: Connection, job: JobRow, reason: string, now: number): Promise<void> {
  if (["terminating", "completed", "deleting"].includes(job.state)) return;
  await move(c, job, "terminating", now, { terminate_reason: reason, disable_tasks: null });
}

/** No effect on a job that is disabled or ending already. */
export async function jobDisable(
  c: Connection,
  job: JobRow,
  tasks: DisableTasks,
  now: number,
): Promise<void> {
  if (job.state !== "active" && job.state !== "enabling") return;
  await move(c, job, "disabling", now, { disable_tasks: tasks });
}

export async function jobEnable(c: Connection, job: JobRow, now: number): Promise<void> {
  if (job.state === "active") return;
  if (job.state !== "disabled" && job.state !== "disabling") throw wrongState(job);
  await move(c, job, "active", now, { disable_tasks: null });
}

export async function jobDelete(c: Connection, job: JobRow, now: number): Promise<void> {
  if (job.state === "deleting") throw wrongState(job);
  await move(c, job, "deleting", now, { disable_tasks: null });
}

/** The last step of `disabling` and `terminating`, once nothing of the job runs. */
export async function jobSettle(c: Connection, job: JobRow, now: number): Promise<void> {
  if (job.state === "disabling") await move(c, job, "disabled", now, { disable_tasks: null });
  if (job.state === "terminating") await move(c, job, "completed", now, { ended_at: now });
}

/** The documented error for a request that the job's state forbids. */
export function wrongState(job: Pick<JobRow, "state">): Fault {
  switch (job.state) {
    case "completed":
      return new Fault("JobCompleted");
    case "terminating":
      return new Fault("JobBeingTerminated");
    case "deleting":
      return new Fault("JobBeingDeleted");
    case "disabling":
    case "disabled":
      return new Fault("JobDisabled");
    default:
      return new Fault("JobNotActive");
  }
}

async function move(
  c: Connection,
  job: JobRow,
  state: string,
  now: number,
  changes: Partial<Pick<JobRow, "ended_at" | "terminate_reason" | "disable_tasks">>,
): Promise<void> {
  const next = {
    ended_at: job.ended_at,
    terminate_reason: job.terminate_reason,
    disable_tasks: job.disable_tasks,
    ...changes,
  };
  await jobStateSet.run(c, { key: job.key, state, now, ...next });
  // The caller may go on with this row inside the same transaction.
  Object.assign(job, next, { state });
}
