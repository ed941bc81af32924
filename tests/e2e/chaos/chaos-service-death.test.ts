/** Killing the service alone interrupts nothing that runs, and nothing that was asked for is forgotten. */
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { BatchClient } from "../batch-client.ts";
import { KillableService, until } from "../killable-service.ts";

let service: KillableService;
let client: BatchClient;
/** Tasks say here that they started, and look here for leave to end. */
let signs: string;

beforeEach(async () => {
  signs = mkdtempSync(join(tmpdir(), "batchyard-signs-"));
  chmodSync(signs, 0o777); // nodes with a sandbox of their own run tasks as other users
  service = await KillableService.start({ parameters: ["--node-path", `${signs}:rw`] });
  client = new BatchClient(service.ready);
});

afterEach(async () => {
  client?.close();
  await service?.dispose();
  rmSync(signs, { recursive: true, force: true });
});

/** Runs until `mayEnd` is called for it, then ends with its exit code. */
const waitingTask = (id: string, exitCode: number) => ({
  id,
  commandLine:
    `/bin/sh -c ': >> "${signs}/$AZ_BATCH_TASK_ID.$BATCHYARD_TASK_ATTEMPT"; ` +
    `until [ -e "${signs}/end-$AZ_BATCH_TASK_ID" ]; do sleep 0.02; done; exit ${exitCode}'`,
});
const mayEnd = (id: string) => writeFileSync(join(signs, `end-${id}`), "");
const started = (id: string) => until(`the start of ${id}`, () => existsSync(join(signs, `${id}.1`)));
const attempts = () => readdirSync(signs).filter((name) => !name.startsWith("end-"));
/** Files are served once the agent's first word to the new service has been taken in. */
const agentIsBack = (id: string) =>
  until("the agent", async () => {
    return (await client.send("GET", `/jobs/job/tasks/${id}/files/stdout.txt`)).status === 200;
  });
const completed = (id: string) =>
  until(`the end of ${id}`, async () => {
    const task = await client.task("job", id);
    return task.state === "completed" && task;
  });

test("tasks run on through three deaths of the service, also those that end while it is away", async () => {
  await client.addPool("pool", 1, 4);
  await client.addJob("job", "pool");
  await client.addTasks("job", [waitingTask("stays", 7), waitingTask("ends-meanwhile", 3)]);
  await Promise.all([started("stays"), started("ends-meanwhile")]);
  for (let death = 1; death <= 3; death++) {
    await service.kill();
    if (death === 2) mayEnd("ends-meanwhile");
    await service.start();
    expect((await client.task("job", "stays")).state).toBe("running");
  }
  expect((await completed("ends-meanwhile")).executionInfo).toMatchObject({ exitCode: 3, retryCount: 0 });
  mayEnd("stays");
  expect((await completed("stays")).executionInfo).toMatchObject({ exitCode: 7, requeueCount: 0 });
  expect(attempts().sort()).toEqual(["ends-meanwhile.1", "stays.1"]);
});

test("a node that waits for its tasks before it leaves goes on waiting under the next service", async () => {
  await client.addPool("pool", 1, 1);
  await client.addJob("job", "pool");
  await client.addTasks("job", [waitingTask("last", 5)]);
  await started("last");
  const steady = (nodes: number) =>
    until("the pool's size", async () => {
      const { json } = await client.ok<{ allocationState: string; currentDedicatedNodes: number }>(
        "GET",
        "/pools/pool",
      );
      return json.allocationState === "steady" && json.currentDedicatedNodes === nodes;
    });
  await steady(1);
  const nodeDeallocationOption = "taskcompletion";
  await client.ok("POST", "/pools/pool/resize", { targetDedicatedNodes: 0, nodeDeallocationOption });
  await until("the node to leave", async () => {
    const { json } = await client.ok<{ value: { state: string }[] }>("GET", "/pools/pool/nodes");
    return json.value[0]?.state === "leavingpool";
  });
  await service.kill();
  await service.start();
  await agentIsBack("last");
  expect((await client.task("job", "last")).state).toBe("running");
  mayEnd("last");
  expect((await completed("last")).executionInfo?.exitCode).toBe(5);
  expect(attempts()).toEqual(["last.1"]);
  await steady(0);
});

test("a job that is told to terminate just before the service dies does so under the next one", async () => {
  await client.addPool("pool", 1, 4);
  await client.addJob("job", "pool");
  await client.addTasks(
    "job",
    ["a", "b", "c"].map((id) => waitingTask(id, 0)),
  );
  await Promise.all(["a", "b", "c"].map(started));
  expect((await client.send("POST", "/jobs/job/terminate")).status).toBe(202);
  await service.kill();
  await service.start();
  await until("the job's end", async () => {
    return (await client.ok<{ state: string }>("GET", "/jobs/job")).json.state === "completed";
  });
  for (const { state, executionInfo } of await client.tasks("job")) {
    expect({ state, ...executionInfo }).toMatchObject({
      state: "completed",
      failureInfo: { code: "TaskEnded" },
    });
  }
  expect(attempts()).toHaveLength(3);
});

test("a node that was going down when its agent died keeps its next tasks over the service's death", async () => {
  await client.addPool("pool", 1, 1);
  await client.addJob("job", "pool");
  await client.addTasks("job", [waitingTask("t", 6)]);
  await started("t");
  const { json } = await client.ok<{ value: { id: string }[] }>("GET", "/pools/pool/nodes");
  const nodeRebootOption = "taskcompletion";
  await client.ok("POST", `/pools/pool/nodes/${json.value[0]?.id}/reboot`, { nodeRebootOption });
  await service.killAgent();
  await until("the second attempt", () => attempts().includes("t.2"));
  await service.kill();
  await service.start();
  await agentIsBack("t");
  expect((await client.task("job", "t")).state).toBe("running");
  mayEnd("t");
  expect((await completed("t")).executionInfo).toMatchObject({ exitCode: 6, retryCount: 0 });
  expect(attempts().sort()).toEqual(["t.1", "t.2"]);
});
