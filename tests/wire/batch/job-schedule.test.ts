/** Job schedules and auto pools, with jobs that really run, on a clock that the test moves. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ClockedService, clockedService, poolOf, until } from "../clocked-service.fixture.ts";

let service: ClockedService;

const HOUR = 3_600_000;
const { id: _id, ...ownPool } = poolOf("", 1) as { id: string };
const schedule = (id: string) => service.batch("GET", `/jobschedules/${id}`);
const jobsOf = async (id: string) => (await service.batch("GET", `/jobschedules/${id}/jobs`)).body.value;
const add = (id: string, times: object, jobSpecification: object = {}) =>
  service.batch("POST", "/jobschedules", {
    id,
    schedule: times,
    jobSpecification: { poolInfo: { poolId: "p1" }, ...jobSpecification },
  });
const job = (id: string) => service.batch("GET", `/jobs/${id}`);
const jobInState = (id: string, state: string) =>
  until(
    `job ${id} ${state}`,
    () => job(id),
    ({ body }) => body.state === state,
  );
const inState = (id: string, state: string) =>
  until(
    `schedule ${id} ${state}`,
    () => schedule(id),
    ({ body }) => body.state === state,
  );
const gone = (path: string) =>
  until(
    `${path} gone`,
    () => service.batch("GET", path),
    ({ status }) => status === 404,
  );

beforeAll(async () => {
  service = await clockedService();
  await service.batch("POST", "/pools", poolOf("p1", 1));
});
afterAll(() => service?.close());

test("a recurring schedule runs a job by its manager at each interval, one at a time", async () => {
  const manager = {
    jobManagerTask: { id: "manager", commandLine: "/bin/sh -c 'pwd; echo $AZ_BATCH_JOB_ID'" },
  };
  expect((await add("hourly", { recurrenceInterval: "PT1H" }, manager)).status).toBe(201);
  const first = await jobInState("hourly:job-1", "completed");
  expect(first.body.executionInfo.terminateReason).toBe("JMComplete");
  const out = await service.batch("GET", "/jobs/hourly:job-1/tasks/manager/files/stdout.txt");
  expect(out.body).toMatch(/\/workitems\/hourly\/job-1\/manager\/wd\nhourly:job-1\n$/);

  const { body } = await schedule("hourly");
  expect(body).toMatchObject({
    state: "active",
    executionInfo: { recentJob: { id: "hourly:job-1", url: expect.stringMatching(/\/jobs\/hourly:job-1$/) } },
  });
  expect(Date.parse(body.executionInfo.nextRunTime) - Date.parse(body.creationTime)).toBe(HOUR);
  await service.advance(HOUR);
  await jobInState("hourly:job-2", "completed");
  // Three occurrences have gone by: one job comes, the others are lost.
  await service.advance(3 * HOUR);
  await jobInState("hourly:job-3", "completed");
  expect((await jobsOf("hourly")).map(({ id }: { id: string }) => id)).toEqual([
    "hourly:job-1",
    "hourly:job-2",
    "hourly:job-3",
  ]);

  expect((await service.batch("DELETE", "/jobschedules/hourly")).status).toBe(202);
  await gone("/jobschedules/hourly");
  expect((await job("hourly:job-1")).status).toBe(404);
});

test("a schedule that does not recur is complete with its job", async () => {
  await add("once", {}, { jobManagerTask: { id: "m", commandLine: "true" } });
  const { body } = await inState("once", "completed");
  expect(body.executionInfo).toMatchObject({ recentJob: { id: "once:job-1" }, endTime: expect.any(String) });
  expect(body.executionInfo).not.toHaveProperty("nextRunTime");
  expect((await service.batch("POST", "/jobschedules/once/disable")).body.code).toBe("JobScheduleCompleted");
});

test("a disabled schedule makes no job until it is enabled", async () => {
  const notBefore = new Date(Date.now() + 24 * HOUR).toISOString();
  await add("later", { doNotRunUntil: notBefore });
  expect((await schedule("later")).body.executionInfo.nextRunTime).toBe(notBefore);
  await service.batch("POST", "/jobschedules/later/disable");
  expect((await schedule("later")).body).toMatchObject({ state: "disabled", previousState: "active" });
  await service.advance(25 * HOUR);
  await add("witness", {});
  await jobInState("witness:job-1", "active");
  expect(await jobsOf("later")).toEqual([]);
  await service.batch("POST", "/jobschedules/later/enable");
  await jobInState("later:job-1", "active");
});

test("terminating a schedule ends its job", async () => {
  expect((await service.batch("POST", "/jobschedules/later/terminate")).status).toBe(202);
  await inState("later", "completed");
  expect((await job("later:job-1")).body).toMatchObject({
    state: "completed",
    executionInfo: { terminateReason: "TerminateJobSchedule" },
  });
  expect((await service.batch("POST", "/jobschedules/later/terminate")).status).toBe(409);
});

test("changes hold for the jobs to come", async () => {
  await add(
    "changing",
    { recurrenceInterval: "PT1H" },
    { priority: 1, jobManagerTask: { id: "m", commandLine: "true" } },
  );
  await jobInState("changing:job-1", "completed");
  const before = (await schedule("changing")).body;
  await service.batch("PATCH", "/jobschedules/changing", {
    jobSpecification: { poolInfo: { poolId: "p1" }, priority: 7 },
    metadata: [{ name: "a", value: "b" }],
  });
  const patched = (await schedule("changing")).body;
  expect(patched.schedule).toEqual(before.schedule);
  expect(patched.metadata).toEqual([{ name: "a", value: "b" }]);
  expect(patched.eTag).not.toBe(before.eTag);
  await service.advance(HOUR);
  const { body } = await jobInState("changing:job-2", "active");
  expect(body.priority).toBe(7);
  await service.batch("PUT", "/jobschedules/changing", {
    schedule: { recurrenceInterval: "PT2H" },
    jobSpecification: { poolInfo: { poolId: "p1" } },
  });
  expect((await schedule("changing")).body).not.toHaveProperty("metadata");
});

test("a schedule's jobs share its auto pool, which goes with the schedule", async () => {
  const autoPoolSpecification = {
    poolLifetimeOption: "jobschedule",
    autoPoolIdPrefix: "nightly",
    pool: ownPool,
  };
  const manager = { jobManagerTask: { id: "m", commandLine: "true" } };
  await add("pooled", { recurrenceInterval: "PT1H" }, { poolInfo: { autoPoolSpecification }, ...manager });
  const first = await jobInState("pooled:job-1", "completed");
  const { poolId } = first.body.executionInfo;
  expect(poolId).toMatch(/^nightly_[\dA-F-]{36}$/);
  expect((await service.batch("GET", `/pools/${poolId}`)).body.state).toBe("active");
  await service.advance(HOUR);
  const second = await jobInState("pooled:job-2", "completed");
  expect(second.body.executionInfo.poolId).toBe(poolId);
  await service.batch("DELETE", "/jobschedules/pooled");
  await gone("/jobschedules/pooled");
  await gone(`/pools/${poolId}`);
});

test("a job's auto pool goes with the job, unless it is to be kept", async () => {
  const autoPool = (keepAlive: boolean) => ({
    autoPoolSpecification: { poolLifetimeOption: "job", keepAlive, pool: ownPool },
  });
  for (const keepAlive of [false, true]) {
    const id = keepAlive ? "keeping" : "leaving";
    const onAllTasksComplete = "noaction";
    await service.batch("POST", "/jobs", { id, poolInfo: autoPool(keepAlive), onAllTasksComplete });
    await service.batch("POST", `/jobs/${id}/tasks`, { id: "t", commandLine: "true" });
    await until(
      "the task's end",
      () => service.batch("GET", `/jobs/${id}/tasks/t`),
      ({ body }) => body.state === "completed",
    );
    const { poolInfo, executionInfo } = (await job(id)).body;
    expect(poolInfo.autoPoolSpecification.pool.vmSize).toBe("standard_d2_v3");
    await service.batch("POST", `/jobs/${id}/terminate`);
    await jobInState(id, "completed");
    if (keepAlive)
      expect((await service.batch("GET", `/pools/${executionInfo.poolId}`)).body.state).toBe("active");
    else await gone(`/pools/${executionInfo.poolId}`);
  }
});

test("what cannot be is refused and changes nothing", async () => {
  const property = async (answer: Promise<{ body: { values: object[] } }>, name: string) =>
    expect((await answer).body.values).toContainEqual({ key: "PropertyName", value: name });
  await property(add("bad", { recurrenceInterval: "PT10S" }), "recurrenceInterval");
  await property(
    add("bad", { doNotRunUntil: "2030-01-02T00:00:00Z", doNotRunAfter: "2030-01-01T00:00:00Z" }),
    "doNotRunAfter",
  );
  await property(add("bad", {}, { poolInfo: {} }), "poolInfo");
  const shared = { autoPoolSpecification: { poolLifetimeOption: "jobschedule", pool: ownPool } };
  await property(service.batch("POST", "/jobs", { id: "bad", poolInfo: shared }), "poolLifetimeOption");
  expect((await schedule("bad")).body.code).toBe("JobScheduleNotFound");
  expect((await job("bad")).body.code).toBe("JobNotFound");
  await service.batch("POST", "/jobs", { id: "taken", poolInfo: { poolId: "p1" } });
  expect((await add("Taken", {})).body.code).toBe("JobWithSameIdExists");
  const once = await service.batch("POST", "/jobs", { id: "once", poolInfo: { poolId: "p1" } });
  expect(once.body.code).toBe("JobScheduleWithSameIdExists");
  expect((await add("once", {})).body.code).toBe("JobScheduleExists");
});

test("a job whose pool cannot be made is completed at once, and says why; the schedule goes on", async () => {
  const autoPool = (more: object) => ({
    poolInfo: { autoPoolSpecification: { poolLifetimeOption: "job", pool: { ...ownPool, ...more } } },
  });
  const noCertificate = {
    certificateReferences: [{ thumbprint: "0".repeat(40), thumbprintAlgorithm: "sha1" }],
  };
  const { targetDedicatedNodes: _target, ...unsized } = ownPool as Record<string, unknown>;
  const noFormula = { enableAutoScale: true, autoScaleFormula: "$TargetDedicatedNodes = ;" };
  const made = [
    ["certificates", "InvalidCertificatesInAutoPool", autoPool(noCertificate)],
    [
      "packages",
      "InvalidApplicationPackageReferencesInAutoPool",
      autoPool({ applicationPackageReferences: [{ applicationId: "none" }] }),
    ],
    [
      "formula",
      "InvalidAutoScaleFormulaInAutoPool",
      {
        poolInfo: {
          autoPoolSpecification: { poolLifetimeOption: "job", pool: { ...unsized, ...noFormula } },
        },
      },
    ],
  ] as const;
  for (const [id, code, spec] of made) {
    expect((await service.batch("POST", "/jobs", { id, ...spec }, "2022-10-01.16.0")).status).toBe(201);
    const { body } = await job(id);
    expect(body).toMatchObject({
      state: "completed",
      executionInfo: { schedulingError: { category: "UserError", code } },
    });
    expect(body.executionInfo.endTime).toBe(body.executionInfo.startTime);
    expect((await service.batch("POST", `/jobs/${id}/tasks`, { id: "t", commandLine: "true" })).status).toBe(
      409,
    );
  }
  const { status } = await service.batch(
    "POST",
    "/jobschedules",
    { id: "poolless", schedule: { recurrenceInterval: "PT1H" }, jobSpecification: autoPool(noCertificate) },
    "2022-10-01.16.0",
  );
  expect(status).toBe(201);
  const first = await jobInState("poolless:job-1", "completed");
  expect(first.body.executionInfo.schedulingError.code).toBe("InvalidCertificatesInAutoPool");
  await service.advance(HOUR);
  await jobInState("poolless:job-2", "completed");
  expect((await schedule("poolless")).body).toMatchObject({
    state: "active",
    executionInfo: { recentJob: { id: "poolless:job-2" } },
  });
});
