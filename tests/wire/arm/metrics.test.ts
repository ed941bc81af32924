/** What Azure Monitor tells of a Batch account: tasks that ended and tasks that failed, by the hour of the service's clock. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { ArmClient } from "../arm-client.fixture.ts";
import { type ClockedService, clockedService, poolOf, until } from "../clocked-service.fixture.ts";

const HOUR = 3_600_000;
const VERSION = "2018-01-01";
let service: ClockedService;
let arm: ArmClient;
let monitor: string;

beforeAll(async () => {
  service = await clockedService();
  const { ready } = service.service;
  const { clientId, clientSecret, subscriptionId, resourceGroup, account } = ready;
  arm = await ArmClient.signIn(service.service, {
    clientId: clientId ?? "",
    clientSecret: clientSecret ?? "",
  });
  monitor = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Batch/batchAccounts/${account}/providers/Microsoft.Insights`;
  await service.batch("POST", "/pools", poolOf("p", 1));
});
afterAll(() => service?.close());

/** @param codes with which the job's tasks end */
async function run(jobId: string, codes: readonly number[]): Promise<void> {
  await service.batch("POST", "/jobs", { id: jobId, poolInfo: { poolId: "p" } });
  const value = codes.map((code, at) => ({ id: `t${at}`, commandLine: `/bin/sh -c 'exit ${code}'` }));
  await service.batch("POST", `/jobs/${jobId}/addtaskcollection`, { value });
  await until(
    `the end of ${jobId}`,
    () => service.batch("GET", `/jobs/${jobId}/taskcounts`),
    ({ body }) => body.taskCounts.completed === codes.length,
  );
}

const ask = (query: string) => arm.send("GET", `${monitor}/metrics?${query}`, { version: VERSION });
const totals = (metric: { timeseries: { data: { total: number }[] }[] }) =>
  metric.timeseries[0]?.data.map(({ total }) => total);

test("ends and failures are counted in their hour, also those of a job that has been deleted", async () => {
  await run("first", [0, 0, 3]);
  await service.batch("DELETE", "/jobs/first");
  await service.advance(HOUR);
  await run("second", [1]);
  const { status, text, json } = await ask(
    "metricnames=TaskFailEvent,taskcompleteevent&timespan=PT1H&aggregation=Total",
  );
  expect(status, text).toBe(200);
  expect(json).toMatchObject({ interval: "PT1H", namespace: "Microsoft.Batch/batchAccounts" });
  expect(json.value.map(({ name }: { name: { value: string } }) => name.value)).toEqual([
    "TaskFailEvent",
    "TaskCompleteEvent",
  ]);
  expect(json.value.map(totals)).toEqual([
    [1, 1],
    [3, 1],
  ]);
  const day = await ask("metricnames=TaskFailEvent&timespan=PT2H&interval=P1D");
  expect(totals(day.json.value[0])).toEqual([2]);
});

test.each([
  ["metricnames=CoreCount", "'CoreCount'"],
  ["interval=PT1M", "'PT1M'"],
  ["timespan=yesterday", "'yesterday'"],
  ["aggregation=Average", "'Average'"],
  ["$filter=poolId%20eq%20'x'", "no dimensions"],
])("%s is refused by its name", async (query, said) => {
  const { status, json } = await ask(query);
  expect([status, json.error.code]).toEqual([400, "BadRequest"]);
  expect(json.error.message).toContain(said);
});

test("definitions say what there is, in which grains", async () => {
  const { status, json } = await arm.send("GET", `${monitor}/metricDefinitions`, { version: VERSION });
  expect(status).toBe(200);
  expect(json.value.map(({ name }: { name: { value: string } }) => name.value)).toEqual([
    "TaskCompleteEvent",
    "TaskFailEvent",
  ]);
  expect(json.value[0].metricAvailabilities[0]).toEqual({ timeGrain: "PT1H", retention: "P93D" });
});
