/** Groups that contain one another, made over HTTP: a role of one is the role of all, and nothing that follows memberships hangs. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ArmClient, outcome } from "../arm-client.fixture.ts";
import { BatchClient } from "../batch-client.fixture.ts";
import { type RawReply, send } from "../raw-request.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";

const [TENANT, SUBSCRIPTION] = [randomUUID(), randomUUID()];
const SCOPE = `/subscriptions/${SUBSCRIPTION}`;
const ACCOUNT = `${SCOPE}/resourceGroups/lab/providers/Microsoft.Batch/batchAccounts/circle`;
const READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
const GRAPH = "https://graph.microsoft.com/";
const application = () => ({ clientId: randomUUID(), clientSecret: `${randomUUID()}${randomUUID()}` });
const [owner, member, stranger] = [application(), application(), application()];

let service: RunningService;
let client: BatchClient;
let arm: ArmClient;
let graphToken: string;

beforeAll(async () => {
  service = await runningService({
    seed: {
      tenants: [
        {
          tenantId: TENANT,
          domains: ["circle.example"],
          applications: [{ ...owner, graphAppRoles: ["Group.ReadWrite.All"] }, member, stranger],
        },
      ],
      subscriptions: [{ subscriptionId: SUBSCRIPTION, tenantId: TENANT }],
      accounts: [
        { name: "circle", subscriptionId: SUBSCRIPTION, resourceGroup: "lab", location: "westeurope" },
      ],
      roleAssignments: [{ principal: owner.clientId, role: "Owner", scope: SCOPE }],
    },
  });
  client = await BatchClient.connect(service);
  arm = await ArmClient.signIn(service, owner, TENANT);
  graphToken = await client.token(owner, GRAPH);
});
afterAll(async () => {
  client?.close();
  await service?.close();
});

function graph(method: string, path: string, body?: object): Promise<RawReply> {
  const main = { port: Number(new URL(service.ready.management).port) };
  return send(
    { main, ca: service.ca },
    {
      method,
      host: "graph.microsoft.com",
      path: `/v1.0${path}`,
      headers: { authorization: `Bearer ${graphToken}`, "content-type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
    },
  );
}

async function newGroup(displayName: string): Promise<string> {
  const body = { displayName, mailNickname: displayName, mailEnabled: false, securityEnabled: true };
  const reply = await graph("POST", "/groups", body);
  expect(reply.status, reply.text).toBe(201);
  return reply.json.id;
}

async function join(group: string, id: string): Promise<void> {
  const body = { "@odata.id": `https://graph.microsoft.com/v1.0/directoryObjects/${id}` };
  expect((await graph("POST", `/groups/${group}/members/$ref`, body)).status).toBe(204);
}

const objectIdOf = async ({ clientId }: { clientId: string }): Promise<string> =>
  (await arm.send("GET", `/providers/Batchyard.Access/principals/${clientId}`, { version: "2026-01-01" }))
    .json.objectId;
const transitive = async (group: string): Promise<string[]> =>
  (await graph("GET", `/groups/${group}/transitiveMembers`)).json.value.map(({ id }: { id: string }) => id);
const check = async (principal: string): Promise<RawReply> =>
  arm.send("POST", "/providers/Batchyard.Access/checkAccess", {
    version: "2026-01-01",
    body: { principal, scope: ACCOUNT, action: "Microsoft.Batch/batchAccounts/read" },
  });

test("a role of one group in a circle reaches the members of every one, until the circle opens", async () => {
  const [a, b, c] = [await newGroup("a"), await newGroup("b"), await newGroup("c")];
  const memberId = await objectIdOf(member);
  // a is in b, b in a; c, with the member, in a.
  await join(b, a);
  await join(a, b);
  await join(a, c);
  await join(c, memberId);
  expect((await transitive(b)).filter((id) => id !== b).toSorted()).toEqual([a, c, memberId].toSorted());
  expect((await transitive(a)).filter((id) => id !== a).toSorted()).toEqual([b, c, memberId].toSorted());

  const batch = client.as(await client.token(member, undefined, TENANT));
  const other = client.as(await client.token(stranger, undefined, TENANT));
  const management = await ArmClient.signIn(service, member, TENANT);
  const seen = async () => [
    (await batch.send("GET", "/pools")).status,
    (await batch.send("POST", "/jobs", { body: { id: "job", poolInfo: { poolId: "absent" } } })).status,
    outcome(await management.send("GET", ACCOUNT, { version: "2024-07-01" })),
    (await check(member.clientId)).json.allowed,
    (await other.send("GET", "/pools")).status,
  ];
  const nothing = [403, 403, "403 AuthorizationFailed", false, 403];
  expect(await seen()).toEqual(nothing);

  const path = `${ACCOUNT}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}`;
  const properties = {
    roleDefinitionId: `${SCOPE}/providers/Microsoft.Authorization/roleDefinitions/${READER}`,
    principalId: b,
    principalType: "Group",
  };
  expect(outcome(await arm.send("PUT", path, { version: "2022-04-01", body: { properties } }))).toBe(201);
  expect(await seen()).toEqual([200, 403, 200, true, 403]);

  expect((await graph("DELETE", `/groups/${b}/members/${a}/$ref`)).status).toBe(204);
  expect(await seen()).toEqual(nothing);
  await join(b, a);
  expect(await seen()).toEqual([200, 403, 200, true, 403]);
  expect((await graph("DELETE", `/groups/${a}`)).status).toBe(204);
  expect(await seen()).toEqual(nothing);
});
