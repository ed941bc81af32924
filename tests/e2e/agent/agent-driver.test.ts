/** The local compute driver with real agents: found again by later services, watched, ended. */
import { existsSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { AgentAdmission } from "../../../src/app/ports/compute-driver.ts";
import { LocalDriver } from "../../../src/compute/local-driver.ts";
import {
  AgentBench,
  type FakeService,
  nodeSpec,
  processesNaming,
  runSpec,
  TOKEN,
  until,
} from "./agent-bench.ts";

const NODE = { nodeKey: "n1", account: "1", limits: { memoryBytes: 2 ** 30, cpus: 1, processes: 100 } };
const admission: AgentAdmission = { tokenOf: () => TOKEN, revoke: () => {} };

let bench: AgentBench;
let service: FakeService;
let drivers: LocalDriver[];

beforeEach(async () => {
  bench = new AgentBench();
  service = await bench.startService();
  drivers = [];
});

afterEach(async () => {
  for (const driver of drivers) await driver.close();
  await bench.dispose();
});

function newDriver(): LocalDriver {
  const driver = new LocalDriver({ dataFolder: bench.folder, admission, log: () => {} });
  driver.configure({ url: service.url, caFile: join(bench.folder, "ca.pem") });
  drivers.push(driver);
  return driver;
}

/** Grows with each agent that dies. */
function losses(driver: LocalDriver): unknown[] {
  const lost: unknown[] = [];
  driver.onChange(() => lost.push("an agent"));
  return lost;
}

test("one agent serves every node of an account, and closing ends it with all that it runs", async () => {
  const driver = newDriver();
  const lost = losses(driver);
  const acquired = await Promise.all([driver.acquire(NODE), driver.acquire(NODE)]);
  expect(acquired).toEqual([{ agentId: "local" }, { agentId: "local" }]);
  await service.said("hello");
  await driver.acquire(NODE);
  service.send(nodeSpec(), { t: "run.start", spec: runSpec(`tail -f /dev/null ${bench.folder}/ca.pem`) });
  await service.said("run.started");
  expect(service.all("hello")).toHaveLength(1);
  for (const name of ["agent.json", "agent.log"])
    expect(statSync(join(bench.folder, "agent", name)).mode & 0o777).toBe(0o600);

  await driver.close();
  expect(processesNaming(bench.folder)).toEqual([]);
  expect(lost).toEqual([]);
});

test("an agent that outlived its service is found again, and its death is reported once", async () => {
  await newDriver().acquire(NODE);
  const { pid, incarnation } = await service.said("hello");

  const next = newDriver();
  const lost = losses(next);
  await next.acquire(NODE);
  process.kill(pid, "SIGKILL");
  await until("the news", () => lost.length > 0);
  await next.acquire(NODE);
  const successor = await service.said("hello", (hello) => hello.incarnation !== incarnation);
  expect(successor.pid).not.toBe(pid);
  expect(lost).toHaveLength(1);
});

test("the death of an agent between two services is reported to the second", async () => {
  const first = newDriver();
  await first.acquire(NODE);
  await service.said("hello");
  await first.close();

  const lost = losses(newDriver());
  await until("the news", () => lost.length > 0);
  expect(lost).toHaveLength(1);
});

test("where there never was an agent, none is lost", async () => {
  const driver = newDriver();
  const lost = losses(driver);
  await driver.acquire(NODE);
  await service.said("hello");
  expect(lost).toEqual([]);
});

test("a program that cannot be started is the one who asked's to hear of", async () => {
  const driver = new LocalDriver({
    dataFolder: bench.folder,
    admission,
    execPath: join(bench.folder, "no-such-node"),
    log: () => {},
  });
  driver.configure({ url: service.url, caFile: join(bench.folder, "ca.pem") });
  await expect(driver.acquire(NODE)).rejects.toThrow(/ENOENT/);
});

test("a released node's folder goes, and nothing beside the nodes' folder", async () => {
  const driver = newDriver();
  mkdirSync(join(bench.nodeRoot(), "shared"), { recursive: true });
  await driver.release({ nodeKey: ".." });
  await driver.release({ nodeKey: "../agent" });
  await driver.release({ nodeKey: "" });
  expect(existsSync(bench.nodeRoot())).toBe(true);
  await driver.release({ nodeKey: "n1" });
  expect(existsSync(bench.nodeRoot())).toBe(false);
  expect(existsSync(join(bench.folder, "agent", "configuration.json"))).toBe(true);
});

test("each account has an agent of its own; one that hosts nothing any more is found again, or ended", async () => {
  const driver = newDriver();
  const other = { ...NODE, nodeKey: "n2", account: "7" };
  expect(await driver.acquire(NODE)).toEqual({ agentId: "local" });
  expect(await driver.acquire(other)).toEqual({ agentId: "local-7" });
  await until("two agents", () => service.all("hello").length === 2);
  expect(
    service
      .all("hello")
      .map(({ agentId }) => agentId)
      .sort(),
  ).toEqual(["local", "local-7"]);
  expect(service.all("hello")[0]?.pid).not.toBe(service.all("hello")[1]?.pid);
  expect([driver.hosts("local"), driver.hosts("local-7"), driver.hosts("local-8")]).toEqual([
    true,
    true,
    false,
  ]);

  const next = newDriver();
  expect(next.hosts("local-7")).toBe(true);
  const { pid } = service.all("hello").find(({ agentId }) => agentId === "local-7") ?? { pid: 0 };
  const lost = losses(next);
  process.kill(pid, "SIGKILL");
  await until("the news", () => lost.length > 0);
});
