/**
 * One step of taking a node down: its tasks first, as the request wants it, then its agent is told to stop it. Idempotent; called
 * by the nodes reconciler until the agent has said that the node has stopped.
 */
import type { TasksOnNode } from "../../core/lifecycle/node-restart.ts";
import type { Connection } from "../../store/engine/connection.ts";
import type { NodeRow } from "../../store/work/nodes.ts";
import { taskRetainedOnNode, tasksToStopOnNode } from "../../store/work/tasks.ts";
import type { ToAgent } from "../../wire/agent/messages.ts";
import { TASK_SLOTS_PER_NODE_MAX } from "../../wire/batch/limits.ts";
import { STOP_GRACE_MS, taskStopRunning } from "../tasks/task-stop.ts";

export type Outbox = { readonly agentId: string; readonly message: ToAgent }[];

/** @returns what to send after the commit */
export async function nodeTakeDown(
  c: Connection,
  node: NodeRow,
  tasks: TasksOnNode,
  keepFolder: boolean,
): Promise<Outbox> {
  const { agent_id: agentId } = node;
  if (agentId === null) return [];
  if (node.running_tasks === 0) {
    if (tasks === "retaineddata" && (await taskRetainedOnNode.first(c, { node_key: node.key }))) return [];
    return [{ agentId, message: { t: "node.stop", nodeKey: String(node.key), keepFolder } }];
  }
  if (tasks !== "requeue" && tasks !== "terminate") return [];
  const outbox: Outbox = [];
  const ofNode = { node_key: node.key, reason: tasks, limit: TASK_SLOTS_PER_NODE_MAX };
  for (const task of await tasksToStopOnNode.all(c, ofNode)) {
    const stop = await taskStopRunning(c, task, tasks);
    if (!stop) continue;
    outbox.push({
      agentId: stop.agentId,
      message: { t: "run.stop", run: stop.run, graceMs: STOP_GRACE_MS },
    });
  }
  return outbox;
}
