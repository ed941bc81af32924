/**
 * The committed permission matrix against the running service: an application for each of the fourteen documented permissions and for each
 * reviewed built-in role sends every operation of the data plane, auto pools included, and of an account's management, and is refused
 * exactly where the matrix says so.
 */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ArmOperationId, armOperations } from "../../../src/wire/arm/operations.ts";
import type { BatchOperationId } from "../../../src/wire/batch/operations.gen.ts";
import {
  DOCUMENTED_PERMISSIONS,
  dataPlaneMatrix,
  managementMatrix,
  REVIEWED_ROLES,
  singlePermissionRole,
} from "../../../tools/permission-matrix.ts";
import { ArmClient } from "../arm-client.fixture.ts";
import { BatchClient } from "../batch-client.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";
import { sendSmallest } from "./smallest-request.fixture.ts";

const [TENANT, SUBSCRIPTION] = [randomUUID(), randomUUID()];
const SCOPE = `/subscriptions/${SUBSCRIPTION}`;
const application = () => ({ clientId: randomUUID(), clientSecret: `${randomUUID()}${randomUUID()}` });

const owner = application();
const singles = DOCUMENTED_PERMISSIONS.map((name) => ({
  ...application(),
  role: { ...singlePermissionRole(name), name: randomUUID() },
}));
const builtIn = REVIEWED_ROLES.map((role) => ({ ...application(), role }));

let service: RunningService;
let client: BatchClient;

beforeAll(async () => {
  service = await runningService({
    seed: {
      tenants: [
        {
          tenantId: TENANT,
          domains: ["matrix.example"],
          applications: [owner, ...singles, ...builtIn].map(({ clientId, clientSecret }) => ({
            clientId,
            clientSecret,
          })),
        },
      ],
      subscriptions: [{ subscriptionId: SUBSCRIPTION, tenantId: TENANT }],
      accounts: [
        { name: "matrix", subscriptionId: SUBSCRIPTION, resourceGroup: "lab", location: "westeurope" },
      ],
      roleAssignments: [
        { principal: owner.clientId, role: "Owner", scope: SCOPE },
        ...builtIn.map(({ clientId, role }) => ({ principal: clientId, role: role.roleName, scope: SCOPE })),
      ],
    },
  });
  client = await BatchClient.connect(service);
  const arm = await ArmClient.signIn(service, owner, TENANT);
  const version = "2022-04-01";
  const at = `${SCOPE}/providers/Microsoft.Authorization`;
  for (const { clientId, role } of singles) {
    const { name, permissions, roleName } = role;
    const definition = { roleName, type: "CustomRole", assignableScopes: [SCOPE], permissions };
    const path = `${at}/roleDefinitions/${name}`;
    expect((await arm.send("PUT", path, { version, body: { properties: definition } })).status).toBe(201);
    const found = await arm.send("GET", `/providers/Batchyard.Access/principals/${clientId}`, {
      version: "2026-01-01",
    });
    const properties = { roleDefinitionId: path, principalId: found.json.objectId };
    const assigned = await arm.send("PUT", `${at}/roleAssignments/${randomUUID()}`, {
      version,
      body: { properties },
    });
    expect(assigned.status).toBe(201);
  }
});
afterAll(async () => {
  client?.close();
  await service?.close();
});

const holders = [...singles, ...builtIn];
const matrix = dataPlaneMatrix(holders.map(({ role }) => role));

test.each(holders.map(({ role }, index) => [role.roleName, index] as const))(
  "%s is allowed on the data plane what its column says",
  async (_, index) => {
    const holder = client.as(
      await client.token(holders[index] as { clientId: string; clientSecret: string }),
    );
    const seen: Record<string, boolean> = {};
    for (const { operation } of matrix) {
      const [id, autoPool] = operation.split(",");
      const reply = await sendSmallest(holder, id as BatchOperationId, autoPool !== undefined);
      expect(autoPool === undefined ? [401, 500] : [201, 401, 500], reply.text).not.toContain(reply.status);
      seen[operation] = reply.status !== 403;
    }
    expect(seen).toEqual(
      Object.fromEntries(matrix.map(({ operation, allowed }) => [operation, allowed[index]])),
    );
  },
);

/** Those of Microsoft.Batch on an account and what lies in it; sent to one that is not there, they change nothing. */
const management = managementMatrix(holders.map(({ role }) => role)).filter(
  ({ operation }) =>
    operation.startsWith("Microsoft.Batch/") &&
    armOperations[operation as ArmOperationId].path.includes("{accountName}"),
);

test.each(holders.map(({ role }, index) => [role.roleName, index] as const))(
  "%s is allowed in Resource Manager what its column says",
  async (_, index) => {
    expect(management.length).toBeGreaterThan(20);
    const holder = await ArmClient.signIn(service, holders[index] as typeof owner, TENANT);
    const seen: Record<string, boolean> = {};
    for (const { operation } of management) {
      const { method, path, apiVersions } = armOperations[operation as ArmOperationId];
      const filled = path
        .replace("{subscriptionId}", SUBSCRIPTION)
        .replace("{resourceGroupName}", "lab")
        .replaceAll(/\{\w+\}/g, "absent");
      const reply = await holder.send(method, filled, {
        version: apiVersions.at(-1) ?? "",
        ...(["PUT", "POST", "PATCH"].includes(method) && { body: {} }),
      });
      expect([201, 401, 500], reply.text).not.toContain(reply.status);
      seen[operation] = reply.status !== 403;
    }
    expect(seen).toEqual(
      Object.fromEntries(management.map(({ operation, allowed }) => [operation, allowed[index]])),
    );
  },
);
