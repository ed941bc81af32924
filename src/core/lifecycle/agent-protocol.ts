/** What the service does with an agent, by the protocol that the agent speaks. Pure. See docs/agent-protocol.md. */
import { PROTOCOL } from "../../wire/agent/messages.ts";

/** Earlier ones whose messages are understood still. A new `PROTOCOL` says here whether the one before it stays. */
const STILL_UNDERSTOOD: ReadonlySet<number> = new Set([0, 1, 2, 3]);

export type AgentStanding =
  | "current"
  /** Its runs end and are taken in, it gets no new ones, and then another agent takes its place. */
  | "draining"
  /** Nothing that it says after its hello can be relied on: it is sent away, and its runs count as lost. */
  | "foreign";

/** @param protocol as its hello names it */
export function agentStanding(protocol: number | undefined): AgentStanding {
  const theirs = protocol ?? 0;
  if (theirs === PROTOCOL) return "current";
  return STILL_UNDERSTOOD.has(theirs) ? "draining" : "foreign";
}
