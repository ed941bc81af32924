/** A caller's wish that a node goes down without leaving its pool. The nodes reconciler takes it down. */
import {
  type NodeRestart,
  nodeBusy,
  type RestartKind,
  STATE_GOING_DOWN,
  type TasksOnNode,
} from "../../core/lifecycle/node-restart.ts";
import { nodeRestarting } from "../../store/work/nodes.ts";
import { tasksRunningOnNode } from "../../store/work/tasks.ts";
import { type NodeTarget, nodeFind } from "../nodes/node-read.ts";
import { stopAndWait } from "../tasks/stop-and-wait.ts";
import { taskStopRunning } from "../tasks/task-stop.ts";

/**
 * Answers once the tasks that it takes away have ended; the node goes down after them.
 * @throws Fault PoolNotFound, NodeNotFound, and the one of the node's state
 */
export async function nodeRequestRestart(
  target: NodeTarget,
  kind: RestartKind,
  tasks: TasksOnNode,
): Promise<void> {
  const [app] = target;
  const stops = await app.store.write(async (c) => {
    const { node } = await nodeFind(c, target);
    // A new image is what helps a node that has become unusable.
    const busy = kind !== "deallocate" && node.state === "unusable" ? undefined : nodeBusy(node.state);
    if (busy) throw busy;
    await nodeRestarting.run(c, {
      key: node.key,
      state: STATE_GOING_DOWN[kind],
      restart: JSON.stringify({ kind, tasks } satisfies NodeRestart),
      now: app.clock(),
    });
    app.nudge.nodes();
    if (tasks !== "requeue" && tasks !== "terminate") return [];
    const running = await tasksRunningOnNode.all(c, { node_key: node.key });
    return Promise.all(running.map((task) => taskStopRunning(c, task, tasks)));
  });
  await stopAndWait(app, stops);
}
