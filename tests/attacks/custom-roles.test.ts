/** Escalation by custom roles: whoever administers a part reaches for the whole, through a role that the whole has given out. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { OWNER, READER } from "../../src/wire/rbac/built-in-roles.ts";
import { application, type Management, openManagement, tenant } from "../wire/management.fixture.ts";
import { postForm, type RawReply, send } from "../wire/raw-request.fixture.ts";

const TENANT = randomUUID();
const SUBSCRIPTION = `/subscriptions/${randomUUID()}`;
const GROUP = `${SUBSCRIPTION}/resourceGroups/part`;
const OTHER_GROUP = `${SUBSCRIPTION}/resourceGroups/other`;
const [owner, groupOwner, victim] = [application(TENANT), application(TENANT), application(TENANT)];

let service: Management;
let asOwner: Caller;
let asGroupOwner: Caller;
/** Assignable at the subscription and assigned there, to the attacker too. */
let role: string;

type Caller = (method: string, path: string, body?: object) => Promise<RawReply>;

beforeAll(async () => {
  const holds = (principalId: string, roleDefinitionId: string, scope: string) => ({
    tenantId: TENANT,
    principalId,
    principalType: "ServicePrincipal" as const,
    roleDefinitionId,
    scope,
  });
  service = await openManagement(
    {
      tenants: [tenant(TENANT, [owner, groupOwner, victim])],
      subscriptions: [{ subscriptionId: SUBSCRIPTION.slice(15), tenantId: TENANT, displayName: "The whole" }],
      accounts: [],
      roleAssignments: [
        holds(owner.objectId, OWNER.name, SUBSCRIPTION),
        holds(groupOwner.objectId, OWNER.name, GROUP),
        holds(groupOwner.objectId, READER.name, SUBSCRIPTION),
      ],
    },
    () => undefined,
  );
  [asOwner, asGroupOwner] = await Promise.all([callerOf(owner), callerOf(groupOwner)]);
  for (const group of [GROUP, OTHER_GROUP])
    await asOwner("PUT", `${group}?api-version=2021-04-01`, { location: "westeurope" });
});
afterAll(() => service?.close());
beforeEach(async () => {
  role = await newRole([SUBSCRIPTION]);
  expect((await assign(asOwner, SUBSCRIPTION, role, groupOwner.objectId)).status).toBe(201);
});

async function callerOf({ clientId, clientSecret }: typeof owner): Promise<Caller> {
  const { json } = await postForm(service, `/${TENANT}/oauth2/token`, {
    grant_type: "client_credentials",
    client_id: clientId,
    client_secret: clientSecret,
    resource: "https://management.azure.com/",
  });
  const headers = { authorization: `Bearer ${json.access_token}`, "content-type": "application/json" };
  return (method, path, body) =>
    send(service, { method, path, headers, ...(body && { body: JSON.stringify(body) }) });
}

const authorization = (scope: string, kind: string, name: string) =>
  `${scope}/providers/Microsoft.Authorization/${kind}/${name}?api-version=2022-04-01`;
const roleBody = (assignableScopes: readonly string[], actions: readonly string[], name: string) => ({
  properties: { roleName: `Role ${name}`, assignableScopes, permissions: [{ actions }] },
});
async function newRole(assignableScopes: readonly string[]): Promise<string> {
  const name = randomUUID();
  const body = roleBody(assignableScopes, ["Microsoft.Batch/batchAccounts/read"], name);
  expect((await asOwner("PUT", authorization(SUBSCRIPTION, "roleDefinitions", name), body)).status).toBe(201);
  return name;
}
const redefine = (as: Caller, at: string, name: string, scopes: readonly string[], actions = ["*"]) =>
  as("PUT", authorization(at, "roleDefinitions", name), roleBody(scopes, actions, name));
const assign = (as: Caller, scope: string, name: string, principalId: string) =>
  as("PUT", authorization(scope, "roleAssignments", randomUUID()), {
    properties: {
      roleDefinitionId: `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${name}`,
      principalId,
    },
  });
const outcome = ({ status, json }: RawReply) => `${status} ${json?.error?.code ?? ""}`.trim();
const actionsOf = async (name: string) => {
  const { json } = await asOwner("GET", authorization(GROUP, "roleDefinitions", name));
  return json.properties.permissions[0].actions;
};

test("a resource group's owner redefines a role of the subscription, and owns the subscription", async () => {
  expect(outcome(await redefine(asGroupOwner, GROUP, role, [GROUP]))).toBe("403 LinkedAuthorizationFailed");
  expect(await actionsOf(role)).toEqual(["Microsoft.Batch/batchAccounts/read"]);
  expect(outcome(await assign(asGroupOwner, SUBSCRIPTION, OWNER.name, groupOwner.objectId))).toBe(
    "403 AuthorizationFailed",
  );
});

test("a resource group's owner redefines a role of two groups, and rules the other group", async () => {
  const shared = await newRole([GROUP, OTHER_GROUP]);
  expect((await assign(asOwner, OTHER_GROUP, shared, groupOwner.objectId)).status).toBe(201);
  for (const scopes of [[GROUP], [GROUP, OTHER_GROUP]])
    expect(outcome(await redefine(asGroupOwner, GROUP, shared, scopes))).toBe(
      "403 LinkedAuthorizationFailed",
    );
  expect(outcome(await asGroupOwner("DELETE", `${OTHER_GROUP}?api-version=2021-04-01`))).toBe(
    "403 AuthorizationFailed",
  );
});

test("a resource group's owner deletes a role that the subscription owns", async () => {
  const unassigned = await newRole([SUBSCRIPTION]);
  const shared = await newRole([GROUP, OTHER_GROUP]);
  for (const name of [unassigned, shared]) {
    const reply = await asGroupOwner("DELETE", authorization(GROUP, "roleDefinitions", name));
    expect(outcome(reply)).toBe("403 LinkedAuthorizationFailed");
    expect(await actionsOf(name)).toEqual(["Microsoft.Batch/batchAccounts/read"]);
  }
});

test("a scope is dropped from a role, and what is assigned there goes on granting", async () => {
  const reply = await redefine(asOwner, SUBSCRIPTION, role, [GROUP]);
  expect(outcome(reply)).toBe("400 RoleDefinitionHasAssignments");
  expect(reply.json.error.message).toContain(SUBSCRIPTION);
  expect(await actionsOf(role)).toEqual(["Microsoft.Batch/batchAccounts/read"]);
  // Nothing is assigned outside the narrower scope: then it may be dropped.
  const narrow = await newRole([SUBSCRIPTION]);
  expect((await assign(asOwner, GROUP, narrow, victim.objectId)).status).toBe(201);
  expect((await redefine(asOwner, SUBSCRIPTION, narrow, [GROUP], ["*/read"])).status).toBe(201);
});
