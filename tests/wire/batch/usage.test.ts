/** What an account has used: core hours of nodes that were there, and counts of tasks that ran. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { durationToMilliseconds } from "../../../src/core/model/iso-duration.ts";
import { type ClockedService, clockedService, poolOf, until } from "../clocked-service.fixture.ts";

const HOUR = 3_600_000;
const OLD = "2022-10-01.16.0";
let service: ClockedService;

beforeAll(async () => {
  service = await clockedService();
  await service.batch("POST", "/pools", poolOf("used", 2));
  await until(
    "the pool's nodes",
    () => service.batch("GET", "/pools/used"),
    ({ body }) => body.currentDedicatedNodes === 2 && body.allocationState === "steady",
  );
  await service.batch("POST", "/jobs", { id: "j", poolInfo: { poolId: "used" } });
  for (const commandLine of ["true", "false"]) {
    await service.batch("POST", "/jobs/j/tasks", { id: commandLine, commandLine });
    await until(
      "the task's end",
      () => service.batch("GET", `/jobs/j/tasks/${commandLine}`),
      ({ body }) => body.state === "completed",
    );
  }
});
afterAll(() => service?.close());

test("usage metrics are retired, and say so in every api-version", async () => {
  for (const version of [OLD, "2024-07-01.20.0", "2025-06-01"]) {
    const { status, body } = await service.batch("GET", "/poolusagemetrics", undefined, version);
    expect({ status, code: body.code }).toEqual({ status: 400, code: "PoolUsageMetricAPIRetired" });
  }
});

test("core time counts nodes that are there and nodes that were", async () => {
  const hours = async () => {
    const { body } = await service.batch("GET", "/lifetimepoolstats", undefined, OLD);
    return durationToMilliseconds(body.usageStats.dedicatedCoreTime) / HOUR;
  };
  const before = await hours();
  await service.advance(3 * HOUR);
  await service.batch("POST", "/pools/used/resize", { targetDedicatedNodes: 1 });
  await until(
    "one node less",
    () => service.batch("GET", "/pools/used"),
    ({ body }) => body.currentDedicatedNodes === 1 && body.allocationState === "steady",
  );
  await service.advance(2 * HOUR);
  // Two cores each: one node for all five hours, one for the first three.
  expect((await hours()) - before).toBeCloseTo(2 * (5 + 3), 1);
});

test("older api-versions have statistics over the account's life", async () => {
  const pools = await service.batch("GET", "/lifetimepoolstats", undefined, OLD);
  expect(pools.body.usageStats.dedicatedCoreTime).toMatch(/^PT?\d+H|^P\d+D|^PT\d+H/);
  const jobs = await service.batch("GET", "/lifetimejobstats", undefined, OLD);
  expect(jobs.body).toMatchObject({ numSucceededTasks: "1", numFailedTasks: "1", numTaskRetries: "0" });
  expect((await service.batch("GET", "/lifetimejobstats")).status).toBe(400);
});
