/** Removes the files of tasks whose retention time is over. Called by the retention reconciler. */

import { Fault } from "../../core/fault.ts";
import { taskFolder } from "../../core/lifecycle/task-environment.ts";
import { nodeByKey } from "../../store/work/nodes.ts";
import { taskCleaned, tasksToClean } from "../../store/work/tasks.ts";
import type { App } from "../app.ts";

const TASKS_PER_STEP = 500;

export async function taskFilesClean(app: App): Promise<void> {
  for (const task of await tasksToClean.all(app.store.read, { now: app.clock(), limit: TASKS_PER_STEP })) {
    const node =
      task.node_key === null ? undefined : await nodeByKey.first(app.store.read, { key: task.node_key });
    if (node?.agent_id) {
      if (app.agents.incarnationOf(node.agent_id) === undefined) continue;
      const file = {
        nodeKey: String(node.key),
        path: taskFolder({ kind: "task", jobId: task.job_id, taskId: task.id }),
      };
      try {
        await app.agents.fileDelete(node.agent_id, file, true);
      } catch (error) {
        if (!(error instanceof Fault) || error.code !== "FileNotFound") throw error;
      }
    }
    await app.store.write((c) => taskCleaned.run(c, { key: task.key }));
  }
}
