/** A node that can be asked something: it stands, and an agent hosts it. */
import { Fault } from "../../core/fault.ts";
import { nodeBusy } from "../../core/lifecycle/node-restart.ts";
import type { NodeRow } from "../../store/work/nodes.ts";

/** @returns its agent. @throws Fault of the state of a node that does not stand */
export function standingAgent({ state, agent_id }: NodeRow): string {
  const busy = nodeBusy(state);
  if (busy) throw busy;
  if (agent_id === null) throw new Fault("OperationInvalidForCurrentState");
  return agent_id;
}
