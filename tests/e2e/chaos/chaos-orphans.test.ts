/** Nobody is left behind: not by a killed agent, not by a stop, not by a service that never comes back. */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import { BatchClient } from "../batch-client.ts";
import { KillableService, processesNaming, processesOf, until } from "../killable-service.ts";

const TASKS = 6;
/** A task is a family of three generations of which two have left their session and their parents. */
const FAMILY = `/bin/sh -c 'setsid sh -c "(setsid sleep 1000 &) ; sleep 1000" & sleep 1000; true'`;
const SLEEPERS = 3;

let service: KillableService;
let client: BatchClient;
/** In the environment of every process of every task. */
let marker: string;

afterEach(async () => {
  client?.close();
  await service?.dispose();
});

async function startFamilies(environment: Record<string, string> = {}): Promise<void> {
  service = await KillableService.start({ environment });
  client = new BatchClient(service.ready);
  marker = randomUUID();
  await client.addPool("pool", 2, TASKS / 2);
  await client.addJob("job", "pool", { commonEnvironmentSettings: [{ name: "MARKER", value: marker }] });
  const tasks = Array.from({ length: TASKS }, (_, i) => ({ id: `t${i}`, commandLine: FAMILY }));
  await client.addTasks("job", tasks);
  await allFamilies();
}

async function allFamilies(): Promise<void> {
  await until("all families", () => processesOf("sleep", marker).length === TASKS * SLEEPERS);
}

test("a killed agent takes every process of every task along", async () => {
  await startFamilies();
  const families = processesNaming(marker);
  await service.kill();
  expect(processesNaming(marker)).toEqual(families);
  await service.killAgent();
  await until("the end of all families", () => processesNaming(marker).length === 0);
});

test("with the service alive the tasks of a killed agent run again, once each", async () => {
  await startFamilies();
  const before = new Set(processesNaming(marker));
  await service.killAgent();
  await until("the new families", () => {
    return processesOf("sleep", marker).filter((pid) => !before.has(pid)).length === TASKS * SLEEPERS;
  });
  expect(processesNaming(marker).filter((pid) => before.has(pid))).toEqual([]);
  for (const { state, executionInfo } of await client.tasks("job")) {
    expect({ state, ...executionInfo }).toMatchObject({ state: "running", retryCount: 0, requeueCount: 0 });
  }
});

test("a node whose init is killed starts again, start task first, and so do the tasks that died with it", async () => {
  service = await KillableService.start();
  client = new BatchClient(service.ready);
  marker = randomUUID();
  const environmentSettings = [{ name: "MARKER", value: marker }];
  // While this sleeps, no task starts; without end it sleeps only in its first attempt.
  const commandLine = `/bin/sh -c 'test "$BATCHYARD_TASK_ATTEMPT" != 1 || exec sleep 1000'`;
  await client.addPool("pool", 1, 1, {
    startTask: { commandLine, environmentSettings, waitForSuccess: true },
  });
  await client.addJob("job", "pool");
  await client.addTasks("job", [{ id: "t", commandLine: "sleep 1000", environmentSettings }]);
  const sleeper = () => until("a sleeper", () => processesOf("sleep", marker)[0]);

  const ofStartTask = await sleeper();
  process.kill(await nodeInit(), "SIGKILL");
  await until("its end", () => !processesNaming(marker).includes(ofStartTask));
  const ofTask = await sleeper();
  const [node] = (await client.ok<{ value: { startTaskInfo: object }[] }>("GET", "/pools/pool/nodes")).json
    .value;
  expect(node?.startTaskInfo).toMatchObject({ state: "completed", exitCode: 0, retryCount: 0 });

  process.kill(await nodeInit(), "SIGKILL");
  await until("its end", () => !processesNaming(marker).includes(ofTask));
  await sleeper();
  const { state, executionInfo } = await client.task("job", "t");
  expect({ state, ...executionInfo }).toMatchObject({ state: "running", retryCount: 0, requeueCount: 0 });
});

/** The only child of an agent with one node. */
function nodeInit(): Promise<number> {
  const pid = service.agentPid;
  return until("the node's init", () => {
    const [init] = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean);
    return init !== undefined && Number(init);
  });
}

test("after batchyard stop nothing is alive any more, at once", async () => {
  await startFamilies();
  await service.stop();
  expect(processesNaming(marker)).toEqual([]);
  expect(processesNaming(service.folder)).toEqual([]);
});

test("an agent whose service stays away ends its tasks and itself", async () => {
  await startFamilies({ BATCHYARD_AGENT_ORPHAN_SECONDS: "1" });
  const families = processesNaming(marker);
  await service.kill();
  expect(processesNaming(marker)).toEqual(families);
  expect(service.agentPid).toBeDefined();
  await until("the end of the agent", () => processesNaming(service.folder).length === 0);
  expect(processesNaming(marker)).toEqual([]);

  await service.start();
  await allFamilies();
});
