/**
 * Takes a node down without giving it up: reboot (its folder stays), reimage (its folder goes), deallocate (it stays down until
 * it is started). The nodes reconciler does it, once the node's tasks are seen to. Source: Azure Batch REST, "Compute Node".
 */
import { Fault } from "../../core/fault.ts";
import { type NodeRestart, nodeBusy, STATE_GOING_DOWN } from "../../core/lifecycle/node-restart.ts";
import type { Connection } from "../../store/engine/connection.ts";
import { nodeUsersDelete } from "../../store/work/node-users.ts";
import { type NodeRow, nodeAgentSet, nodeRestarting } from "../../store/work/nodes.ts";
import { poolByKey } from "../../store/work/pools.ts";
import type { ToAgent } from "../../wire/agent/messages.ts";
import type { App } from "../app.ts";
import { type NodeTarget, nodeFind } from "./node-read.ts";
import { nodeSpec } from "./node-spec.ts";

/** For a node that was deallocated. @throws Fault PoolNotFound, NodeNotFound, and the one of the node's state */
export async function nodeRequestStart(target: NodeTarget): Promise<void> {
  const [app] = target;
  await app.store.write(async (c) => {
    const { node } = await nodeFind(c, target);
    if (node.state !== "deallocated")
      throw nodeBusy(node.state) ?? new Fault("OperationInvalidForCurrentState");
    // Without an agent, as a node that is new: the reconciler asks the driver for one.
    await nodeAgentSet.run(c, {
      key: node.key,
      agent_id: null,
      incarnation: null,
      state: "starting",
      now: app.clock(),
    });
    app.nudge.nodes();
  });
}

export function restartOf(node: Pick<NodeRow, "restart">): NodeRestart | undefined {
  return node.restart === null ? undefined : (JSON.parse(node.restart) as NodeRestart);
}

export function isGoingDown({ state }: Pick<NodeRow, "state">): boolean {
  return Object.values(STATE_GOING_DOWN).some((down) => down === state);
}

/** The node is down: it starts again, or rests. @returns what to tell its agent after the commit */
export async function nodeWentDown(app: App, c: Connection, node: NodeRow): Promise<ToAgent | undefined> {
  const now = app.clock();
  if (node.state === "deallocating") {
    await nodeRestarting.run(c, { key: node.key, state: "deallocated", restart: null, now });
    return undefined;
  }
  const pool = await poolByKey.first(c, { key: node.pool_key });
  if (!pool) return undefined;
  // They go with the image; a reboot leaves them.
  if (node.state === "reimaging") await nodeUsersDelete.run(c, { node_key: node.key });
  await nodeRestarting.run(c, { key: node.key, state: "starting", restart: node.restart, now });
  return { t: "node.start", node: await nodeSpec(app, c, pool, node) };
}
