/** A compute node as the protocol shows it. Source: API description, "ComputeNode". */
import { affinityId } from "../../app/nodes/affinity-id.ts";
import type { NodeFound, NodeRow } from "../../app/nodes/node-read.ts";
import { hookContainerInfo } from "../../core/lifecycle/container-info.ts";
import type { NodeInfo, StartTaskInfo } from "../../core/lifecycle/node-info.ts";
import { nodeBusy } from "../../core/lifecycle/node-restart.ts";
import { nodeEndpoints } from "../../core/pools/node-endpoints.ts";
import { startTaskRun } from "../../wire/agent/run-name.ts";
import type { PoolAddParameter, StartTask } from "../../wire/batch/models-types.gen.ts";
import { time } from "./request/reply.ts";
import { taskUrl } from "./task-view.ts";

/** An idle node that runs something is `running`, one closed to tasks `offline`; the store keeps only what these do not tell. */
export function nodeState({
  state,
  running_tasks,
  scheduling,
}: Pick<NodeRow, "state" | "running_tasks" | "scheduling">): string {
  if (state !== "idle") return state;
  if (running_tasks > 0) return "running";
  return scheduling === "disabled" ? "offline" : "idle";
}

export function nodeView(origin: string, { pool, node, recentTasks }: NodeFound): object {
  const spec = specOf(pool);
  const info = JSON.parse(node.info) as NodeInfo;
  const ipAddress = info.ipAddress ?? "127.0.0.1";
  const endpoints = nodeBusy(node.state) ? [] : nodeEndpoints(spec, node.number, info.endpoints ?? []);
  return {
    id: node.id,
    url: `${origin}/pools/${pool.id}/nodes/${node.id}`,
    state: nodeState(node),
    schedulingState: node.scheduling,
    stateTransitionTime: time(node.state_at),
    ...(node.booted_at !== null && { lastBootTime: time(node.booted_at) }),
    allocationTime: time(node.allocated_at),
    ipAddress,
    ...(info.ipv6Address !== undefined && { ipv6Address: info.ipv6Address }),
    affinityId: affinityId(node.id),
    vmSize: spec.vmSize,
    totalTasksRun: node.total_run,
    runningTasksCount: node.running_tasks,
    runningTaskSlotsCount: node.running_slots,
    totalTasksSucceeded: node.total_succeeded,
    ...(recentTasks.length > 0 && {
      recentTasks: recentTasks.map((task) => ({
        taskUrl: taskUrl(origin, task.job_id, task.id),
        jobId: task.job_id,
        taskId: task.id,
        taskState: task.state,
        executionInfo: {
          ...(task.started_at !== null && { startTime: time(task.started_at) }),
          ...(task.ended_at !== null && { endTime: time(task.ended_at) }),
          ...(task.exit_code !== null && { exitCode: task.exit_code }),
          ...(task.result !== null && { result: task.result }),
          retryCount: task.retry_count,
          requeueCount: task.requeue_count,
        },
      })),
    }),
    ...(spec.certificateReferences && { certificateReferences: spec.certificateReferences }),
    ...(spec.startTask && { startTask: spec.startTask }),
    ...(node.start_task !== null && {
      startTaskInfo: startTaskInfo(node.key, JSON.parse(node.start_task), spec.startTask),
    }),
    ...(info.errors && { errors: info.errors }),
    isDedicated: node.is_dedicated === 1,
    ...(endpoints.length > 0 && { endpointConfiguration: { inboundEndpoints: endpoints } }),
    nodeAgentInfo: { version: "batchyard", lastUpdateTime: time(node.booted_at ?? node.allocated_at) },
    ...(spec.virtualMachineConfiguration && {
      virtualMachineInfo: { imageReference: spec.virtualMachineConfiguration.imageReference },
    }),
  };
}

/** What a pool's row says is the same for all of its nodes on a page. */
const specs = new WeakMap<NodeFound["pool"], PoolAddParameter>();

function specOf(pool: NodeFound["pool"]): PoolAddParameter {
  const known = specs.get(pool) ?? (JSON.parse(pool.spec) as PoolAddParameter);
  specs.set(pool, known);
  return known;
}

function startTaskInfo(nodeKey: number, info: StartTaskInfo, task: StartTask | undefined): object {
  return {
    state: info.state,
    startTime: time(info.startTime),
    ...(info.endTime !== undefined && { endTime: time(info.endTime) }),
    ...(info.exitCode !== undefined && { exitCode: info.exitCode }),
    ...(info.result && { result: info.result }),
    ...(info.failureInfo && { failureInfo: info.failureInfo }),
    ...(task?.containerSettings && {
      containerInfo: hookContainerInfo(startTaskRun(nodeKey, info.attempt), info),
    }),
    retryCount: info.retryCount,
    ...(info.lastRetryTime !== undefined && { lastRetryTime: time(info.lastRetryTime) }),
  };
}
