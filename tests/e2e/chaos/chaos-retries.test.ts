/** A thousand tasks of which every tenth fails once: each is tried as often as it needs, and everything is counted right. */
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { BatchClient } from "../batch-client.ts";
import { KillableService, until } from "../killable-service.ts";

const TASKS = 1_000;
const failsOnce = (i: number) => i % 10 === 0;

const signs = mkdtempSync(join(tmpdir(), "batchyard-retries-"));
chmodSync(signs, 0o777); // nodes with a sandbox of their own run tasks as other users
const service = await KillableService.start({ parameters: ["--node-path", `${signs}:rw`] });
const client = new BatchClient(service.ready);
afterAll(async () => {
  client.close();
  await service.dispose();
  rmSync(signs, { recursive: true, force: true });
});

test("1,000 tasks of which 10% fail once end with the right counts", { timeout: 120_000 }, async () => {
  await client.addPool("pool", 4, 4);
  await client.addJob("job", "pool");
  const first = `${signs}/$AZ_BATCH_TASK_ID`;
  const commandOf = (i: number) =>
    failsOnce(i) ? `/bin/sh -c '[ -e "${first}" ] || { : > "${first}"; exit 9; }'` : "/bin/true";
  const tasks = Array.from({ length: TASKS }, (_, i) => ({
    id: `t${i}`,
    commandLine: commandOf(i),
    constraints: { maxTaskRetryCount: 2 },
  }));
  await client.addTasks("job", tasks);
  await until("the end", async () => (await client.counts("job")).completed === TASKS, 90_000);

  expect(await client.counts("job")).toEqual({
    active: 0,
    running: 0,
    completed: TASKS,
    succeeded: TASKS,
    failed: 0,
  });
  const ended = await client.tasks("job");
  expect(ended).toHaveLength(TASKS);
  const wrong = ended.filter(({ id, executionInfo }) => {
    const retries = failsOnce(Number(id.slice(1))) ? 1 : 0;
    return executionInfo?.retryCount !== retries || executionInfo.exitCode !== 0;
  });
  expect(wrong).toEqual([]);
  const { json } = await client.ok<{
    value: { runningTasksCount: number; totalTasksRun: number; totalTasksSucceeded: number }[];
  }>("GET", "/pools/pool/nodes");
  const sum = (of: (node: (typeof json.value)[number]) => number) =>
    json.value.reduce((total, node) => total + of(node), 0);
  expect(sum((node) => node.runningTasksCount)).toBe(0);
  expect(sum((node) => node.totalTasksRun)).toBe(TASKS + TASKS / 10);
  expect(sum((node) => node.totalTasksSucceeded)).toBe(TASKS);
});
