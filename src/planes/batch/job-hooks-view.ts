/** What a job ran around its tasks on one node. Source: API description, "JobPreparationAndReleaseTaskExecutionInformation". */
import type { HookRun, JobOnNode } from "../../app/jobs/job-hooks-read.ts";
import { jobSpecOf } from "../../app/jobs/job-spec.ts";
import { preparationId, releaseId } from "../../core/lifecycle/hook-ids.ts";
import { taskFolder } from "../../core/lifecycle/task-environment.ts";
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
      ...folder(preparationId(spec)),
      retryCount: preparation.retryCount,
      ...(preparation.lastRetryTime !== undefined && { lastRetryTime: time(preparation.lastRetryTime) }),
    },
    ...(release && { jobReleaseTaskExecutionInfo: { ...runView(release), ...folder(releaseId(spec)) } }),
  };
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
