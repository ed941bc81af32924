/**
 * Applies the end of an attempt, or of a task that never ran: the row, the counts, the dependents, the job. Runs inside the
 * caller's transaction.
 */
import {
  type AttemptOutcome,
  attemptOutcome,
  type StopReason,
} from "../../core/lifecycle/attempt-outcome.ts";
import { type ExitConditions, exitOptionsFor } from "../../core/lifecycle/exit-options.ts";
import { attemptUsage, type TaskUsage, usageOf, usagePlus, usageText } from "../../core/usage/task-usage.ts";
import type { Connection } from "../../store/engine/connection.ts";
import type { JobRow } from "../../store/work/jobs.ts";
import { type TaskRow, taskComplete, taskDelete, taskRequeue } from "../../store/work/tasks.ts";
import type { RunEnd, RunUsage } from "../../wire/agent/messages.ts";
import type { TaskAddParameter } from "../../wire/batch/models-types.gen.ts";
import { jobDisable, jobTerminate } from "../jobs/job-change-state.ts";
import { endsJob } from "../jobs/job-manager.ts";
import { jobSpecOf } from "../jobs/job-spec.ts";
import { activePhase, type CountShifts } from "../jobs/task-counts.ts";
import { taskLimits } from "./task-constraints.ts";
import { taskReleaseDependents } from "./task-release-dependents.ts";

export interface AttemptEnd {
  readonly end: RunEnd | { readonly kind: "lost" };
  /** Milliseconds since the epoch; null when it never ran or nobody knows. */
  readonly startedAt: number | null;
  readonly endedAt: number;
  /** As the node measured it. */
  readonly usage?: RunUsage;
}

export async function taskAttemptEnd(
  c: Connection,
  job: JobRow,
  task: TaskRow,
  { end, startedAt, endedAt, usage: measured }: AttemptEnd,
  now: number,
  counts: CountShifts,
): Promise<void> {
  const spec = JSON.parse(task.spec) as TaskAddParameter;
  const stopping = task.stopping as StopReason | null;
  const outcome = attemptOutcome(
    { retryCount: task.retry_count, maxRetries: taskLimits(spec, jobSpecOf(job)).maxRetries, stopping },
    end,
  );
  if (task.node_key !== null) {
    counts.freeNode(
      task.node_key,
      task.required_slots,
      outcome.next === "completed" && outcome.result === "success",
    );
  }
  const began = startedAt ?? (end.kind === "lost" && task.preparing === 0 ? task.started_at : null);
  const ran = began === null ? undefined : attemptUsage(began, endedAt, measured);
  if (ran) countUse(counts, job, task, ran, measured);
  const usage = ran ? usageText(usagePlus(usageOf(task.usage), ran)) : task.usage;
  if (stopping === "delete") {
    counts.moveTask(job.key, task.required_slots, "running", undefined);
    await taskDelete.run(c, { key: task.key });
    return;
  }
  const started = startedAt ?? task.started_at;
  if (outcome.next === "completed") {
    const figures = { started_at: started, ended_at: endedAt, usage };
    return taskFinish(c, job, task, spec, outcome, figures, now, counts);
  }
  const retried = outcome.because === "retry";
  const requeued = outcome.because === "requeue";
  if (retried) counts.use(job, { runs_retried: 1 });
  counts.moveTask(job.key, task.required_slots, "running", "ready");
  await taskRequeue.run(c, {
    key: task.key,
    now,
    ended_at: endedAt,
    exit_code: end.kind === "exited" ? end.exitCode : null,
    failure: null,
    retry_count: task.retry_count + (retried ? 1 : 0),
    last_retry_at: retried ? now : task.last_retry_at,
    requeue_count: task.requeue_count + (requeued ? 1 : 0),
    last_requeue_at: requeued ? now : task.last_requeue_at,
    usage,
  });
}

/** Ends an active task by a user's request: it completes without having run. */
export async function taskEndActive(
  c: Connection,
  job: JobRow,
  task: TaskRow,
  now: number,
  counts: CountShifts,
): Promise<void> {
  const outcome = attemptOutcome(
    { retryCount: 0, maxRetries: 0, stopping: "terminate" },
    { kind: "stopped" },
  );
  if (outcome.next !== "completed") return;
  const spec = JSON.parse(task.spec) as TaskAddParameter;
  const figures = { started_at: task.started_at, ended_at: now, usage: task.usage };
  await taskFinish(c, job, task, spec, outcome, figures, now, counts);
}

/** Of an attempt, on whatever it is summed. */
function countUse(
  counts: CountShifts,
  job: JobRow,
  { node_key }: TaskRow,
  usage: TaskUsage,
  measured: RunUsage | undefined,
): void {
  counts.use(job, {
    user_time: usage.userTime,
    kernel_time: usage.kernelTime,
    wall_time: usage.wallTime,
    blocks_read: usage.blocksRead,
    blocks_written: usage.blocksWritten,
  });
  if (node_key !== null) counts.loadNode(node_key, usage, measured?.memory ?? 0);
}

async function taskFinish(
  c: Connection,
  job: JobRow,
  task: TaskRow,
  spec: TaskAddParameter,
  outcome: Extract<AttemptOutcome, { next: "completed" }>,
  figures: Pick<TaskRow, "started_at" | "usage"> & { readonly ended_at: number },
  now: number,
  counts: CountShifts,
): Promise<void> {
  const jobSpec = jobSpecOf(job);
  const { jobAction, dependencyAction } = exitOptionsFor(
    spec.exitConditions as ExitConditions | undefined,
    outcome.ending,
  );
  const { retention } = taskLimits(spec, jobSpec);
  await taskComplete.run(c, {
    key: task.key,
    now,
    ...figures,
    exit_code: outcome.exitCode ?? null,
    result: outcome.result,
    failure: outcome.failure ? JSON.stringify(outcome.failure) : null,
    clean_at: retention === Infinity || task.node_key === null ? null : now + retention,
    satisfies: dependencyAction === "satisfy" ? 1 : 0,
  });
  counts.use(job, { wait_time: Math.max(0, (figures.started_at ?? task.created_at) - task.created_at) });
  counts.end(job, outcome.result === "success", now);
  counts.moveTask(
    job.key,
    task.required_slots,
    task.state === "running" ? "running" : activePhase(task),
    outcome.result === "success" ? "succeeded" : "failed",
  );
  if (dependencyAction === "satisfy" && jobSpec.usesTaskDependencies)
    await taskReleaseDependents(c, task, counts);
  if (endsJob(job, task)) await jobTerminate(c, job, "JMComplete", now);
  if (job.on_task_failure === "performexitoptionsjobaction") {
    if (jobAction === "terminate") await jobTerminate(c, job, "TaskFailed", now);
    if (jobAction === "disable") await jobDisable(c, job, "requeue", now);
  }
}
