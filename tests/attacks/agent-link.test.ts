/** What whoever has an agent's token can do with it, as any task of a process node may: it says to the service what it likes. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AgentConfiguration } from "../../src/wire/agent/configuration.ts";
import { PROTOCOL, type ToAgent } from "../../src/wire/agent/messages.ts";
import { AgentLink } from "../e2e/agent/agent-link.ts";
import { randomFrom } from "../e2e/chaos/seeded-random.ts";
import { BatchClient } from "../wire/batch-client.fixture.ts";
import { eventually } from "../wire/eventually.fixture.ts";
import { type RunningService, runningService } from "../wire/running-service.fixture.ts";
import { LoopStalls } from "./loop-stalls.ts";
import { randomFrame, trueMessages } from "./random-frames.ts";

/** More by hand: FUZZ_FRAMES=100000 */
const FRAMES = Number(process.env.FUZZ_FRAMES ?? 400);
const SEED = Number(process.env.FUZZ_SEED ?? 20_261_130);
const STALL_MS = 100;
/** Without a close frame, as a connection ends whose agent has another. */
const REPLACED = 1006;

let service: RunningService;
let client: BatchClient;

beforeAll(async () => {
  service = await runningService({ isolation: "process" });
  client = await BatchClient.connect(service);
  const virtualMachineConfiguration = {
    imageReference: { publisher: "debian", offer: "debian-12", sku: "12" },
    nodeAgentSKUId: "batch.node.debian 12",
  };
  const pool = { id: "pool", vmSize: "standard_d2_v3", targetDedicatedNodes: 1, virtualMachineConfiguration };
  await client.send("POST", "/pools", { body: pool });
  await client.send("POST", "/jobs", { body: { id: "job", poolInfo: { poolId: "pool" } } });
  const task = { id: "waits", commandLine: `/bin/sh -c 'until [ -e "${leave()}" ]; do sleep 0.05; done'` };
  await client.send("POST", "/jobs/job/tasks", { body: task });
  await eventually("the task's start", async () => (await state()) === "running");
});
afterAll(() => service?.close());

const leave = () => join(service.folder, "nodes", "leave");
const state = async () => (await client.send("GET", "/jobs/job/tasks/waits")).json.state;

function configuration(): AgentConfiguration {
  return JSON.parse(readFileSync(join(service.folder, "agent", "configuration.json"), "utf8"));
}

/** As the true agent says it: what it runs is not to be taken for lost. */
function hello(): object {
  const database = new DatabaseSync(join(service.folder, "state.db"), { readOnly: true });
  const { agentId } = configuration();
  const found = database.prepare("select key, incarnation from node where agent_id = ?").get(agentId);
  database.close();
  return {
    t: "hello",
    protocol: PROTOCOL,
    agentId,
    incarnation: found?.incarnation,
    pid: 1,
    nodes: [{ nodeKey: String(found?.key), isolation: "process" }],
    runs: ["t:1:1"],
    reports: [],
  };
}

function ended(change: object): string {
  const end = { kind: "stopped" };
  const report = { run: "t:1:9", nodeKey: "1", endTime: "2026-11-30T00:00:00Z", end, ...change };
  return JSON.stringify([{ t: "run.ended", report }]);
}

const isWell = async () => {
  expect(await state()).toBe("running");
  expect((await client.send("GET", "/jobs/job/tasks/waits/files/stdout.txt")).status).toBeLessThan(500);
};

const BAD_FRAMES: readonly [title: string, code: number, frame: string | Buffer][] = [
  ["no JSON", 1007, "not json"],
  ["no list", 1008, "{}"],
  ["nothing", 1008, Buffer.alloc(0)],
  ["a message without a kind", 1008, "[{}]"],
  ["null among messages", 1008, '[{"t":"node.stopped","nodeKey":"9"},null]'],
  ["a kind that every object has", 1008, '[{"t":"constructor"}]'],
  ["an end without a report", 1008, '[{"t":"run.ended"}]'],
  ["an end at no time", 1008, ended({ endTime: "x" })],
  ["an end of no kind", 1008, ended({ end: {} })],
  ["brackets without end", 1007, "[".repeat(1_000_000)],
  ["more than a frame may have", 1009, `["${"x".repeat(1024 * 1024)}"]`],
];

test.each(BAD_FRAMES)(
  "a frame of a peer that has not said who it is ends the service: %s",
  async (_, code, frame) => {
    const link = await AgentLink.open(configuration());
    link.sayRaw(frame);
    expect(await link.closed).toBe(code);
    await isWell();
  },
);

test.each(BAD_FRAMES)("an agent's frame ends the service: %s", async (_, code, frame) => {
  const say = async () => {
    const link = await AgentLink.open(configuration());
    link.say(hello());
    link.sayRaw(frame);
    return link.closed;
  };
  let closed = await say();
  // The true agent comes back within that time and takes its place: the long frames are then half heard.
  while (closed === REPLACED) closed = await say();
  expect(closed).toBe(code);
  await isWell();
});

test("a frame that does not fit is seen by nobody", async () => {
  const audited = () => readFileSync(join(service.folder, "audit", "audit.jsonl"), "utf8");
  const line = /"operation":"Agent_Message".*A message is no run\.ended: it has a \\"report\\"/;
  await eventually("the audit line", () => line.test(audited()));
});

test("a message that makes no sense keeps the others of its frame from being heard", async () => {
  const nonsense = { t: "node.failed", nodeKey: "999999999999999", code: "x", message: "" };
  const say = async () => {
    const link = await AgentLink.open(configuration());
    link.say(hello(), nonsense, ...JSON.parse(ended({})));
    const isAck = (message: ToAgent) => message.t === "run.ack" && message.runs[0] === "t:1:9";
    const told = await Promise.race([link.heard(isAck).then(() => "heard"), link.closed]);
    link.close();
    return told;
  };
  let told = await say();
  // The true agent may have taken its place before the answer came.
  while (told === REPLACED) told = await say();
  expect(told).toBe("heard");
  await isWell();
});

test("one of many random frames ends the service or stops it for everybody", {
  timeout: 3_600_000,
}, async () => {
  const random = randomFrom(SEED);
  const messages = trueMessages("fromAgent");
  const greeting = hello();
  const stalls = new LoopStalls();
  for (let sent = 0; sent < FRAMES; ) {
    const link = await AgentLink.open(configuration());
    let isOpen = true;
    void link.closed.then(() => {
      isOpen = false;
    });
    if (random.chance(0.7)) link.say(greeting);
    while (isOpen && sent < FRAMES && random.chance(0.9)) {
      link.sayRaw(randomFrame(random, messages));
      sent++;
      if (random.chance(0.3)) await nextTurn();
    }
    link.close();
  }
  stalls.stop();
  const { longest } = stalls;
  console.log(`${FRAMES} frames, seed ${SEED}: the longest stall was ${longest.toFixed()} ms`);
  expect(longest).toBeLessThan(STALL_MS);
  await eventually("the agent", async () => {
    const { status } = await client.send("GET", "/jobs/job/tasks/waits/files/stdout.txt");
    return status === 200;
  });
});

test("a task that runs meanwhile is stopped, or started twice", async () => {
  writeFileSync(leave(), "");
  await eventually("the task's end", async () => (await state()) === "completed");
  const { json } = await client.send("GET", "/jobs/job/tasks/waits");
  expect(json.executionInfo).toMatchObject({ exitCode: 0, retryCount: 0, requeueCount: 0 });
});
