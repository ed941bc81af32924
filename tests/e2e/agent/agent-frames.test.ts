/** An agent outlives whatever its service says: its tasks run on, and the next connection makes up for what was lost. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { randomFrame, trueMessages } from "../../attacks/random-frames.ts";
import { randomFrom } from "../chaos/seeded-random.ts";
import { AgentBench, type FakeService, nodeSpec, runSpec, until } from "./agent-bench.ts";

/** More by hand: FUZZ_AGENT_FRAMES=2000 */
const FRAMES = Number(process.env.FUZZ_AGENT_FRAMES ?? 8);

let bench: AgentBench;
let service: FakeService;

beforeEach(async () => {
  bench = new AgentBench();
  service = await bench.startService();
});
afterEach(() => bench.dispose());

const hellos = () => service.all("hello").length;

test("frames that do not fit end the connection and nothing else", { timeout: 600_000 }, async () => {
  const agent = bench.startAgent();
  const waits = runSpec(`/bin/sh -c 'until [ -e ../../../../../leave ]; do sleep 0.05; done'`);
  service.send(nodeSpec());
  await service.said("hello");
  service.send(nodeSpec(), { t: "run.start", spec: waits });
  await service.said("run.started");
  const random = randomFrom(7);
  // Nothing that tells it to end, or to stop what runs.
  const messages = trueMessages("toAgent").filter(
    (message) => "t" in message && !["shutdown", "node.stop", "run.stop"].includes(message.t as string),
  ) as [object, ...object[]];
  for (let sent = 0; sent < FRAMES; sent++) {
    const before = hellos();
    service.sendRaw(randomFrame(random, messages));
    service.sendRaw("{}");
    await until("another connection", () => hellos() > before);
  }
  expect(agent.exitCode).toBeNull();
  expect(service.all("hello").at(-1)?.runs).toContain(waits.run);
  service.send({ t: "run.stop", run: waits.run, graceMs: 0 });
  expect((await service.ended(waits.run)).end).toEqual({ kind: "stopped" });
  expect(
    service.all("hello").every(({ incarnation }) => incarnation === service.all("hello")[0]?.incarnation),
  ).toBe(true);
});
