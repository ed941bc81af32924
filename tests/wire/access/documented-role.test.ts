/** The custom role that the documents on role-based access control for Batch give as their example, byte for byte, at work. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ArmClient, outcome } from "../arm-client.fixture.ts";
import { jobBody, poolBody, taskBody } from "../batch-bodies.fixture.ts";
import { BatchClient } from "../batch-client.fixture.ts";
import { batchyardRun, missing, printed, programFile } from "../client-program.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";

/** As it stands there: its spaces, its empty lists of a blank line each, its subscription. */
const DOCUMENT = `{
 "properties":{
    "roleName":"Azure Batch Custom Job Submitter",
    "type":"CustomRole",
    "description":"Allows a user to submit jobs to Azure Batch but not manage pools",
    "assignableScopes":[
      "/subscriptions/88888888-8888-8888-8888-888888888888"
    ],
    "permissions":[
      {
        "actions":[
          "Microsoft.Batch/*/read",
          "Microsoft.Authorization/*/read",
          "Microsoft.Resources/subscriptions/resourceGroups/read",
          "Microsoft.Support/*",
          "Microsoft.Insights/alertRules/*"
        ],
        "notActions":[

        ],
        "dataActions":[
          "Microsoft.Batch/batchAccounts/jobs/*",
          "Microsoft.Batch/batchAccounts/jobSchedules/*"
        ],
        "notDataActions":[

        ]
      }
    ]
  }
}
`;
const SUBSCRIPTION = "88888888-8888-8888-8888-888888888888";
const TENANT = randomUUID();
const SCOPE = `/subscriptions/${SUBSCRIPTION}`;
const ACCOUNT = `${SCOPE}/resourceGroups/lab/providers/Microsoft.Batch/batchAccounts/farm`;
const application = () => ({ clientId: randomUUID(), clientSecret: `${randomUUID()}${randomUUID()}` });
const [owner, submitter] = [application(), application()];

let service: RunningService;
let owning: BatchClient;

beforeAll(async () => {
  service = await runningService({
    seed: {
      tenants: [{ tenantId: TENANT, domains: ["documents.example"], applications: [owner, submitter] }],
      subscriptions: [{ subscriptionId: SUBSCRIPTION, tenantId: TENANT }],
      accounts: [
        { name: "farm", subscriptionId: SUBSCRIPTION, resourceGroup: "lab", location: "westeurope" },
      ],
      roleAssignments: [{ principal: owner.clientId, role: "Owner", scope: SCOPE }],
    },
  });
  owning = await BatchClient.connect(service);
});
afterAll(async () => {
  owning?.close();
  await service?.close();
});

test("it is created from those bytes, and lets a service principal submit, see pools, and nothing more", async () => {
  const arm = await ArmClient.signIn(service, owner, TENANT);
  const role = `${SCOPE}/providers/Microsoft.Authorization/roleDefinitions/${randomUUID()}`;
  const created = await arm.send("PUT", role, { version: "2018-01-01-preview", body: DOCUMENT });
  expect(created).toMatchObject({ status: 201, json: JSON.parse(DOCUMENT) });
  const principal = await arm.send("GET", `/providers/Batchyard.Access/principals/${submitter.clientId}`, {
    version: "2026-01-01",
  });
  const properties = { roleDefinitionId: role, principalId: principal.json.objectId };
  const assignment = `${ACCOUNT}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}`;
  expect(outcome(await arm.send("PUT", assignment, { version: "2022-04-01", body: { properties } }))).toBe(
    201,
  );

  await owning.post("/pools", poolBody("pool"));
  const { id: nodeId } = (await owning.until("/pools/pool/nodes", ({ value }) => value[0]?.state === "idle"))
    .value[0];
  const batch = owning.as(await owning.token(submitter, undefined, TENANT));
  const schedule = { id: "schedule", schedule: {}, jobSpecification: { poolInfo: { poolId: "pool" } } };
  await batch.post("/jobs", jobBody("job", "pool"));
  await batch.post("/jobs/job/tasks", taskBody("task", "echo done"));
  await batch.post("/jobschedules", schedule);
  await batch.until("/jobs/job/tasks/task", ({ state }) => state === "completed");
  for (const path of [
    "/pools",
    "/pools/pool",
    "/pools/pool/nodes",
    `/pools/pool/nodes/${nodeId}`,
    "/certificates",
  ])
    expect((await batch.send("GET", path)).status, path).toBe(200);

  const node = `/pools/pool/nodes/${nodeId}`;
  const certificate =
    "/certificates(thumbprintAlgorithm=sha1,thumbprint=0123456789abcdef0123456789abcdef01234567)";
  const autoPool = {
    autoPoolSpecification: { poolLifetimeOption: "job", pool: { vmSize: "standard_d2s_v3" } },
  };
  const refused: [method: string, path: string, body?: object][] = [
    ["POST", "/pools", poolBody("other")],
    ["PATCH", "/pools/pool", { metadata: [] }],
    ["POST", "/pools/pool/resize", { targetDedicatedNodes: 0 }],
    ["POST", "/pools/pool/stopresize"],
    ["POST", "/pools/pool/removenodes", { nodeList: [nodeId] }],
    ["DELETE", "/pools/pool"],
    ["POST", `${node}/reboot`, {}],
    ["POST", `${node}/disablescheduling`, {}],
    ["POST", `${node}/users`, { name: "eve" }],
    ["POST", "/certificates", { thumbprint: "00", thumbprintAlgorithm: "sha1", data: "AA==" }],
    ["DELETE", certificate],
    ["POST", "/jobs", { id: "auto", poolInfo: autoPool }],
  ];
  for (const [method, path, body] of refused) {
    const reply = await batch.send(method, path, body === undefined ? {} : { body });
    expect(reply, `${method} ${path}: ${reply.text}`).toMatchObject({
      status: 403,
      json: { code: "PermissionDenied" },
    });
  }
  const management = await ArmClient.signIn(service, submitter, TENANT);
  const version = "2023-11-01";
  for (const [method, path] of [
    ["POST", `${ACCOUNT}/listKeys`],
    ["POST", `${ACCOUNT}/regenerateKeys`],
    ["PATCH", ACCOUNT],
    ["PUT", `${ACCOUNT}/pools/other`],
  ] as const) {
    const reply = await management.send(method, path, { version, body: { keyName: "Primary" } });
    expect(outcome(reply), path).toBe("403 AuthorizationFailed");
  }
  expect(outcome(await management.send("GET", ACCOUNT, { version }))).toBe(200);
});

test.skipIf(missing("the Azure CLI", "sh", ["-c", "command -v az"]))(
  "az role definition create, with Debian's shim, makes the very role that REST makes",
  { timeout: 120_000 },
  async () => {
    const arm = await ArmClient.signIn(service, owner, TENANT);
    const version = "2018-01-01-preview";
    const definitions = `${SCOPE}/providers/Microsoft.Authorization/roleDefinitions`;
    // A role's name is the tenant's, so that each maker finds it free.
    const dropAll = async () => {
      const filter = encodeURIComponent("type eq 'CustomRole'");
      const custom = (await arm.send("GET", `${definitions}?$filter=${filter}`, { version })).json.value;
      const assignments = `${SCOPE}/providers/Microsoft.Authorization/roleAssignments`;
      const assigned = (await arm.send("GET", assignments, { version: "2022-04-01" })).json.value;
      for (const { id, properties } of assigned)
        if (custom.some((role: { id: string }) => role.id === properties.roleDefinitionId))
          expect(outcome(await arm.send("DELETE", id, { version: "2022-04-01" }))).toBe(200);
      for (const { id } of custom) expect(outcome(await arm.send("DELETE", id, { version }))).toBe(200);
    };
    await dropAll();
    const path = `${definitions}/${randomUUID()}`;
    expect(outcome(await arm.send("PUT", path, { version, body: DOCUMENT }))).toBe(201);
    const byRest = (await arm.send("GET", path, { version })).json;
    await dropAll();
    const words = ["sh", programFile("az-documented-role.sh"), programFile("az-shim")];
    const id = printed(await batchyardRun(words, ["--data", service.folder]));
    const byCommand = (await arm.send("GET", id, { version })).json;
    expect(byCommand.properties).toEqual(byRest.properties);
    expect(byCommand).toMatchObject(JSON.parse(DOCUMENT));
  },
);
