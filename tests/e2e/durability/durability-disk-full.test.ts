/**
 * A data folder that runs full: what cannot be stored is refused, what was accepted stays, and with room again everything
 * goes on. The folder is a small file system of its own, which only root can mount.
 */
import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFailed, test } from "vitest";
import { BatchClient } from "../batch-client.ts";
import { KillableService, processesNaming, processesOf, until } from "../killable-service.ts";

const DISK_MB = 24;
const folder = mkdtempSync(join(tmpdir(), "batchyard-full-"));
const disk = join(folder, "disk");
const isMounted = mounted();
if (!isMounted) console.warn("skipped: a full disk (a small file system cannot be mounted here)");
afterAll(() => {
  if (isMounted) execFileSync("umount", ["--lazy", disk]);
  rmSync(folder, { recursive: true, force: true });
});

/** Takes root, and in a container more than that. */
function mounted(): boolean {
  mkdirSync(disk);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${DISK_MB}m`, "tmpfs", disk], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

test("a log that cannot be written is lost, and the service goes on", async () => {
  const service = await KillableService.start({ logFile: "/dev/full" });
  const client = new BatchClient(service.ready);
  try {
    await client.addPool("pool", 1, 1);
    await client.addJob("job", "pool");
    await client.addTasks("job", [{ id: "t", commandLine: "/bin/true" }]);
    // Each death of an agent is worth a line.
    await until("the task", async () => (await client.counts("job")).completed === 1);
    await service.killAgent();
    await until("another agent", () => service.agentPid);
    await client.addTasks("job", [{ id: "u", commandLine: "/bin/true" }]);
    await until("the next task", async () => (await client.counts("job")).completed === 2);
    await service.stop();
  } finally {
    client.close();
    await service.dispose();
  }
});

describe.skipIf(!isMounted)("a full disk", () => {
  const filler = join(disk, "filler");
  const signs = join(folder, "signs");
  const leave = join(signs, "leave");
  let service: KillableService;
  let client: BatchClient;

  beforeAll(async () => {
    mkdirSync(signs);
    chmodSync(folder, 0o755); // nodes with a sandbox of their own run tasks as other users
    service = await KillableService.start({
      folder: join(disk, "state"),
      logFile: join(folder, "log"),
      parameters: ["--node-path", signs],
    });
    client = new BatchClient(service.ready);
  });
  afterAll(async () => {
    client?.close();
    await service?.dispose();
  });

  /** To the last byte. */
  function fill(): void {
    writeFileSync(filler, "");
    for (let size = 1 << 20; size >= 1; size = size > 1 ? size >> 1 : 0) {
      try {
        for (;;) appendFileSync(filler, Buffer.alloc(size));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
      }
    }
  }

  const largeTask = (id: string) => ({
    id,
    commandLine: "/bin/true",
    environmentSettings: [{ name: "LARGE", value: "x".repeat(20_000) }],
  });

  test("is answered with 5xx and never with a false 2xx, and everything goes on after it", {
    timeout: 90_000,
  }, async () => {
    onTestFailed(() => console.error(service.log.slice(-10_000)));
    await client.addPool("pool", 1, 2);
    await client.addJob("running", "pool");
    // One that ends while its end cannot be stored, another that waits for its place.
    const waits = `/bin/sh -c 'until [ -e "${leave}" ]; do sleep 0.02; done; exit 4'`;
    await client.addTasks(
      "running",
      ["a", "b", "c"].map((id) => ({ id, commandLine: waits })),
    );
    await until("two running tasks", async () => (await client.counts("running")).running === 2);
    await client.addJob("large", "no-such-pool");

    fill();
    const accepted: string[] = [];
    const refused: string[] = [];
    for (let i = 0; refused.length < 20; i++) {
      const { status } = await client.send("POST", "/jobs/large/tasks", largeTask(`t${i}`));
      if (status === 201) accepted.push(`t${i}`);
      else {
        expect(status).toBeGreaterThanOrEqual(500);
        refused.push(`t${i}`);
      }
    }
    // No collection that is too large for what is left is half there.
    const value = Array.from({ length: 30 }, (_, i) => largeTask(`together-${i}`));
    expect(
      (await client.send("POST", "/jobs/large/addtaskcollection", { value })).status,
    ).toBeGreaterThanOrEqual(500);

    expect((await client.tasks("large", "?$select=id")).map(({ id }) => id)).toEqual(accepted.toSorted());
    expect((await client.counts("large")).active).toBe(accepted.length);
    expect((await client.counts("running")).running).toBe(2);

    // Their ends are kept in the room that the database has for them; what waits for a place waits for room, too.
    writeFileSync(leave, "");
    await until("the ends of what ran", async () => (await client.counts("running")).completed === 2);
    expect((await client.counts("running")).active).toBe(1);
    expect((await client.tasks("large", "?$select=id")).length).toBe(accepted.length);

    rmSync(filler);
    await until("the end of all tasks", async () => (await client.counts("running")).completed === 3);
    for (const { executionInfo } of await client.tasks("running")) {
      expect(executionInfo).toMatchObject({ exitCode: 4, retryCount: 0 });
    }
    for (const id of refused) await client.ok("POST", "/jobs/large/tasks", largeTask(id));
    await client.addTasks("large", value);
    expect((await client.counts("large")).active).toBe(accepted.length + refused.length + value.length);

    // What was accepted is there for the next service, too.
    const pid = service.pid;
    expect(existsSync(`/proc/${pid}`)).toBe(true);
    await service.kill();
    await service.start();
    expect((await client.tasks("large", "?$select=id")).length).toBe(
      accepted.length + refused.length + value.length,
    );
  });

  test("an agent that dies on a full disk is replaced when there is room", async () => {
    await client.addJob("after", "pool");
    await client.addTasks("after", [{ id: "t", commandLine: "sleep 1000" }]);
    await until("a running task", async () => (await client.counts("after")).running === 1);
    const processes = processesNaming(disk);
    const agent = service.agentPid;
    const told = service.log.length;
    const news = () => service.log.slice(told);
    // Its successor cannot write itself down, or can and is not listened to; one that found what the dead had left free dies too.
    await until("trouble", async () => {
      fill();
      await service.killAgent();
      return /agent message hello|(agent \d+ has died.*){2}/s.test(news());
    });
    expect(processesNaming(disk)).toContain(service.pid);
    rmSync(filler);
    await until("another agent", () => service.agentPid !== undefined && service.agentPid !== agent);
    await until("the task's next run", () => {
      return processesOf("sleep", disk).some((pid) => !processes.includes(pid));
    });
    expect((await client.task("after", "t")).executionInfo).toMatchObject({ retryCount: 0, requeueCount: 0 });
  });
});
