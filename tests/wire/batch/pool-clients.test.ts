/** Pools made by Azure's management clients and by az, unmodified, with Azure's own addresses in the programs. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { batchyardRun, missing, printed, programFile } from "../client-program.fixture.ts";
import { contosoSeed } from "../contoso.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";

const PYTHON = "/usr/bin/python3";

let service: RunningService;

beforeAll(async () => {
  service = await runningService({ seed: contosoSeed });
});
afterAll(() => service?.close());

const run = async (words: readonly string[]) =>
  printed(await batchyardRun(words, ["--data", service.folder], { ...process.env, RESOURCE_GROUP: "lab" }));

test("@azure/arm-batch makes the page's pool with an identity of @azure/arm-msi", {
  timeout: 60_000,
}, async () => {
  expect(await run([process.execPath, programFile("identity-pool.mjs")])).toEqual({
    pool: ["yourPoolName", "STANDARD_D1_V2", "UserAssigned", "Succeeded"],
    identity: true,
    without: [400, "InvalidPropertyValue"],
    exists: [412, "ConditionNotMet"],
    updated: [[{ name: "a", value: "b" }], "PT15M"],
    disabled: 0,
    listed: ["yourPoolName"],
    gone: [404, "PoolNotFound"],
  });
});

test.skipIf(
  missing("the management clients for Python", PYTHON, [
    "-c",
    "import azure.mgmt.batch, azure.mgmt.msi, azure.mgmt.resource",
  ]),
)(
  "azure-mgmt-batch makes the page's pool with an identity of azure-mgmt-msi",
  { timeout: 60_000 },
  async () => {
    expect(await run([PYTHON, programFile("identity_pool.py")])).toEqual({
      pool: ["yourPoolName", "STANDARD_D1_V2", "UserAssigned", "Succeeded"],
      identity: true,
      without: [400, "InvalidPropertyValue"],
      updated: [["a", "b"]],
      listed: ["yourPoolName"],
      gone: [404, "PoolNotFound"],
    });
  },
);

test.skipIf(missing("the Azure CLI", "sh", ["-c", "command -v az"]))(
  "az runs a task on a pool, signed in by Entra ID",
  { timeout: 300_000 },
  async () => {
    expect(await run(["sh", programFile("az-pool.sh")])).toEqual({
      task: ["completed", 0],
      pool: ["az", "standard_d2s_v3", 1, "steady"],
      output: "fromaz",
    });
  },
);
