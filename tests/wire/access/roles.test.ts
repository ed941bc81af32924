/** Custom roles and assignments written over HTTP, and what they change for the very next request of the data plane. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sendDescribed } from "../arm-client.fixture.ts";
import { jobBody, poolBody } from "../batch-bodies.fixture.ts";
import { BatchClient } from "../batch-client.fixture.ts";
import {
  applications,
  contosoSeed,
  FABRIKAM,
  foreigner,
  SUBSCRIPTION,
  signInAll,
} from "../contoso.fixture.ts";
import type { RawReply } from "../raw-request.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";

const ARM = "https://management.azure.com/";
const ACCOUNT_SCOPE = `/subscriptions/${SUBSCRIPTION}/resourceGroups/lab/providers/Microsoft.Batch/batchAccounts/first`;
const AUTHORIZATION = "providers/Microsoft.Authorization";

/** The role that the documents on role-based access control for Batch give as their example, but for its subscription. */
const documentedRole = {
  properties: {
    roleName: "Azure Batch Custom Job Submitter",
    type: "CustomRole",
    description: "Allows a user to submit jobs to Azure Batch but not manage pools",
    assignableScopes: [`/subscriptions/${SUBSCRIPTION}`],
    permissions: [
      {
        actions: [
          "Microsoft.Batch/*/read",
          "Microsoft.Authorization/*/read",
          "Microsoft.Resources/subscriptions/resourceGroups/read",
          "Microsoft.Support/*",
          "Microsoft.Insights/alertRules/*",
        ],
        notActions: [],
        dataActions: ["Microsoft.Batch/batchAccounts/jobs/*", "Microsoft.Batch/batchAccounts/jobSchedules/*"],
        notDataActions: [],
      },
    ],
  },
};

let service: RunningService;
let client: BatchClient;
let signedIn: Awaited<ReturnType<typeof signInAll>>;
const armTokens = new Map<string, string>();
/** Object id of the application that holds no role. */
let nobodyId: string;

beforeAll(async () => {
  const { contributor, owner } = applications;
  const subscription = `/subscriptions/${SUBSCRIPTION}`;
  const roleAssignments = [
    ...contosoSeed.roleAssignments,
    { principal: owner.clientId, role: "Owner", scope: subscription },
  ];
  service = await runningService({ seed: { ...contosoSeed, roleAssignments } });
  client = await BatchClient.connect(service);
  signedIn = await signInAll(client);
  for (const application of [owner, contributor, applications.nobody]) {
    armTokens.set(application.clientId, await client.token(application, ARM));
  }
  armTokens.set(foreigner.clientId, await client.token(foreigner, ARM, FABRIKAM));
  const path = `/providers/Batchyard.Access/principals/${applications.nobody.clientId}?api-version=2026-01-01`;
  nobodyId = (await manage("GET", path)).json.objectId;
});
afterAll(async () => {
  client?.close();
  await service?.close();
});

function manage(
  method: string,
  path: string,
  body?: unknown,
  who: { readonly clientId: string } = applications.owner,
): Promise<RawReply> {
  const port = Number(new URL(service.ready.management).port);
  const headers = {
    authorization: `Bearer ${armTokens.get(who.clientId)}`,
    "content-type": "application/json",
  };
  const door = { main: { port }, ca: service.ca };
  return sendDescribed(door, {
    method,
    path,
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

const definitionPath = (name: string, version = "2022-04-01") =>
  `/subscriptions/${SUBSCRIPTION}/${AUTHORIZATION}/roleDefinitions/${name}?api-version=${version}`;
const assignmentPath = (name: string, scope = ACCOUNT_SCOPE) =>
  `${scope}/${AUTHORIZATION}/roleAssignments/${name}?api-version=2022-04-01`;
const assignmentOf = (roleName: string, principalId = nobodyId) => ({
  properties: {
    roleDefinitionId: `/subscriptions/${SUBSCRIPTION}/${AUTHORIZATION}/roleDefinitions/${roleName}`,
    principalId,
  },
});
const outcome = ({ status, json }: RawReply) =>
  json?.error === undefined ? status : `${status} ${json.error.code}`;

test("the documents' custom role lets its holder submit jobs and read pools, and nothing more", async () => {
  const [roleName, assignment] = [randomUUID(), randomUUID()];
  const created = await manage("PUT", definitionPath(roleName, "2018-01-01-preview"), documentedRole);
  expect(created).toMatchObject({
    status: 201,
    json: { name: roleName, properties: documentedRole.properties },
  });
  expect(outcome(await manage("PUT", assignmentPath(assignment), assignmentOf(roleName)))).toBe(201);

  const { nobody: holder } = signedIn;
  await client.must("POST", "/pools", { body: poolBody("pool") });
  expect((await holder.send("POST", "/jobs", { body: jobBody("job", "pool") })).status).toBe(201);
  expect((await holder.send("GET", "/pools/pool")).status).toBe(200);
  const refused = [
    await holder.send("POST", "/pools", { body: poolBody("other") }),
    await holder.send("DELETE", "/pools/pool"),
    await holder.send("POST", "/pools/pool/stopresize"),
    await manage("POST", `${ACCOUNT_SCOPE}/listKeys?api-version=2023-11-01`, undefined, applications.nobody),
    await manage("PUT", assignmentPath(randomUUID()), assignmentOf(roleName), applications.nobody),
  ];
  expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403]);

  expect(outcome(await manage("DELETE", definitionPath(roleName)))).toBe("400 RoleDefinitionHasAssignments");
  expect(outcome(await manage("DELETE", assignmentPath(assignment)))).toBe(200);
  expect((await holder.send("GET", "/pools/pool")).status).toBe(403);
  expect(outcome(await manage("DELETE", assignmentPath(assignment)))).toBe(204);
  expect(outcome(await manage("DELETE", definitionPath(roleName)))).toBe(200);
  expect(outcome(await manage("GET", definitionPath(roleName)))).toBe("404 RoleDefinitionDoesNotExist");
});

test("a role shows who made it and when, and who changed it last", async () => {
  const roleName = randomUUID();
  const role = { properties: { ...documentedRole.properties, roleName: "Written twice" } };
  const { properties: made } = (await manage("PUT", definitionPath(roleName), role)).json;
  expect(made.updatedOn).toBe(made.createdOn);
  expect(made.createdBy).toMatch(/^[0-9a-f-]{36}$/);
  const { properties: changed } = (await manage("PUT", definitionPath(roleName), role)).json;
  expect(changed).toMatchObject({ createdOn: made.createdOn, createdBy: made.createdBy });
  expect(Date.parse(changed.updatedOn)).toBeGreaterThan(Date.parse(made.createdOn));
  const { properties: read } = (await manage("GET", definitionPath(roleName))).json;
  expect(read).toEqual(changed);
  const early = (await manage("GET", definitionPath(roleName, "2018-01-01-preview"))).json;
  expect(early.properties).not.toHaveProperty("createdOn");
  expect(outcome(await manage("DELETE", definitionPath(roleName)))).toBe(200);
});

test("who may not assign roles is refused, whatever the body says", async () => {
  const put = (who: { readonly clientId: string }) =>
    manage("PUT", assignmentPath(randomUUID()), { x: 1 }, who);
  expect(outcome(await put(applications.contributor))).toBe("403 AuthorizationFailed");
  expect(outcome(await put(applications.nobody))).toBe("403 AuthorizationFailed");
  expect(outcome(await put(foreigner))).toBe("401 InvalidAuthenticationTokenTenant");
});

describe("bad input changes nothing", () => {
  const withPermissions = (permissions: unknown) => ({
    properties: { ...documentedRole.properties, roleName: "Bad", permissions },
  });
  test.each<[string, () => unknown, string]>([
    ["no object", () => [], "400 InvalidRequestContent"],
    ["no properties", () => ({}), "400 BadRequestFormat"],
    [
      "two stars",
      () => withPermissions([{ actions: ["Microsoft.Batch/**"] }]),
      "400 InvalidActionOrNotAction",
    ],
    [
      "data action",
      () => withPermissions([{ dataActions: ["x y/z"] }]),
      "400 InvalidDataActionOrNotDataAction",
    ],
    [
      "10,000 actions",
      () => withPermissions([{ actions: Array(10_000).fill("a/read") }]),
      "400 BadRequestFormat",
    ],
    [
      "a foreign subscription",
      () => ({
        properties: { ...documentedRole.properties, assignableScopes: [`/subscriptions/${randomUUID()}`] },
      }),
      "403 LinkedAuthorizationFailed",
    ],
    ["10 MB", () => "x".repeat(10_000_000), "413 RequestBodyTooLarge"],
  ])("%s", async (_, body, expected) => {
    const name = randomUUID();
    expect(outcome(await manage("PUT", definitionPath(name), body()))).toBe(expected);
    expect(outcome(await manage("GET", definitionPath(name)))).toBe("404 RoleDefinitionDoesNotExist");
  });

  test.each([
    `${ACCOUNT_SCOPE}/../second`,
    `${ACCOUNT_SCOPE}/%2e%2e/second`,
    `/subscriptions/${SUBSCRIPTION}%2FresourceGroups%2Flab`,
  ])("the scope %s", async (scope) => {
    const reply = await manage("PUT", assignmentPath(randomUUID(), scope), assignmentOf(randomUUID()));
    expect(outcome(reply)).toBe("400 InvalidUri");
  });
});

test("a slash too many in a scope changes nothing: it is decided, and kept, at the scope without it", async () => {
  const name = randomUUID();
  const scope = `/subscriptions/${SUBSCRIPTION}//resourceGroups/lab`;
  const reply = await manage("PUT", assignmentPath(name, scope), assignmentOf(randomUUID()));
  expect(outcome(reply)).toBe("404 RoleDefinitionDoesNotExist");
  expect(outcome(await manage("GET", assignmentPath(name, scope)))).toBe("404 RoleAssignmentNotFound");
});

test("ids are compared without case", async () => {
  const reader = "ACDD72A7-3385-48EF-BD42-F606FBA81AE7";
  const name = randomUUID();
  expect(
    outcome(await manage("PUT", assignmentPath(name, ACCOUNT_SCOPE.toUpperCase()), assignmentOf(reader))),
  ).toBe(201);
  expect(
    outcome(await manage("PUT", assignmentPath(randomUUID()), assignmentOf(reader, nobodyId.toUpperCase()))),
  ).toBe("409 RoleAssignmentExists");
  expect(outcome(await manage("DELETE", assignmentPath(name.toUpperCase())))).toBe(200);
});
