/** A task that writes until there is no room, on the file system that the service keeps its own data on. Takes root, to mount a small one. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { BatchClient } from "../e2e/batch-client.ts";
import { KillableService, until } from "../e2e/killable-service.ts";
import { PlaneSender } from "./plane-sender.ts";
import { WIDE_SEED } from "./widest/wide-service.ts";

const folder = mkdtempSync(join(tmpdir(), "full-disk-"));
const disk = join(folder, "disk");
const isMounted = mounted();
if (!isMounted) console.warn("skipped: a full disk (a small file system cannot be mounted here)");
afterAll(() => {
  if (isMounted) execFileSync("umount", ["--lazy", disk]);
  rmSync(folder, { recursive: true, force: true });
});

function mounted(): boolean {
  mkdirSync(disk);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=48m", "tmpfs", disk], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

test.skipIf(!isMounted)(
  "a task fills the disk, and nobody signs in, ends or is audited any more",
  async () => {
    const seed = join(folder, "seed.json");
    writeFileSync(seed, JSON.stringify(WIDE_SEED));
    const service = await KillableService.start({
      folder: join(disk, "state"),
      logFile: join(folder, "log"),
      parameters: ["--seed", seed],
    });
    const sender = await PlaneSender.to(service, 4);
    const createGroup = (name: string) =>
      sender.exchange({
        plane: "graph",
        method: "POST",
        path: "/v1.0/groups",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          displayName: name,
          mailNickname: name,
          mailEnabled: false,
          securityEnabled: true,
        }),
      });
    const upload = (bytes: number) =>
      sender.exchange({
        plane: "blob",
        method: "PUT",
        path: "/wide/blobs/b",
        headers: { "x-ms-version": "2023-11-03", "x-ms-blob-type": "BlockBlob" },
        body: "b".repeat(bytes),
      });
    const client = new BatchClient(service.ready);
    const health = async () => (await fetch(`${service.ready.plain}/health`)).status;
    const add = (id: string) =>
      client.send<{ code: string; message: { value: string } }>("POST", "/jobs/j/tasks", {
        id,
        commandLine: "/bin/true",
      });
    try {
      const container = { plane: "blob", method: "PUT", path: "/wide/blobs?restype=container" } as const;
      const headers = { "x-ms-version": "2023-11-03" };
      await until("the storage", async () => (await sender.send({ ...container, headers })) === 201);
      // More than there is room for is refused before it takes the last of it.
      expect(await upload(100_000_000)).toMatchObject({ status: 507 });
      expect((await upload(1_000)).status).toBe(201);
      await client.addPool("pool", 1, 2);
      await client.addJob("j", "pool");
      await client.addTasks("j", [
        {
          id: "brief",
          commandLine: "/bin/sh -c 'until [ -e ../../fill/wd/full ]; do sleep 0.05; done; exit 4'",
        },
        { id: "fill", commandLine: "/bin/sh -c 'dd if=/dev/zero of=big bs=64k; : > full; exec sleep 1000'" },
      ]);
      await until("a full disk", async () => (await health()) === 503);

      // What can be added later is refused in words.
      const refused = await add("more");
      expect(refused).toMatchObject({ status: 507, json: { code: "InsufficientStorage" } });
      expect(refused.json.message.value).toContain("disk");
      expect((await client.send("GET", "/jobs/j/tasks/more")).status).toBe(404);
      const group = await createGroup("more");
      expect([group.status, JSON.parse(group.text).error.message]).toEqual([
        507,
        expect.stringContaining("disk"),
      ]);
      const blob = await upload(10);
      expect([blob.status, blob.text]).toEqual([
        507,
        expect.stringContaining("<Code>InsufficientStorage</Code>"),
      ]);
      // Whoever signs in does; what ended has ended; what is stopped, stops.
      client.forgetToken();
      expect((await client.task("j", "fill")).state).toBe("running");
      await until(
        "the end of the other task",
        async () => (await client.task("j", "brief")).state === "completed",
      );
      expect((await client.task("j", "brief")).executionInfo).toMatchObject({ exitCode: 4, retryCount: 0 });
      await client.ok("POST", "/jobs/j/tasks/fill/terminate");
      await until("its end", async () => (await client.task("j", "fill")).state === "completed");
      await client.ok("DELETE", "/jobs/j/tasks/fill");

      await until("room", async () => (await health()) === 200);
      expect((await add("more")).status).toBe(201);
      expect((await createGroup("more")).status).toBe(201);
      expect((await upload(10)).status).toBe(201);
      await until("the next task", async () => (await client.task("j", "more")).state === "completed");
      const audited = () => readFileSync(join(disk, "state/audit/audit.jsonl"), "utf8");
      await until("the audit lines", () => /Task_Terminate[\s\S]*Task_Delete/.test(audited()));
      expect(audited().match(/"Task_Add"[^\n]*"status":507/g)).toHaveLength(1);
    } finally {
      sender.close();
      client.close();
      await service.dispose();
    }
  },
  90_000,
);
