/** A task that writes until there is no room, where each node has a share of the machine's disk. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BatchClient } from "../e2e/batch-client.ts";
import { KillableService, until } from "../e2e/killable-service.ts";

const MIB = 2 ** 20;
const SHARE = 64 * MIB;

interface Node {
  readonly id: string;
  readonly state: string;
  readonly errors?: readonly { readonly code: string }[];
}

let service: KillableService;
let client: BatchClient;
/** The kernel refuses; elsewhere a node's folders are measured. */
let isRefused: boolean;

beforeAll(async () => {
  service = await KillableService.start({ parameters: ["--node-disk", "64M"] });
  client = new BatchClient(service.ready);
  await client.addPool("pool", 2, 1);
  await client.addJob("job", "pool");
  await until("both nodes", async () => (await nodes()).every(({ state }) => state === "idle"));
  isRefused = folders().some((name) => name.endsWith(".disk"));
  if (!isRefused) console.warn("nodes have no disks of their own here: they are measured");
}, 60_000);

afterAll(async () => {
  client?.close();
  await service?.dispose();
});

async function nodes(): Promise<readonly Node[]> {
  return (await client.ok<{ value: Node[] }>("GET", "/pools/pool/nodes")).json.value;
}

function folders(): string[] {
  return readdirSync(join(service.folder, "nodes"));
}

async function completed(id: string) {
  await until(`the end of ${id}`, async () => (await client.task("job", id)).state === "completed");
  return (await client.task("job", id)).executionInfo;
}

async function sizeOf(id: string): Promise<number> {
  const { headers } = await client.ok("HEAD", `/jobs/job/tasks/${id}/files/wd/big`);
  return Number(headers["content-length"]);
}

test("a task fills its node's disk, and with it the machine's, the service's and its neighbour's", async () => {
  // Where it is only measured, it has written more before it is seen.
  const script = "dd if=/dev/zero of=big bs=1M count=100 || exit 28; sleep 60";
  await client.addTasks("job", [{ id: "greedy", commandLine: `/bin/sh -c '${script}'` }]);
  const end = await completed("greedy");
  if (isRefused) {
    expect(end).toMatchObject({ exitCode: 28, result: "failure" });
    const taken = await sizeOf("greedy");
    expect(taken).toBeLessThan(SHARE);
    expect(taken).toBeGreaterThan(SHARE / 2);
  } else expect(end?.failureInfo).toMatchObject({ code: "DiskFull" });

  // Its own node says so and gets no more tasks; the other goes on.
  const full = await until("its node's word", async () =>
    (await nodes()).find(({ state }) => state === "unusable"),
  );
  expect(full.errors).toMatchObject([{ code: "DiskFull" }]);
  await client.addTasks(
    "job",
    ["a", "b", "c"].map((id) => ({ id, commandLine: "/bin/sh -c 'dd if=/dev/zero of=big bs=1M count=8'" })),
  );
  for (const id of ["a", "b", "c"]) expect(await completed(id)).toMatchObject({ exitCode: 0 });
  expect((await fetch(`${service.ready.plain}/health`)).status).toBe(200);
});

test("a death of service and agent takes the wall away, or what lies behind it", async () => {
  await service.kill();
  await service.killAgent();
  await service.start();
  client.close();
  client = new BatchClient(service.ready);
  const file = "/jobs/job/tasks/a/files/wd/big";
  await until("the agent", async () => (await client.send("HEAD", file)).status === 200);
  expect(await sizeOf("a")).toBe(8 * MIB);
  const full = await until("the full node's word", async () =>
    (await nodes()).find(({ state }) => state === "unusable"),
  );
  expect(full.errors).toMatchObject([{ code: "DiskFull" }]);
  // A new image is a new disk.
  await client.ok("POST", `/pools/pool/nodes/${full.id}/reimage`, {});
  await until("both nodes", async () => (await nodes()).every(({ state }) => state === "idle"));
});

test("a node's disk stays when its pool has gone", async () => {
  await client.ok("DELETE", "/jobs/job");
  await client.ok("DELETE", "/pools/pool");
  await until("the last of its folders", () => folders().length === 0);
});
