/** The service's clock jumps by days, both ways, while tasks run. Its time comes from libfaketime, where that is installed. */
import { chmodSync, existsSync, globSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BatchClient } from "../batch-client.ts";
import { KillableService, until } from "../killable-service.ts";

const DAY_MS = 86_400_000;
const [library] = globSync("/usr/lib/*/faketime/libfaketime.so.1");
if (library === undefined) console.warn("skipped: clock jumps (libfaketime is not installed)");

describe.skipIf(library === undefined)("a clock that jumps", () => {
  const folder = mkdtempSync(join(tmpdir(), "batchyard-clock-"));
  const offset = join(folder, "offset");
  const leave = join(folder, "leave");
  let service: KillableService;
  let client: BatchClient;

  beforeAll(async () => {
    writeFileSync(offset, "+0");
    chmodSync(folder, 0o755); // nodes with a sandbox of their own run tasks as other users
    service = await KillableService.start({
      parameters: ["--node-path", folder],
      environment: {
        LD_PRELOAD: library ?? "",
        FAKETIME_TIMESTAMP_FILE: offset,
        FAKETIME_NO_CACHE: "1",
        FAKETIME_DONT_FAKE_MONOTONIC: "1",
      },
    });
    client = new BatchClient(service.ready);
  });
  afterAll(async () => {
    client?.close();
    await service?.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Signs in anew: to the service, tokens of another day are expired or not valid yet. */
  function jumpTo(days: number): void {
    writeFileSync(offset, `+${days}d`);
    client.forgetToken();
  }

  /** The service's day, by what it writes into a new job. */
  async function daysAhead(jobId: string): Promise<number> {
    await client.addJob(jobId, "pool");
    const { json } = await client.ok<{ creationTime: string }>("GET", `/jobs/${jobId}`);
    return Math.round((Date.parse(json.creationTime) - Date.now()) / DAY_MS);
  }

  test("crashes nothing, interrupts no task and keeps none from ending", async () => {
    await client.addPool("pool", 1, 4);
    await client.addJob("job", "pool");
    const waits = `/bin/sh -c 'until [ -e "${leave}" ]; do sleep 0.02; done; exit 4'`;
    const constraints = { maxWallClockTime: "PT1H", maxTaskRetryCount: 1 };
    await client.addTasks("job", [{ id: "long", commandLine: waits, constraints }]);
    await until("a running task", async () => (await client.task("job", "long")).state === "running");
    // Never before the start: the application's secret was not valid then.
    for (const days of [3, 40, 1, 30]) {
      jumpTo(days);
      const jobId = `at-${days}`;
      expect(await daysAhead(jobId)).toBe(days);
      await client.addTasks(jobId, [{ id: "short", commandLine: "/bin/true" }]);
      await until("a short task", async () => (await client.counts(jobId)).succeeded === 1);
      expect((await client.task("job", "long")).state).toBe("running");
    }
    jumpTo(0);
    writeFileSync(leave, "");
    await until("the end", async () => (await client.task("job", "long")).state === "completed");
    const { executionInfo } = await client.task("job", "long");
    expect(executionInfo).toMatchObject({ exitCode: 4, retryCount: 1, requeueCount: 0 });
    expect(existsSync(`/proc/${service.pid}`)).toBe(true);
    expect(service.log).not.toMatch(/Error/);
  });
});
