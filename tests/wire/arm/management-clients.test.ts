/** Azure's management clients, unmodified, with Azure's own addresses in the programs. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { ArmClient } from "../arm-client.fixture.ts";
import { batchyardRun, missing, printed, programFile } from "../client-program.fixture.ts";
import { applications, contosoSeed, SUBSCRIPTION } from "../contoso.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";

const PYTHON = "/usr/bin/python3";

let service: RunningService;
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  const owner = applications.contributor;
  const roleAssignments = [
    ...contosoSeed.roleAssignments,
    { principal: owner.clientId, role: "Owner", scope: `/subscriptions/${SUBSCRIPTION}` },
  ];
  service = await runningService({ seed: { ...contosoSeed, roleAssignments } });
  const arm = await ArmClient.signIn(service, owner);
  const path = `/providers/Batchyard.Access/principals/${applications.nobody.clientId}`;
  const { objectId } = (await arm.send("GET", path, { version: "2026-01-01" })).json;
  environment = { ...process.env, PRINCIPAL_ID: objectId };
});
afterAll(() => service?.close());

const run = async (words: readonly string[]) =>
  printed(await batchyardRun(words, ["--data", service.folder], environment));

test.skipIf(
  missing("the management clients for Python", PYTHON, [
    "-c",
    "import azure.mgmt.batch, azure.mgmt.authorization, azure.mgmt.resource",
  ]),
)("azure-mgmt-* manage groups, accounts and roles", { timeout: 60_000 }, async () => {
  expect(await run([PYTHON, programFile("management.py")])).toEqual({
    group: ["py", "westeurope", { a: "1" }],
    exists: [true, false],
    account: ["pyaccount", "Succeeded", "pyaccount.westeurope.batch.azure.com"],
    keys: [false, true],
    updated: [{ b: "2" }, "Disabled"],
    listed: ["pyaccount"],
    free: false,
    sizes: true,
    operations: true,
    role: ["PY submitter", "CustomRole"],
    twice: [409, "RoleAssignmentExists"],
    assigned: [true],
    "in use": [400, "RoleDefinitionHasAssignments"],
    gone: [404, "RoleDefinitionDoesNotExist"],
    deleted: [404, "ResourceNotFound"],
    end: false,
  });
});

test("@azure/arm-* manage groups, accounts and roles", { timeout: 60_000 }, async () => {
  expect(await run([process.execPath, programFile("management.mjs")])).toEqual({
    tenant: true,
    locations: true,
    group: ["js", "westeurope", { a: "1" }, "Succeeded"],
    exists: [true, false],
    groups: ["js"],
    provider: "Registered",
    free: true,
    account: ["jsaccount", "Succeeded", "BatchService", "jsaccount.westeurope.batch.azure.com"],
    keys: [true, false],
    modes: ["AAD"],
    listed: ["jsaccount"],
    quota: true,
    resources: ["Microsoft.Batch/batchAccounts", "Microsoft.Storage/storageAccounts"],
    role: ["JS submitter", "CustomRole", ["Microsoft.Batch/batchAccounts/jobs/*"]],
    assigned: [true],
    byId: [true, "JS submitter", [404, "DenyAssignmentNotFound"]],
    ofResource: true,
    inUse: [400, "RoleDefinitionHasAssignments"],
    gone: [404, "RoleDefinitionDoesNotExist"],
    permissions: true,
    denials: 0,
    deleted: [404, "ResourceNotFound"],
    end: false,
  });
});

test.skipIf(missing("the Azure CLI", "sh", ["-c", "command -v az"]))(
  "az manages groups, accounts and roles, and signs in to an account both ways",
  { timeout: 300_000 },
  async () => {
    const seen = await run(["sh", programFile("az-management.sh"), programFile("az-shim")]);
    expect(seen).toEqual({
      group: ["az", "westeurope", { a: "1" }, "Succeeded"],
      exists: true,
      account: ["azaccount", "Succeeded", "BatchService"],
      listed: ["azaccount"],
      keyChanged: true,
      tagged: { b: "2" },
      quota: true,
      jobs: ["aad", "key"],
      role: ["AZsubmitter", "CustomRole", ["Microsoft.Batch/batchAccounts/jobs/*"]],
      roles: ["AZsubmitter"],
      assigned: [
        "ServicePrincipal",
        `/subscriptions/${SUBSCRIPTION}/resourceGroups/az/providers/Microsoft.Batch/batchAccounts/azaccount`,
      ],
      end: false,
    });
  },
);
