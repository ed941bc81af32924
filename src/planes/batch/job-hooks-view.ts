/** What a job ran around its tasks on one node. Source: API description, "JobPreparationAndReleaseTaskExecutionInformation". */
import type { HookRun, JobOnNode } from "../../app/jobs/job-hooks-read.ts";
import { jobSpecOf } from "../../app/jobs/job-spec.ts";
import { hookContainerInfo } from "../../core/lifecycle/container-info.ts";
import { preparationId, releaseId } from "../../core/lifecycle/hook-ids.ts";
import { taskFolder } from "../../core/lifecycle/task-environment.ts";
import type { RunId } from "../../wire/agent/messages.ts";
import { preparationRun, releaseRun } from "../../wire/agent/run-name.ts";
import type { JobPreparationTask } from "../../wire/batch/models-types.gen.ts";
import { time } from "./request/reply.ts";

export function jobOnNodeView(origin: string, { job, node, preparation, release }: JobOnNode): object {
  const nodeUrl = `${origin}/pools/${node.pool_id}/nodes/${node.node_id}`;
  const spec = jobSpecOf(job);
  const folder = (taskId: string | undefined) => {
    if (taskId === undefined) return {};
    const root = taskFolder({ kind: "task", jobId: job.id, taskId });
    return { taskRootDirectory: root, taskRootDirectoryUrl: `${nodeUrl}/files/${root}` };
  };
  return {
    poolId: node.pool_id,
    nodeId: node.node_id,
    nodeUrl,
    jobPreparationTaskExecutionInfo: {
      ...runView(preparation),
      ...containerOf(spec.jobPreparationTask, preparationRun(node.key, preparation.attempt), preparation),
      ...folder(preparationId(spec)),
      retryCount: preparation.retryCount,
      ...(preparation.lastRetryTime !== undefined && { lastRetryTime: time(preparation.lastRetryTime) }),
    },
    ...(release && {
      jobReleaseTaskExecutionInfo: {
        ...runView(release),
        ...containerOf(spec.jobReleaseTask, releaseRun(node.key, release.attempt), release),
        ...folder(releaseId(spec)),
      },
    }),
  };
}

function containerOf(
  task: Pick<JobPreparationTask, "containerSettings"> | undefined,
  name: RunId,
  run: HookRun,
): object {
  return task?.containerSettings ? { containerInfo: hookContainerInfo(name, run) } : {};
}

function runView(run: HookRun): object {
  return {
    state: run.state,
    startTime: time(run.startTime),
    ...(run.endTime !== undefined && { endTime: time(run.endTime) }),
    ...(run.exitCode !== undefined && { exitCode: run.exitCode }),
    ...(run.result && { result: run.result }),
    ...(run.failureInfo && { failureInfo: run.failureInfo }),
  };
}
