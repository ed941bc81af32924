/** What an account has used: core hours of nodes that were there, and counts of tasks that ran. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ClockedService, clockedService, poolOf, until } from "../clocked-service.fixture.ts";

const HOUR = 3_600_000;
const OLD = "2022-10-01.16.0";
let service: ClockedService;
const metrics = (query = "") => service.batch("GET", `/poolusagemetrics${query}`);

beforeAll(async () => {
  service = await clockedService();
  await service.batch("POST", "/pools", poolOf("used", 2));
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

test("core hours count nodes that are there and nodes that were", async () => {
  const start = new Date().toISOString();
  await service.advance(3 * HOUR);
  await service.batch("POST", "/pools/used/resize", { targetDedicatedNodes: 1 });
  await until(
    "one node less",
    () => service.batch("GET", "/pools/used"),
    ({ body }) => body.currentDedicatedNodes === 1 && body.allocationState === "steady",
  );
  await service.advance(3 * HOUR);
  const end = new Date(Date.parse(start) + 5 * HOUR).toISOString();
  const { status, body } = await metrics(`?starttime=${start}&endtime=${end}`);
  expect(status).toBe(200);
  expect(body.value).toMatchObject([
    { poolId: "used", vmSize: "standard_d2_v3", startTime: start, endTime: end },
  ]);
  // Two cores each: one node for all five hours, one for the first three.
  expect(body.value[0].totalCoreHours).toBeCloseTo(2 * (5 + 3), 1);
});

test("without times the last whole half hour is told", async () => {
  const [usage] = (await metrics()).body.value;
  expect(Date.parse(usage.endTime) - Date.parse(usage.startTime)).toBe(HOUR / 2);
  expect(usage.totalCoreHours).toBeCloseTo(1);
});

test("pools can be filtered, and times must be times", async () => {
  expect((await metrics("?$filter=poolId%20eq%20'other'")).body.value).toEqual([]);
  const bad = await metrics("?starttime=yesterday");
  expect(bad.status).toBe(400);
  expect(bad.body.values).toContainEqual({ key: "QueryParameterName", value: "starttime" });
  const turned = await metrics("?starttime=2024-01-02T00:00:00Z&endtime=2024-01-01T00:00:00Z");
  expect(turned.body.values).toContainEqual({ key: "QueryParameterName", value: "endtime" });
});

test("older api-versions have statistics over the account's life", async () => {
  const pools = await service.batch("GET", "/lifetimepoolstats", undefined, OLD);
  expect(pools.body.usageStats.dedicatedCoreTime).toMatch(/^PT?\d+H|^P\d+D|^PT\d+H/);
  const jobs = await service.batch("GET", "/lifetimejobstats", undefined, OLD);
  expect(jobs.body).toMatchObject({ numSucceededTasks: 1, numFailedTasks: 1, numTaskRetries: 0 });
  expect((await service.batch("GET", "/lifetimejobstats")).status).toBe(400);
});
