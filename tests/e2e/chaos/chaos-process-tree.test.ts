/** A limit in time, and a job's end, reach every process of a task, wherever it has gone and whatever it ignores. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BatchClient } from "../batch-client.ts";
import { KillableService, processesNaming, processesOf, until } from "../killable-service.ts";

/** Three generations: a child in a session of its own, and a grandchild that has left that one and is nobody's child. */
const FAMILY = `/bin/sh -c 'trap "" TERM; setsid sh -c "(setsid sleep 1000 &) ; sleep 1000" & sleep 1000'`;
const SLEEPERS = 3;
/** Asked for by the issue; the grace between SIGTERM and SIGKILL is one second of it. Milliseconds. */
const QUIET_AFTER_TERMINATE_MS = 2_000;

let service: KillableService;
let client: BatchClient;
beforeAll(async () => {
  service = await KillableService.start();
  client = new BatchClient(service.ready);
  await client.addPool("pool", 2, 10);
});
afterAll(async () => {
  client?.close();
  await service?.dispose();
});

async function startFamilies(jobId: string, count: number, constraints: object = {}): Promise<string> {
  const marker = randomUUID();
  await client.addJob(jobId, "pool", { commonEnvironmentSettings: [{ name: "MARKER", value: marker }] });
  const tasks = Array.from({ length: count }, (_, i) => ({ id: `t${i}`, commandLine: FAMILY, constraints }));
  await client.addTasks(jobId, tasks);
  await until("all families", () => processesOf("sleep", marker).length === count * SLEEPERS);
  return marker;
}

test("maxWallClockTime ends three generations before the task reads as completed", async () => {
  const marker = await startFamilies("limited", 1, { maxWallClockTime: "PT2S", maxTaskRetryCount: 3 });
  const task = await until("the end", async () => {
    const task = await client.task("limited", "t0");
    return task.state === "completed" && task;
  });
  expect(processesNaming(marker)).toEqual([]);
  expect(task.executionInfo).toMatchObject({
    result: "failure",
    retryCount: 0,
    failureInfo: { code: "TaskEnded" },
  });
});

test("a terminated job of 20 running tasks is quiet within two seconds", async () => {
  const marker = await startFamilies("terminated", 20);
  const asked = performance.now();
  expect((await client.send("POST", "/jobs/terminated/terminate")).status).toBe(202);
  await until("quiet", () => processesNaming(marker).length === 0);
  expect(performance.now() - asked).toBeLessThan(QUIET_AFTER_TERMINATE_MS);
  await until("the job's end", async () => {
    return (await client.ok<{ state: string }>("GET", "/jobs/terminated")).json.state === "completed";
  });
  expect(await client.counts("terminated")).toMatchObject({ running: 0, completed: 20, failed: 20 });
});
