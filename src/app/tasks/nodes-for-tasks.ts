/** Which nodes of a pool can be given tasks now: those that are open, and live in the agent that is connected. */
import type { Connection } from "../../store/engine/connection.ts";
import { nodesOpen } from "../../store/work/nodes.ts";
import type { App } from "../app.ts";

/** @param slots nodes with fewer taken ones */
export async function nodesForTasks(app: App, c: Connection, poolKey: number, slots: number) {
  const nodes = await nodesOpen.all(c, { pool_key: poolKey, slots });
  // One that an agent has left behind by its death waits for its turn with the successor.
  return nodes.filter(
    ({ agent_id, incarnation }) =>
      agent_id !== null && incarnation !== null && app.agents.incarnationOf(agent_id) === incarnation,
  );
}
