/** A task as the protocol shows it. Source: API description, "CloudTask". */

import { jobSpecOf } from "../../app/jobs/job-spec.ts";
import { affinityId } from "../../app/nodes/affinity-id.ts";
import type { JobRow, TaskRow } from "../../app/tasks/task-read.ts";
import type { FailureInformation } from "../../core/lifecycle/attempt-outcome.ts";
import { containerInfo } from "../../core/lifecycle/container-info.ts";
import { etagOf } from "../../core/lifecycle/resource-version.ts";
import { taskFolder } from "../../core/lifecycle/task-environment.ts";
import { taskRun } from "../../wire/agent/run-name.ts";
import type { TaskAddParameter } from "../../wire/batch/models-types.gen.ts";
import { time } from "./request/reply.ts";

export function taskUrl(origin: string, jobId: string, taskId: string): string {
  return `${origin}/jobs/${jobId}/tasks/${taskId}`;
}

/** A task that waits for its job's preparation holds its slots as a running one does. */
export function taskState({ state, preparing }: Pick<TaskRow, "state" | "preparing">): string {
  return state === "running" && preparing === 1 ? "preparing" : state;
}

export function taskView(origin: string, job: JobRow, task: TaskRow): object {
  const spec = JSON.parse(task.spec) as TaskAddParameter;
  const jobConstraints = jobSpecOf(job).constraints;
  return {
    ...spec,
    url: taskUrl(origin, job.id, task.id),
    eTag: etagOf(task),
    creationTime: time(task.created_at),
    lastModified: time(task.modified_at),
    state: taskState(task),
    stateTransitionTime: time(task.state_at),
    ...(task.previous_state !== null && {
      previousState: task.previous_state,
      previousStateTransitionTime: time(task.previous_state_at ?? task.created_at),
    }),
    constraints: { maxTaskRetryCount: jobConstraints?.maxTaskRetryCount ?? 0, ...spec.constraints },
    requiredSlots: task.required_slots,
    executionInfo: executionInfo(task, spec),
    ...(task.node_id !== null && task.state !== "active" && { nodeInfo: nodeInfo(origin, job, task) }),
  };
}

function executionInfo(task: TaskRow, { containerSettings }: TaskAddParameter): object {
  const ran = task.state !== "active" || task.retry_count > 0;
  return {
    ...(ran && task.started_at !== null && { startTime: time(task.started_at) }),
    ...(task.state === "completed" && task.ended_at !== null && { endTime: time(task.ended_at) }),
    ...(task.exit_code !== null && { exitCode: task.exit_code }),
    ...(containerSettings && ran && { containerInfo: containerOf(task) }),
    ...(task.result !== null && { result: task.result }),
    ...(task.failure !== null && { failureInfo: JSON.parse(task.failure) }),
    retryCount: task.retry_count,
    ...(task.last_retry_at !== null && { lastRetryTime: time(task.last_retry_at) }),
    requeueCount: task.requeue_count,
    ...(task.last_requeue_at !== null && { lastRequeueTime: time(task.last_requeue_at) }),
  };
}

function containerOf({ key, attempt, state, exit_code, started_at, failure }: TaskRow): object {
  const failed = failure === null ? undefined : (JSON.parse(failure) as FailureInformation);
  // Of a task that was ended from outside there is no exit code.
  const hasStarted = failed ? exit_code !== null || failed.code === "TaskEnded" : started_at !== null;
  return containerInfo({
    run: taskRun(key, attempt),
    hasStarted,
    isOver: state !== "running",
    failure: failed,
  });
}

function nodeInfo(origin: string, job: JobRow, task: TaskRow): object {
  const nodeUrl = `${origin}/pools/${task.pool_id}/nodes/${task.node_id}`;
  const root = taskFolder({ kind: "task", jobId: job.id, taskId: task.id });
  return {
    affinityId: affinityId(task.node_id ?? ""),
    nodeUrl,
    poolId: task.pool_id,
    nodeId: task.node_id,
    taskRootDirectory: root,
    taskRootDirectoryUrl: `${nodeUrl}/files/${root}`,
  };
}
