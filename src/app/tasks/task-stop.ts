/** Ends tasks before their own end. */

import { Fault } from "../../core/fault.ts";
import type { StopReason } from "../../core/lifecycle/attempt-outcome.ts";
import { etagOf, type Precondition } from "../../core/lifecycle/resource-version.ts";
import { taskFolder } from "../../core/lifecycle/task-environment.ts";
import type { Connection } from "../../store/engine/connection.ts";
import { type JobRow, jobById } from "../../store/work/jobs.ts";
import { nodeByKey } from "../../store/work/nodes.ts";
import { type TaskRow, taskById, taskDelete, taskReactivate, taskStopping } from "../../store/work/tasks.ts";
import { taskRun } from "../../wire/agent/run-name.ts";
import type { AccountHandle } from "../accounts/account-handle.ts";
import type { App } from "../app.ts";
import { wrongState } from "../jobs/job-change-state.ts";
import { activePhase, CountShifts } from "../jobs/task-counts.ts";
import { poolKeyOfJob } from "../pools/pool-of-job.ts";
import { taskHoldDependents } from "./task-release-dependents.ts";

/** Between SIGTERM and SIGKILL for a task that is told to stop. Milliseconds; ours: a terminated job is quiet in two seconds. */
export const STOP_GRACE_MS = 1_000;

export interface RunStop {
  readonly taskKey: number;
  readonly agentId: string;
  readonly run: string;
}

export type TaskVersion = Pick<TaskRow, "created_at" | "version" | "modified_at">;

/**
 * Marks a running task as being stopped.
 * @returns what to tell the agent after the commit; undefined when another reason to stop it stands already
 */
export async function taskStopRunning(
  c: Connection,
  task: Pick<TaskRow, "key" | "node_key" | "attempt" | "stopping">,
  reason: StopReason,
): Promise<RunStop | undefined> {
  if (task.stopping === reason || task.stopping === "delete") return undefined;
  await taskStopping.run(c, { key: task.key, stopping: reason });
  const node = task.node_key === null ? undefined : await nodeByKey.first(c, { key: task.node_key });
  if (!node?.agent_id) return undefined;
  return { taskKey: task.key, agentId: node.agent_id, run: taskRun(task.key, task.attempt) };
}

export function sendStops(app: App, stops: readonly (RunStop | undefined)[]): void {
  for (const stop of stops) {
    if (stop) app.agents.send(stop.agentId, { t: "run.stop", run: stop.run, graceMs: STOP_GRACE_MS });
  }
}

/** A running task is gone for callers at once, its row when its processes are. @throws Fault JobNotFound, TaskNotFound */
export async function taskRemove(
  app: App,
  account: AccountHandle,
  jobId: string,
  taskId: string,
  precondition: Precondition,
): Promise<void> {
  const { stop, folder } = await app.store.write(async (c) => {
    const { job, task } = await taskFind(c, account, jobId, taskId);
    precondition({ etag: etagOf(task), modifiedAt: task.modified_at });
    if (task.state === "running")
      return { stop: await taskStopRunning(c, task, "delete"), folder: undefined };
    const counts = new CountShifts();
    const phase =
      task.state === "active" ? activePhase(task) : task.result === "success" ? "succeeded" : "failed";
    counts.moveTask(job.key, task.required_slots, phase, undefined);
    await counts.write(c);
    await taskHoldDependents(c, task);
    await taskDelete.run(c, { key: task.key });
    app.nudge.jobs();
    const node = task.node_key === null ? undefined : await nodeByKey.first(c, { key: task.node_key });
    return {
      stop: undefined,
      folder: node?.agent_id
        ? {
            agentId: node.agent_id,
            nodeKey: String(node.key),
            path: taskFolder({ kind: "task", jobId: job.id, taskId: task.id }),
          }
        : undefined,
    };
  });
  sendStops(app, [stop]);
  // Best effort: with the agent away the folder goes with its node.
  if (folder) await app.agents.fileDelete(folder.agentId, folder, true).catch(() => {});
}

/** A failed task runs again from the start. @throws Fault TaskNotFound, TaskNotCompleted, TaskSucceeded, and the job's state */
export async function taskRevive(
  app: App,
  account: AccountHandle,
  jobId: string,
  taskId: string,
  precondition: Precondition,
): Promise<TaskVersion> {
  return app.store.write(async (c) => {
    const { job, task } = await taskFind(c, account, jobId, taskId);
    precondition({ etag: etagOf(task), modifiedAt: task.modified_at });
    if (job.state !== "active" && job.state !== "disabled" && job.state !== "disabling")
      throw wrongState(job);
    if (task.state !== "completed") throw new Fault("TaskNotCompleted");
    if (task.result === "success") throw new Fault("TaskSucceeded");
    const counts = new CountShifts();
    counts.moveTask(job.key, task.required_slots, "failed", activePhase(task));
    await counts.write(c);
    const now = app.clock();
    await taskHoldDependents(c, task);
    await taskReactivate.run(c, { key: task.key, now });
    const poolKey = await poolKeyOfJob(c, job);
    if (poolKey !== undefined) app.nudge.placement(poolKey);
    return versionAfter(task, now);
  });
}

function versionAfter({ created_at, version }: TaskVersion, now: number): TaskVersion {
  return { created_at, version: version + 1, modified_at: now };
}

/** @throws Fault JobNotFound, TaskNotFound */
export async function taskFind(
  c: Connection,
  account: AccountHandle,
  jobId: string,
  taskId: string,
): Promise<{ job: JobRow; task: TaskRow }> {
  const job = await jobById.first(c, { account_key: account.key, id_lower: jobId.toLowerCase() });
  if (!job) throw new Fault("JobNotFound");
  const task = await taskById.first(c, { job_key: job.key, id_lower: taskId.toLowerCase() });
  if (!task || task.stopping === "delete") throw new Fault("TaskNotFound");
  return { job, task };
}
