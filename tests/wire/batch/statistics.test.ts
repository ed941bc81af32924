/** What tasks use is measured where they run, and summed on their jobs, schedules, pools and accounts; what is deleted stays counted. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { durationToMilliseconds } from "../../../src/core/model/iso-duration.ts";
import type { Json } from "../batch-client.fixture.ts";
import { type ClockedService, clockedService, poolOf, until } from "../clocked-service.fixture.ts";

const OLD = "2022-10-01.16.0";
/** Of a processor; enough to be seen among what a shell uses to start. */
const BUSY = "/bin/sh -c 'i=0; while [ $i -lt 150000 ]; do i=$((i+1)); done'";
let service: ClockedService;

beforeAll(async () => {
  service = await clockedService();
  await service.batch("POST", "/pools", poolOf("p", 1));
  await service.batch("POST", "/jobs", {
    id: "j",
    poolInfo: { poolId: "p" },
    constraints: { maxTaskRetryCount: 1 },
  });
});
afterAll(() => service?.close());

async function ended(path: string): Promise<Json> {
  const { body } = await until(
    `the end of ${path}`,
    () => service.batch("GET", `${path}?$expand=stats`),
    ({ body }) => body.state === "completed",
  );
  return body;
}

async function run(id: string, commandLine: string): Promise<Json> {
  const { status } = await service.batch("POST", "/jobs/j/tasks", { id, commandLine });
  expect(status).toBe(201);
  return ended(`/jobs/j/tasks/${id}`);
}

const statsOf = async (path: string): Promise<Json> =>
  (await service.batch("GET", `${path}?$expand=stats`)).body.stats;
const ms = (duration: string): number => durationToMilliseconds(duration);

test("a task's statistics are those of its processes, and stand beside it only where they are asked for", async () => {
  const { stats, url } = await run("busy", BUSY);
  expect(stats.url).toBe(url);
  expect(ms(stats.userCPUTime)).toBeGreaterThan(20);
  expect(ms(stats.userCPUTime)).toBeLessThanOrEqual(1.1 * ms(stats.wallClockTime));
  expect(ms(stats.kernelCPUTime)).toBeGreaterThanOrEqual(0);
  expect(stats.readIOps).toMatch(/^\d+$/);
  expect((await service.batch("GET", "/jobs/j/tasks/busy")).body.stats).toBeUndefined();
  const { body } = await service.batch("GET", "/jobs/j/tasks?$expand=stats&$select=id,stats");
  expect(body.value[0]).toEqual({ id: "busy", stats });
});

test("attempts add up, and so do processes that a command leaves behind", async () => {
  const { stats, executionInfo } = await run("twice", `${BUSY.slice(0, -1)}; exit 1'`);
  expect(executionInfo.retryCount).toBe(1);
  const alone = ms((await statsOf("/jobs/j/tasks/busy")).userCPUTime);
  expect(ms(stats.userCPUTime)).toBeGreaterThan(1.2 * alone);
  const left = await run(
    "left",
    `/bin/sh -c '(${BUSY.slice("/bin/sh -c '".length, -1)}; echo >done) & while [ ! -e done ]; do sleep 0.05; done'`,
  );
  expect(ms(left.stats.userCPUTime)).toBeGreaterThan(0.5 * alone);
});

test("a job's and an account's sums keep what was deleted; a schedule's are those of all its jobs", async () => {
  const before = await statsOf("/jobs/j");
  expect(before).toMatchObject({ numSucceededTasks: "2", numFailedTasks: "1", numTaskRetries: "1" });
  const tasks = (await service.batch("GET", "/jobs/j/tasks?$expand=stats")).body.value as Json[];
  const sum = tasks.reduce((total, task) => total + ms(task.stats.userCPUTime), 0);
  expect(ms(before.userCPUTime)).toBeCloseTo(sum, 1);
  await service.batch("DELETE", "/jobs/j/tasks/busy");
  const { lastUpdateTime: _, ...kept } = before;
  expect(await statsOf("/jobs/j")).toMatchObject(kept);
  await service.batch("DELETE", "/jobs/j");
  await until(
    "no job",
    () => service.batch("GET", "/jobs/j"),
    ({ status }) => status === 404,
  );
  const lifetime = (await service.batch("GET", "/lifetimejobstats", undefined, OLD)).body;
  expect(lifetime).toMatchObject({
    numSucceededTasks: "2",
    numFailedTasks: "1",
    userCPUTime: kept.userCPUTime,
  });

  await service.batch("POST", "/jobschedules", {
    id: "s",
    schedule: {},
    jobSpecification: {
      poolInfo: { poolId: "p" },
      jobManagerTask: { id: "m", commandLine: BUSY },
    },
  });
  await ended("/jobs/s:job-1");
  const ofSchedule = await statsOf("/jobschedules/s");
  expect(ofSchedule).toMatchObject({ numSucceededTasks: "1" });
  expect(ms(ofSchedule.userCPUTime)).toBe(ms((await statsOf("/jobs/s:job-1")).userCPUTime));
});

test("a pool's are those of its nodes' time and of the tasks that ran there, nodes that left among them", async () => {
  await service.advance(3_600_000);
  const one = await statsOf("/pools/p");
  expect(ms(one.usageStats.dedicatedCoreTime)).toBeGreaterThanOrEqual(2 * 3_600_000);
  expect(one.resourceStats.avgCPUPercentage).toBeGreaterThan(0);
  expect(one.resourceStats.peakMemoryGiB).toBeGreaterThan(0);
  await service.batch("POST", "/pools/p/resize", { targetDedicatedNodes: 0 });
  await until(
    "no node",
    () => service.batch("GET", "/pools/p"),
    ({ body }) => body.currentDedicatedNodes === 0,
  );
  const none = await statsOf("/pools/p");
  expect(none.resourceStats.peakMemoryGiB).toBe(one.resourceStats.peakMemoryGiB);
  expect(ms(none.usageStats.dedicatedCoreTime)).toBeGreaterThanOrEqual(ms(one.usageStats.dedicatedCoreTime));
  const { body } = await service.batch("GET", "/lifetimepoolstats", undefined, OLD);
  expect(body.resourceStats).toMatchObject({ peakMemoryGiB: one.resourceStats.peakMemoryGiB });
  const list = (await service.batch("GET", "/pools?$expand=stats&$select=stats")).body.value;
  expect(list[0].stats.resourceStats.peakMemoryGiB).toBe(one.resourceStats.peakMemoryGiB);
});
