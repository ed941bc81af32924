/** A service that answers older requests as a newer api-version would: what breaks there breaks here. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { jobBody, poolBody, taskBody } from "../batch-bodies.fixture.ts";
import { BatchClient, type Json } from "../batch-client.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";
import { recordVersions } from "./version-recording.fixture.ts";

const OLD = "2020-03-01.11.0";
let service: RunningService;
let batch: BatchClient;

beforeAll(async () => {
  service = await runningService({ answersAs: "2025-06-01" });
  batch = await BatchClient.connect(service);
  await batch.must("POST", "/pools", {
    version: "2025-06-01",
    body: poolBody("pool", { targetDedicatedNodes: 0, taskSlotsPerNode: 2 }),
  });
  await batch.must("POST", "/jobs", { version: OLD, body: jobBody("job", "pool") });
});
afterAll(async () => {
  batch?.close();
  await service?.close();
});

const pool = (change: object) => poolBody("other", { targetDedicatedNodes: 0, ...change });
const disk = (properties: object) => {
  const { virtualMachineConfiguration } = pool({}) as Json;
  const dataDisks = [{ lun: 0, diskSizeGB: 8, ...properties }];
  return pool({ virtualMachineConfiguration: { ...virtualMachineConfiguration, dataDisks } });
};
const token = { authenticationTokenSettings: { access: ["job"] } };

describe("what 2025-06-01 does not have is refused of an old request", () => {
  test.each<[string, string, Json, string]>([
    ["GET", "/certificates", undefined, "InvalidUri"],
    ["GET", "/lifetimejobstats", undefined, "InvalidUri"],
    ["POST", "/pools", pool({ maxTasksPerNode: 2 }), "InvalidRequestBody"],
    ["POST", "/pools", pool({ certificateReferences: [] }), "InvalidRequestBody"],
    [
      "POST",
      "/pools",
      { id: "c", vmSize: "small", cloudServiceConfiguration: { osFamily: "6" } },
      "InvalidRequestBody",
    ],
    ["POST", "/pools", disk({ storageAccountType: "standard_lrs" }), "InvalidRequestBody"],
    ["POST", "/jobs/job/tasks", taskBody("t", "true", token), "InvalidRequestBody"],
    ["GET", "/pools/pool?$select=id,maxTasksPerNode", undefined, "InvalidQueryParameterValue"],
  ])("%s %s with %j: %s", async (method, path, body, code) => {
    const reply = await batch.send(method, path, { version: OLD, ...(body && { body }) });
    expect(reply).toMatchObject({ status: 400, json: { code } });
    expect(reply.text).toContain(code === "InvalidUri" ? "2025-06-01" : "");
  });
});

test("what an operation of the old version answers is what the newer one answers", async () => {
  const counts = (await batch.must("GET", "/jobs/job/taskcounts?timeout=5", { version: OLD })).json;
  expect(counts).toMatchObject({ taskCounts: { active: 0 }, taskSlotCounts: { active: 0 } });
});

test("requests of the version itself and of newer ones are answered as ever", async () => {
  for (const version of ["2025-06-01", "2026-10-01"]) {
    const { json } = await batch.must("GET", "/pools/pool", { version });
    expect(json).toMatchObject({ taskSlotsPerNode: 2 });
  }
  expect((await batch.send("GET", "/poolusagemetrics", { version: "2026-10-01" })).status).toBe(400);
});

test("what was refused so is told by the report as what it is: gone", async () => {
  const recording = await recordVersions(service, batch);
  await batch.send("GET", "/certificates", { version: OLD });
  await batch.send("POST", "/pools", { version: OLD, body: pool({ certificateReferences: [] }) });
  const { findings } = await recording.stop();
  expect(findings.filter(({ fate }) => fate === "gone").map(({ name }) => name)).toEqual([
    "Certificate_List",
    "PoolAddParameter.certificateReferences",
  ]);
});

test("a service does not start to answer as what is no api-version", async () => {
  await expect(runningService({ answersAs: "2025-06" })).rejects.toThrow(
    "'2025-06' is no known api-version to answer as; the newest are 2024-07-01.20.0, 2025-06-01, 2026-10-01",
  );
});
