/** Reads of tasks. Each sees the last commit. */

import { Fault } from "../../core/fault.ts";
import { taskFolder } from "../../core/lifecycle/task-environment.ts";
import { type JobRow, jobById } from "../../store/work/jobs.ts";
import { nodeByKey } from "../../store/work/nodes.ts";
import { type TaskRow, tasksPage, tasksPageInState } from "../../store/work/tasks.ts";
import type { AccountHandle } from "../accounts/account-handle.ts";
import type { App } from "../app.ts";
import { taskFind } from "./task-stop.ts";

export type { JobRow, TaskRow };

/** @throws Fault JobNotFound, TaskNotFound */
export function taskGet(app: App, account: AccountHandle, jobId: string, taskId: string) {
  return taskFind(app.store.read, account, jobId, taskId);
}

export interface TaskPage {
  readonly job: JobRow;
  readonly tasks: readonly TaskRow[];
}

/** Where a page of tasks begins: after an id in small letters, or after a key in the list of one state. */
export type TaskPlace = { readonly afterId: string } | { readonly afterKey: number; readonly state: string };

/**
 * Tasks in the order of their ids, those of one state in the order of their creation. A task that is being deleted is left out, so a
 * page may be shorter than `limit` though more follow.
 * @throws Fault JobNotFound
 */
export async function taskListPage(
  app: App,
  account: AccountHandle,
  jobId: string,
  limit: number,
  place: TaskPlace,
): Promise<TaskPage> {
  const c = app.store.read;
  const job = await jobById.first(c, { account_key: account.key, id_lower: jobId.toLowerCase() });
  if (!job) throw new Fault("JobNotFound");
  const where = { job_key: job.key, limit };
  const tasks =
    "state" in place
      ? await tasksPageInState.all(c, { ...where, after: place.afterKey, state: place.state })
      : await tasksPage.all(c, { ...where, after: place.afterId });
  return { job, tasks };
}

/** Where a task's files lie: the node that ran it last. @throws Fault TaskNotFound, NodeNotFound when it never ran or the node left */
export async function taskNode(
  app: App,
  account: AccountHandle,
  jobId: string,
  taskId: string,
): Promise<{ agentId: string; nodeKey: string; folder: string }> {
  const { job, task } = await taskGet(app, account, jobId, taskId);
  const node =
    task.node_key === null ? undefined : await nodeByKey.first(app.store.read, { key: task.node_key });
  if (!node?.agent_id) throw new Fault("NodeNotFound");
  return {
    agentId: node.agent_id,
    nodeKey: String(node.key),
    folder: taskFolder({ kind: "task", jobId: job.id, taskId: task.id }),
  };
}
