/** Takes in what an agent says about its nodes. An agent is believed only about nodes that it hosts. */

import type { NodeInfo, StartTaskInfo } from "../../core/lifecycle/node-info.ts";
import type { Connection } from "../../store/engine/connection.ts";
import { type NodeRow, nodeByKey, nodeInfoSet, nodeReady } from "../../store/work/nodes.ts";
import { poolByKey } from "../../store/work/pools.ts";
import { tasksRunningOnNode } from "../../store/work/tasks.ts";
import type { FromAgent, ToAgent } from "../../wire/agent/messages.ts";
import type { App } from "../app.ts";
import { jobsPrepareAgain } from "../jobs/job-preparation.ts";
import { isGoingDown, nodeWentDown } from "../nodes/node-restart.ts";
import { nodeUsersNews } from "../nodes/node-user-list.ts";
import { runFiles } from "../tasks/run-transfers.ts";
import { runsEnded } from "../tasks/runs-ended.ts";
import { nodeLeave } from "../usage/account-usage.ts";
import { startTaskOf, startTaskSpec, waitsForSuccess } from "./start-task.ts";

type Event<T extends FromAgent["t"]> = Extract<FromAgent, { t: T }>;

/** The node's folder and init stand: it runs its start task, or is idle. */
export async function nodeBecameReady(app: App, agentId: string, event: Event<"node.ready">): Promise<void> {
  const messages = await app.store.write(async (c): Promise<ToAgent[]> => {
    const node = await nodeOfAgent(c, agentId, event.nodeKey);
    if (node?.state !== "starting") return [];
    const pool = await poolByKey.first(c, { key: node.pool_key });
    if (!pool) return [];
    const now = app.clock();
    const info: NodeInfo = {
      isolation: event.isolation,
      containment: event.containment,
      ipAddress: event.ipAddress,
      ...(event.ipv6Address !== undefined && { ipv6Address: event.ipv6Address }),
      ...(event.endpoints && { endpoints: event.endpoints }),
    };
    const startTask = startTaskOf(pool);
    const attempt = nextAttempt(node);
    const started: StartTaskInfo = { state: "running", attempt, startTime: now, retryCount: 0 };
    await nodeReady.run(c, {
      key: node.key,
      state: startTask && waitsForSuccess(startTask) ? "waitingforstarttask" : "idle",
      info: JSON.stringify(info),
      start_task: startTask ? JSON.stringify(started) : null,
      now,
    });
    await jobsPrepareAgain(app, c, node);
    app.nudge.placement(pool.key);
    app.nudge.nodes();
    const users = await nodeUsersNews(c, node.key, now);
    if (!startTask) return users;
    const spec = startTaskSpec(startTask, node, attempt, runFiles(app, pool.account_key));
    return [...users, { t: "run.start", spec }];
  });
  for (const message of messages) app.agents.send(agentId, message);
}

/**
 * It could not be set up, or its init has died, or it stands and takes no more: it is unusable, and says why. The nodes reconciler starts
 * it again in the second case.
 */
export async function nodeFailed(app: App, agentId: string, event: Event<"node.failed">): Promise<void> {
  await app.store.write(async (c) => {
    const node = await nodeOfAgent(c, agentId, event.nodeKey);
    if (!node || node.state === "leavingpool" || isGoingDown(node)) return;
    const { code, message, details } = event;
    const info: NodeInfo = {
      ...(JSON.parse(node.info) as NodeInfo),
      errors: [{ code, message, ...(details && { errorDetails: details }) }],
    };
    await nodeInfoSet.run(c, {
      key: node.key,
      state: "unusable",
      info: JSON.stringify(info),
      now: app.clock(),
    });
  });
}

/** Everything on it has died and its folder is gone. */
export async function nodeStopped(app: App, agentId: string, event: Event<"node.stopped">): Promise<void> {
  const { isGone, message } = await app.store.write(async (c) => {
    const node = await nodeByKey.first(c, { key: Number(event.nodeKey) });
    if (!node) return { isGone: true };
    // Another agent's: what is there is not this one's to give back.
    if (node.agent_id !== agentId) return { isGone: false };
    if (node.state === "leavingpool") {
      await nodeTasksLost(app, c, agentId, node);
      await nodeLeave(app, c, await poolByKey.first(c, { key: node.pool_key }), node);
      app.nudge.nodes();
      return { isGone: true };
    }
    // Stopped by an order that was overtaken by its start: it starts again.
    if (!isGoingDown(node) && node.state !== "starting") return { isGone: false };
    await nodeTasksLost(app, c, agentId, node);
    return { isGone: node.state === "reimaging", message: await nodeWentDown(app, c, node) };
  });
  if (isGone) await app.compute.release({ nodeKey: event.nodeKey });
  if (message) app.agents.send(agentId, message);
}

/** Whatever ran on the node has died with it. */
export async function nodeTasksLost(app: App, c: Connection, agentId: string, node: NodeRow): Promise<void> {
  const tasks = await tasksRunningOnNode.all(c, { node_key: node.key });
  await runsEnded(
    app,
    c,
    agentId,
    tasks.map(({ key, attempt }) => ({
      taskKey: key,
      attempt,
      end: { kind: "lost" },
      startedAt: null,
      endedAt: app.clock(),
    })),
  );
}

async function nodeOfAgent(c: Connection, agentId: string, nodeKey: string): Promise<NodeRow | undefined> {
  const node = await nodeByKey.first(c, { key: Number(nodeKey) });
  return node?.agent_id === agentId ? node : undefined;
}

/** A node that starts again runs its start task again, under a number of its own. */
function nextAttempt(node: NodeRow): number {
  return node.start_task ? (JSON.parse(node.start_task) as StartTaskInfo).attempt + 1 : 1;
}
