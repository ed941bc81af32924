/** Removes the files of tasks whose retention time is over. Called by the retention reconciler. */
import { Fault } from "../../core/fault.ts";
import { taskFolder } from "../../core/lifecycle/task-environment.ts";
import { nodeByKey } from "../../store/work/nodes.ts";
import { taskByKey, tasksCleanAt, tasksToClean } from "../../store/work/tasks.ts";
import type { App } from "../app.ts";

/** Tasks whose end is written down together. Ours, as is how many folders are being removed at once. */
const TASKS_PER_STEP = 500;
const REMOVALS_AT_ONCE = 16;
/** Milliseconds until a folder that could not be removed is tried again: its agent is away, or its disk in trouble. */
const RETRY_AFTER = 60_000;

type Due = Awaited<ReturnType<typeof tasksToClean.all>>[number];

/** Goes on while anything is due; what cannot be done now is put off, and stands in nobody's way. */
export async function taskFilesClean(app: App): Promise<void> {
  for (;;) {
    const now = app.clock();
    const due = await tasksToClean.all(app.store.read, { now, limit: TASKS_PER_STEP });
    if (due.length === 0) return;
    const isCleaned = await removeAll(app, due);
    const keysOf = (wanted: boolean) =>
      JSON.stringify(due.filter((_, i) => isCleaned[i] === wanted).map(({ key }) => key));
    await app.store.write(async (c) => {
      await tasksCleanAt.run(c, { keys: keysOf(true), now, at: null });
      await tasksCleanAt.run(c, { keys: keysOf(false), now, at: now + RETRY_AFTER });
    });
    if (due.length < TASKS_PER_STEP) return;
  }
}

/** @returns for each whether its files are gone */
async function removeAll(app: App, due: readonly Due[]): Promise<boolean[]> {
  const nodes = new Map<number, string | null>();
  for (const key of new Set(due.map(({ node_key }) => node_key)))
    if (key !== null) nodes.set(key, (await nodeByKey.first(app.store.read, { key }))?.agent_id ?? null);
  const isGone = new Array<boolean>(due.length).fill(false);
  let next = 0;
  const worker = async () => {
    for (let at = next++; at < due.length; at = next++) {
      const task = due[at] as Due;
      const agentId = task.node_key === null ? null : (nodes.get(task.node_key) ?? null);
      // Without an agent the folder has gone with its node.
      isGone[at] = agentId === null || (await remove(app, agentId, task));
    }
  };
  await Promise.all(Array.from({ length: REMOVALS_AT_ONCE }, worker));
  return isGone;
}

/** A task may have been reactivated since it was read; an order to run it again that comes after this one waits for the removal. */
async function remove(app: App, agentId: string, task: Due): Promise<boolean> {
  if (app.agents.incarnationOf(agentId) === undefined) return false;
  const present = await taskByKey.first(app.store.read, { key: task.key });
  if (present?.clean_at !== task.clean_at) return false;
  const path = taskFolder({ kind: "task", jobId: task.job_id, taskId: task.id });
  try {
    await app.agents.fileDelete(agentId, { nodeKey: String(task.node_key), path }, true);
    return true;
  } catch (error) {
    return error instanceof Fault && error.code === "FileNotFound";
  }
}
