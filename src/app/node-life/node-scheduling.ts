/** Whether a node is given tasks. Source: Azure Batch REST, "Compute Node - Disable Scheduling", "Enable Scheduling". */
import { Fault } from "../../core/fault.ts";
import type { TasksOnNode } from "../../core/lifecycle/node-restart.ts";
import { type NodeRow, nodeSchedulingSet } from "../../store/work/nodes.ts";
import { tasksRunningOnNode } from "../../store/work/tasks.ts";
import { type NodeTarget, nodeFind } from "../nodes/node-read.ts";
import { stopAndWait } from "../tasks/stop-and-wait.ts";
import { taskStopRunning } from "../tasks/task-stop.ts";

/**
 * Answers once the tasks that it takes away have ended.
 * @param tasks what becomes of those that run there: requeued, ended, or left to run to their end
 * @throws Fault PoolNotFound, NodeNotFound, NodeAlreadyInTargetSchedulingState, NodeStateUnusable
 */
export async function nodeSchedulingDisable(target: NodeTarget, tasks: TasksOnNode): Promise<void> {
  const [app] = target;
  const stops = await app.store.write(async (c) => {
    const { node } = await nodeFind(c, target);
    checkScheduling(node, "disabled");
    await nodeSchedulingSet.run(c, { key: node.key, scheduling: "disabled" });
    if (tasks !== "requeue" && tasks !== "terminate") return [];
    const stops = [];
    for (const task of await tasksRunningOnNode.all(c, { node_key: node.key })) {
      stops.push(await taskStopRunning(c, task, tasks));
    }
    return stops;
  });
  await stopAndWait(app, stops);
}

/** @throws as `nodeSchedulingDisable` */
export async function nodeSchedulingEnable(target: NodeTarget): Promise<void> {
  const [app] = target;
  await app.store.write(async (c) => {
    const { pool, node } = await nodeFind(c, target);
    checkScheduling(node, "enabled");
    await nodeSchedulingSet.run(c, { key: node.key, scheduling: "enabled" });
    app.nudge.placement(pool.key);
  });
}

function checkScheduling(node: NodeRow, wanted: string): void {
  if (node.state === "unusable") throw new Fault("NodeStateUnusable");
  if (node.scheduling === wanted) throw new Fault("NodeAlreadyInTargetSchedulingState");
}
