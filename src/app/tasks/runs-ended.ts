/** Takes in what agents report about attempts of tasks. A report of an earlier attempt, or of an unknown task, is dropped. */
import { taskFolder } from "../../core/lifecycle/task-environment.ts";
import type { Connection } from "../../store/engine/connection.ts";
import { type JobRow, jobByKey } from "../../store/work/jobs.ts";
import { type NodeRow, nodeByKey } from "../../store/work/nodes.ts";
import { taskByKey } from "../../store/work/tasks.ts";
import type { App } from "../app.ts";
import { CountShifts } from "../jobs/task-counts.ts";
import { type AttemptEnd, taskAttemptEnd } from "./task-end.ts";

export interface TaskAttempt {
  readonly taskKey: number;
  readonly attempt: number;
}

/** Of a task that is no more; the path is relative to the node's folder. */
export interface TaskFolder {
  readonly nodeKey: string;
  readonly path: string;
}

/**
 * Inside the caller's transaction.
 * @param agentId who speaks: an agent is believed only about nodes that it hosts
 * @returns what the agent is to delete after the commit: another task may have the same id then
 */
export async function runsEnded(
  app: App,
  c: Connection,
  agentId: string,
  ended: readonly (TaskAttempt & AttemptEnd)[],
): Promise<TaskFolder[]> {
  const folders: TaskFolder[] = [];
  const now = app.clock();
  const counts = new CountShifts();
  const jobs = new Map<number, JobRow>();
  const nodes = new Map<number, NodeRow>();
  for (const { taskKey, attempt, ...end } of ended) {
    const task = await taskByKey.first(c, { key: taskKey });
    if (task?.state !== "running" || task.attempt !== attempt || task.node_key === null) continue;
    const node = nodes.get(task.node_key) ?? (await nodeByKey.first(c, { key: task.node_key }));
    const job = jobs.get(task.job_key) ?? (await jobByKey.first(c, { key: task.job_key }));
    if (!job || node?.agent_id !== agentId) continue;
    jobs.set(job.key, job);
    nodes.set(node.key, node);
    await taskAttemptEnd(c, job, task, end, now, counts);
    // A job that is deleted takes the folders of all its tasks with it.
    if (task.stopping === "delete" && job.state !== "deleting")
      folders.push({
        nodeKey: String(node.key),
        path: taskFolder({ kind: "task", jobId: job.id, taskId: task.id }),
      });
    app.taskEnds.tell(task.key);
  }
  await counts.write(c);
  for (const poolKey of new Set([...nodes.values()].map(({ pool_key }) => pool_key))) {
    app.nudge.placement(poolKey);
  }
  if ([...nodes.values()].some(({ state }) => state === "leavingpool")) app.nudge.nodes();
  if (counts.released > 0) app.nudge.jobs();
  for (const job of jobs.values()) if (await mayAdvance(c, job)) app.nudge.jobs();
  return folders;
}

/** Whether the end of a task may be what the job's next state waited for. */
async function mayAdvance(c: Connection, { key, state, on_all_tasks_complete }: JobRow): Promise<boolean> {
  if (state !== "active") return true;
  if (on_all_tasks_complete !== "terminatejob") return false;
  const job = await jobByKey.first(c, { key });
  return job !== undefined && job.active === 0 && job.running === 0;
}
