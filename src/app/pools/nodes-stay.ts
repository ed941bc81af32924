/** Nodes that were to leave their pool and stay, for the time that they were given has run out or the resize was stopped. */
import type { Connection } from "../../store/engine/connection.ts";
import { type NodeRow, nodeStaying } from "../../store/work/nodes.ts";
import type { Records } from "../records.ts";

/**
 * Those that still wait for their tasks stay; one that has been told to go, goes.
 * @returns how many stay
 */
export async function nodesStay(app: Records, c: Connection, leaving: readonly NodeRow[]): Promise<number> {
  const waiting = leaving.filter(({ leaving, running_tasks }) => {
    const waits = leaving === "taskcompletion" || leaving === "retaineddata";
    return waits && running_tasks > 0;
  });
  for (const { key } of waiting) await nodeStaying.run(c, { key, now: app.clock() });
  return waiting.length;
}
