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
import type { Connection } from "../../store/engine/connection.ts";
import type { JobRow } from "../../store/work/jobs.ts";
import { type TaskRow, taskComplete, taskDelete, taskRequeue } from "../../store/work/tasks.ts";
import type { RunEnd } from "../../wire/agent/messages.ts";
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
}

export async function taskAttemptEnd(
  c: Connection,
  job: JobRow,
  task: TaskRow,
  { end, startedAt, endedAt }: AttemptEnd,
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
  if (stopping === "delete") {
    counts.moveTask(job.key, task.required_slots, "running", undefined);
    await taskDelete.run(c, { key: task.key });
    return;
  }
  const started = startedAt ?? task.started_at;
  if (outcome.next === "completed") {
    return taskFinish(c, job, task, spec, outcome, { started_at: started, ended_at: endedAt }, now, counts);
  }
  const retried = outcome.because === "retry";
  const requeued = outcome.because === "requeue";
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
  await taskFinish(c, job, task, spec, outcome, { started_at: task.started_at, ended_at: now }, now, counts);
}

async function taskFinish(
  c: Connection,
  job: JobRow,
  task: TaskRow,
  spec: TaskAddParameter,
  outcome: Extract<AttemptOutcome, { next: "completed" }>,
  times: { started_at: number | null; ended_at: number },
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
    ...times,
    exit_code: outcome.exitCode ?? null,
    result: outcome.result,
    failure: outcome.failure ? JSON.stringify(outcome.failure) : null,
    clean_at: retention === Infinity || task.node_key === null ? null : now + retention,
    satisfies: dependencyAction === "satisfy" ? 1 : 0,
  });
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
