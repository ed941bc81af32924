/**
 * A node whose machine is gone, and nobody says when there is another: its tasks are lost at once, and it waits for an agent as a
 * node that is new. Called inside the nodes reconciler's write.
 */
import type { Connection } from "../../store/engine/connection.ts";
import { type NodeRow, nodeAgentSet, nodeRestarting } from "../../store/work/nodes.ts";
import type { PoolRow } from "../../store/work/pools.ts";
import type { App } from "../app.ts";
import { nodeLeave } from "../usage/account-usage.ts";
import { nodeTasksLost } from "./node-events.ts";

export async function nodeLost(app: App, c: Connection, pool: PoolRow, node: NodeRow): Promise<void> {
  if (node.agent_id === null) return;
  await nodeTasksLost(app, c, node.agent_id, node);
  app.nudge.placement(pool.key);
  const now = app.clock();
  const agentless = { key: node.key, agent_id: null, incarnation: null, now };
  switch (node.state) {
    case "leavingpool":
      await nodeLeave(app, c, pool, node);
      break;
    case "deallocated":
    case "deallocating":
      await nodeRestarting.run(c, { key: node.key, state: "deallocated", restart: null, now });
      await nodeAgentSet.run(c, { ...agentless, state: "deallocated" });
      break;
    default:
      await nodeAgentSet.run(c, { ...agentless, state: "starting" });
  }
}
