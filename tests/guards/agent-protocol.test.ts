/**
 * Agents outlive services: what one version says, the other has to understand. The fixture has messages as they were spoken, by
 * protocol. Whoever finds this test red has changed a message so that yesterday's peer does not fit any more: give it back what it
 * says, or raise `PROTOCOL`, add the new messages to the fixture, and say in `core/lifecycle/agent-protocol.ts` what becomes of agents
 * of the protocol before.
 */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { agentStanding } from "../../src/core/lifecycle/agent-protocol.ts";
import { anyHello, fromAgent } from "../../src/wire/agent/from-agent.ts";
import { PROTOCOL } from "../../src/wire/agent/messages.ts";
import { toAgent } from "../../src/wire/agent/to-agent.ts";

interface Message {
  readonly t: string;
}

const spoken: Readonly<Record<string, { readonly fromAgent: Message[]; readonly toAgent: Message[] }>> =
  JSON.parse(readFileSync(new URL("agent-messages.fixture.json", import.meta.url), "utf8"));
const understood = Object.keys(spoken).filter((protocol) => agentStanding(Number(protocol)) !== "foreign");

/** Of earlier protocols only: today's agents do not send it. */
const GONE = ["file.chunk"];

test("today's protocol is in the fixture with every kind of message", () => {
  const today = spoken[PROTOCOL];
  const kinds = (messages: readonly Message[] = []) => [...new Set(messages.map(({ t }) => t))].sort();
  expect(kinds(today?.fromAgent)).toEqual(fromAgent.kinds.filter((kind) => !GONE.includes(kind)).sort());
  expect(kinds(today?.toAgent)).toEqual([...toAgent.kinds].sort());
});

describe.each(understood)("what was spoken as protocol %s", (protocol) => {
  test.each(spoken[protocol]?.fromAgent.map((message) => [message.t, message] as const) ?? [])(
    "by an agent, %s, is understood",
    (_, message) => expect(fromAgent(message)).toBeUndefined(),
  );
  test.each(spoken[protocol]?.toAgent.map((message) => [message.t, message] as const) ?? [])(
    "by a service, %s, is understood",
    (_, message) => expect(toAgent(message)).toBeUndefined(),
  );
});

test("the hello of any version, past or to come, says who speaks", () => {
  for (const { fromAgent: messages } of Object.values(spoken)) expect(anyHello(messages[0])).toBeUndefined();
  expect(anyHello({ t: "hello", protocol: PROTOCOL + 5, agentId: "local", whatever: {} })).toBeUndefined();
  expect([agentStanding(PROTOCOL), agentStanding(undefined), agentStanding(PROTOCOL + 5)]).toEqual([
    "current",
    "draining",
    "foreign",
  ]);
});
