/** An agent of another version than the service: what it still runs ends, or it is sent away. See docs/agent-protocol.md. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AgentConfiguration } from "../../../src/wire/agent/configuration.ts";
import { PROTOCOL } from "../../../src/wire/agent/messages.ts";
import { BatchClient } from "../../wire/batch-client.fixture.ts";
import { eventually } from "../../wire/eventually.fixture.ts";
import { type RunningService, runningService } from "../../wire/running-service.fixture.ts";
import { AgentLink } from "./agent-link.ts";

let service: RunningService;
let configuration: AgentConfiguration;
/** Milliseconds. */
let later = 0;

beforeAll(async () => {
  service = await runningService({ isolation: "process", clock: () => Date.now() + later });
  configuration = JSON.parse(readFileSync(join(service.folder, "agent", "configuration.json"), "utf8"));
});
afterAll(() => service?.close());

/** Without a number, as agents were before there were numbers. */
function hello(more: object): object {
  const { agentId } = configuration;
  return { t: "hello", agentId, incarnation: "old", pid: 1, nodes: [], runs: [], reports: [], ...more };
}

test("an agent of the protocol before is told to go once its last run has ended", async () => {
  const link = await AgentLink.open(configuration);
  link.say(hello({ runs: ["t:900:1", "t:901:1"] }));
  const end = { kind: "stopped" };
  const ended = (run: string) => ({
    t: "run.ended",
    report: { run, nodeKey: "", endTime: "2026-11-30T00:00:00Z", end },
  });
  const isAck = (run: string) => (message: { t: string; runs?: readonly string[] }) =>
    message.t === "run.ack" && message.runs?.[0] === run;
  link.say(ended("t:900:1"));
  await link.heard(isAck("t:900:1"));
  expect(link.hasHeard(({ t }) => t === "shutdown")).toBe(false);
  link.say(ended("t:901:1"));
  await link.heard(isAck("t:901:1"));
  await link.heard(({ t }) => t === "shutdown");
  link.close();
});

test("an agent of a protocol that nobody here knows is told to go at once", async () => {
  const link = await AgentLink.open(configuration);
  link.say({ t: "hello", protocol: PROTOCOL + 1, agentId: configuration.agentId, something: "else" });
  await link.heard(({ t }) => t === "shutdown");
  expect(await link.closed).toBe(1000);
});

test("an order to start a node that was lost is given again", async () => {
  const client = await BatchClient.connect(service);
  const virtualMachineConfiguration = {
    imageReference: { publisher: "debian", offer: "debian-12", sku: "12" },
    nodeAgentSKUId: "batch.node.debian 12",
  };
  const pool = { id: "pool", vmSize: "standard_d2_v3", targetDedicatedNodes: 1, virtualMachineConfiguration };
  await client.send("POST", "/pools", { body: pool });
  const nodes = async () => (await client.send("GET", "/pools/pool/nodes")).json.value;
  await eventually("the node", async () => (await nodes())[0]?.state === "idle");
  const { pid } = JSON.parse(readFileSync(join(service.folder, "agent", "agent.json"), "utf8"));
  process.kill(pid, "SIGSTOP");
  try {
    const link = await AgentLink.open(configuration);
    const isStart = ({ t }: { t: string }) => t === "node.start";
    link.say(hello({ protocol: PROTOCOL }));
    await link.heard(isStart);
    expect((await nodes())[0].state).toBe("starting");
    link.forget();
    later = 15_000;
    await link.heard(isStart);
    link.close();
  } finally {
    process.kill(pid, "SIGCONT");
  }
  await eventually("the node", async () => (await nodes())[0]?.state === "idle");
});

test("an agent of the protocol before is not asked for what it never heard of", async () => {
  const client = await BatchClient.connect(service);
  const [node] = (await client.get("/pools/pool/nodes")).value;
  const database = new DatabaseSync(join(service.folder, "state.db"), { readOnly: true });
  const { key, incarnation } = database.prepare("select key, incarnation from node").get() ?? {};
  database.close();
  const { pid } = JSON.parse(readFileSync(join(service.folder, "agent", "agent.json"), "utf8"));
  process.kill(pid, "SIGSTOP");
  try {
    const link = await AgentLink.open(configuration);
    const nodes = [{ nodeKey: String(key), isolation: "process" }];
    link.say(hello({ protocol: PROTOCOL - 1, incarnation, nodes, runs: ["t:900:1"] }));
    await link.heard(({ t }) => t === "run.stop"); // it is no run of the service's
    const body = { containerUrl: "https://x.blob.core.windows.net/c", startTime: "2026-11-30T00:00:00Z" };
    const path = `/pools/pool/nodes/${node.id}/uploadbatchservicelogs`;
    const { status, json } = await client.send("POST", path, { body });
    expect([status, json.code]).toEqual([409, "OperationInvalidForCurrentState"]);
    expect(link.hasHeard(({ t }) => t === "logs.ask")).toBe(false);
    link.close();
  } finally {
    process.kill(pid, "SIGCONT");
  }
});
