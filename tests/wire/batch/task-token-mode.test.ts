/** An account whose allowed authentication modes leave out task tokens refuses a running task's, and takes it again when they do not. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ArmClient, outcome } from "../arm-client.fixture.ts";
import { jobBody, poolBody, taskBody } from "../batch-bodies.fixture.ts";
import { BatchClient } from "../batch-client.fixture.ts";
import { eventually } from "../eventually.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";

const [TENANT, SUBSCRIPTION] = [randomUUID(), randomUUID()];
const SCOPE = `/subscriptions/${SUBSCRIPTION}`;
const ACCOUNT = `${SCOPE}/resourceGroups/lab/providers/Microsoft.Batch/batchAccounts/modes`;
const owner = { clientId: randomUUID(), clientSecret: `${randomUUID()}${randomUUID()}` };

let service: RunningService;
let client: BatchClient;

beforeAll(async () => {
  service = await runningService({
    seed: {
      tenants: [{ tenantId: TENANT, domains: ["modes.example"], applications: [owner] }],
      subscriptions: [{ subscriptionId: SUBSCRIPTION, tenantId: TENANT }],
      accounts: [
        { name: "modes", subscriptionId: SUBSCRIPTION, resourceGroup: "lab", location: "westeurope" },
      ],
      roleAssignments: [{ principal: owner.clientId, role: "Owner", scope: SCOPE }],
    },
  });
  client = await BatchClient.connect(service);
});
afterAll(async () => {
  client?.close();
  await service?.close();
});

test("a task's token goes with the account's TaskAuthenticationToken", async () => {
  await client.post("/pools", poolBody("pool"));
  await client.post("/jobs", jobBody("job", "pool"));
  const script = "printf %s. $AZ_BATCH_AUTHENTICATION_TOKEN; while [ ! -e go ]; do sleep 0.1; done";
  const settings = {
    authenticationTokenSettings: { access: ["job"] },
    constraints: { maxWallClockTime: "PT1M" },
  };
  await client.post("/jobs/job/tasks", taskBody("task", script, settings));
  await client.until("/jobs/job/tasks/task", ({ state }) => state === "running");
  const token = await eventually("the token", async () => {
    const { status, text } = await client.send("GET", "/jobs/job/tasks/task/files/stdout.txt");
    return status === 200 && text.endsWith(".") && text.slice(0, -1);
  });
  const task = client.as(token);
  expect((await task.send("GET", "/jobs/job")).status).toBe(200);

  const arm = await ArmClient.signIn(service, owner, TENANT);
  const allow = async (allowedAuthenticationModes: readonly string[]) => {
    const body = { properties: { allowedAuthenticationModes } };
    expect(outcome(await arm.send("PATCH", ACCOUNT, { version: "2024-07-01", body }))).toBe(200);
  };
  await allow(["SharedKey", "AAD"]);
  for (const [method, path] of [
    ["GET", "/jobs/job"],
    ["GET", "/jobs/absent"],
    ["POST", "/jobs/job/terminate"],
  ] as const) {
    const refused = await task.send(method, path);
    expect([refused.status, refused.json.code], path).toEqual([403, "AuthenticationFailed"]);
    expect(refused.text).toContain(
      "The specified type of authentication TaskAuthenticationToken is not allowed for this account.",
    );
  }
  const manager = { jobManagerTask: { ...taskBody("m", "true"), ...settings } };
  for (const [path, body] of [
    ["/jobs/job/tasks", taskBody("later", "true", settings)],
    ["/jobs", jobBody("later", "pool", manager)],
    [
      "/jobschedules",
      { id: "later", schedule: {}, jobSpecification: { poolInfo: { poolId: "pool" }, ...manager } },
    ],
  ] as const) {
    const refused = await client.send("POST", path, { body });
    expect([refused.status, refused.json.code], path).toEqual([400, "InvalidPropertyValue"]);
    expect(refused.text).toContain("authenticationTokenSettings");
  }
  expect((await client.get("/jobs/job")).state).toBe("active");
  expect((await task.send("GET", "/jobs/job")).status).toBe(403);
  await allow(["AAD", "TaskAuthenticationToken"]);
  expect((await task.send("GET", "/jobs/job")).status).toBe(200);
  await client.post("/jobs/job/tasks/task/terminate");
  expect((await task.send("GET", "/jobs/job")).status).toBe(401);
});
