/** A job as the protocol shows it. Source: API description, "CloudJob". */

import type { JobRow } from "../../app/jobs/job-read.ts";
import { jobSpecOf } from "../../app/jobs/job-spec.ts";
import { etagOf } from "../../core/lifecycle/resource-version.ts";
import { batchApiVersions } from "../../wire/batch/api-versions.gen.ts";
import type { JobAddParameter, TaskConstraints } from "../../wire/batch/models-types.gen.ts";
import type { BatchContext } from "./request/context.ts";
import { time } from "./request/reply.ts";
import { wantsStatistics, workStatistics } from "./statistics-view.ts";

/** With its statistics where the request asks for them. */
export function shownJob(context: BatchContext, job: JobRow): object {
  const view = jobView(context, job);
  if (!wantsStatistics(context)) return view;
  const span = { from: job.created_at, to: job.ended_at ?? context.app.clock() };
  return { ...view, stats: workStatistics(`${context.exchange.origin}/jobs/${job.id}`, span, job) };
}

/**
 * Until this version Microsoft's own tests against the service expect its older word for a job that ends with its tasks; the
 * descriptions, those of 2019 included, say the newer one.
 */
const OLDER_REASON_UNTIL = batchApiVersions.findIndex(({ version }) => version === "2020-03-01.11.0");

function terminateReasonOf(version: number, reason: string): string {
  return reason === "AllTasksComplete" && version <= OLDER_REASON_UNTIL ? "AllTasksCompleted" : reason;
}

function jobView({ exchange: { origin }, version }: BatchContext, job: JobRow): object {
  const spec = jobSpecOf(job);
  return {
    ...spec,
    url: `${origin}/jobs/${job.id}`,
    eTag: etagOf(job),
    creationTime: time(job.created_at),
    lastModified: time(job.modified_at),
    state: job.state,
    stateTransitionTime: time(job.state_at),
    ...(job.previous_state !== null && {
      previousState: job.previous_state,
      previousStateTransitionTime: time(job.previous_state_at ?? job.created_at),
    }),
    priority: job.priority,
    maxParallelTasks: job.max_parallel,
    ...(spec.jobManagerTask && { jobManagerTask: withRetriesOf(spec, spec.jobManagerTask) }),
    ...(spec.jobPreparationTask && { jobPreparationTask: withRetriesOf(spec, spec.jobPreparationTask) }),
    onAllTasksComplete: job.on_all_tasks_complete,
    onTaskFailure: job.on_task_failure,
    executionInfo: {
      ...(job.started_at !== null && { startTime: time(job.started_at) }),
      ...(job.ended_at !== null && { endTime: time(job.ended_at) }),
      poolId: job.auto_pool_id ?? spec.poolInfo.poolId,
      ...(job.scheduling_error !== null && { schedulingError: JSON.parse(job.scheduling_error) }),
      ...(job.terminate_reason !== null && {
        terminateReason: terminateReasonOf(version, job.terminate_reason),
      }),
    },
  };
}

/** A task without a number of retries of its own has its job's. */
function withRetriesOf<T extends { constraints?: TaskConstraints | undefined }>(
  { constraints }: Pick<JobAddParameter, "constraints">,
  task: T,
): T {
  return {
    ...task,
    constraints: { maxTaskRetryCount: constraints?.maxTaskRetryCount ?? 0, ...task.constraints },
  };
}

/** Source: API description, "TaskCountsResult"; older api-versions have its first half alone. */
export function taskCountsView(job: JobRow): { taskCounts: object; taskSlotCounts: object } {
  return {
    taskCounts: {
      active: job.active,
      running: job.running,
      completed: job.completed,
      succeeded: job.succeeded,
      failed: job.failed,
    },
    taskSlotCounts: {
      active: job.active_slots,
      running: job.running_slots,
      completed: job.completed_slots,
      succeeded: job.succeeded_slots,
      failed: job.failed_slots,
    },
  };
}
