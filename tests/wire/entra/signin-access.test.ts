/** What a signed-in user may do with Batch: the API permission lets the program ask, the role decides. And how long it lasts. */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Directory } from "../../../src/app/directory/directory.ts";
import { groupCreate, groupMemberAdd } from "../../../src/app/directory/group.ts";
import { userCreate } from "../../../src/app/directory/user.ts";
import { openSqliteStore } from "../../../src/store/engine/sqlite-store.ts";
import { AZURE_CLI_APP_ID } from "../../../src/wire/entra/first-party.ts";
import { CONTRIBUTOR } from "../../../src/wire/rbac/built-in-roles.ts";
import { sendDescribed } from "../arm-client.fixture.ts";
import { replyProblems } from "../described-reply.fixture.ts";
import { type RawRequest, sendTo } from "../raw-request.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";

const BATCH = "https://batch.core.windows.net/";
const PASSWORD = "correct horse battery";
const ANN = "ann@batchyard.onmicrosoft.com";

let service: RunningService;
let groupId: string;
let now = Date.now();
beforeAll(async () => {
  service = await runningService({ clock: () => now });
  // The way through Graph is its own tests'; here it goes straight into the directory, before anybody has asked for it.
  const store = await openSqliteStore(join(service.folder, "state.db"));
  const directory = new Directory(store);
  const { tenantId } = service.ready;
  const ann = { userPrincipalName: ANN, displayName: "Ann", password: PASSWORD };
  const { objectId } = await userCreate(directory, tenantId, ann, now);
  const [inner, outer] = [
    await groupCreate(directory, tenantId, { displayName: "Inner" }, now),
    await groupCreate(directory, tenantId, { displayName: "Outer" }, now),
  ];
  await groupMemberAdd(directory, tenantId, inner.objectId, objectId);
  await groupMemberAdd(directory, tenantId, outer.objectId, inner.objectId);
  groupId = outer.objectId;
  await store.close();
});
afterAll(() => service?.close());

async function tokenFor(username: string, password: string, resource: string): Promise<string> {
  const form = { grant_type: "password", client_id: AZURE_CLI_APP_ID, resource, username, password };
  const reply = await ask(service.ready.login, {
    method: "POST",
    path: `/${service.ready.tenantId}/oauth2/token`,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(form).toString(),
  });
  return reply.json.access_token;
}

const ask = (base: string, request: RawRequest) => sendTo(new URL(base), service.ca, request);
async function jobs(token: string) {
  const version = "2022-10-01.16.0";
  const path = "/jobs";
  const reply = await ask(service.ready.batch, {
    path: `${path}?api-version=${version}`,
    headers: { authorization: `Bearer ${token}` },
  });
  expect(replyProblems({ ...reply, method: "GET", path, version, isSelection: false })).toEqual([]);
  return reply;
}

test("a user without a role is refused, with one of a group of its group let in", async () => {
  const token = await tokenFor(ANN, PASSWORD, BATCH);
  const refused = await jobs(token);
  expect([refused.status, refused.json.code]).toEqual([403, "PermissionDenied"]);

  const { ready } = service;
  const admin = await tokenFor(ready.username ?? "", ready.password ?? "", "https://management.azure.com/");
  const scope = `/subscriptions/${ready.subscriptionId}`;
  const management = { main: { port: Number(new URL(ready.management).port) }, ca: service.ca };
  const assigned = await sendDescribed(management, {
    method: "PUT",
    path: `${scope}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}?api-version=2022-04-01`,
    headers: { authorization: `Bearer ${admin}`, "content-type": "application/json" },
    body: JSON.stringify({
      properties: {
        roleDefinitionId: `${scope}/providers/Microsoft.Authorization/roleDefinitions/${CONTRIBUTOR.name}`,
        principalId: groupId,
        principalType: "Group",
      },
    }),
  });
  expect(assigned.status).toBe(201);
  expect((await jobs(token)).status).toBe(200);
});

test("a token for another audience, and one whose time is over, are told apart", async () => {
  const graph = await jobs(await tokenFor(ANN, PASSWORD, "https://graph.microsoft.com/"));
  expect([graph.status, graph.json.code]).toEqual([401, "AuthenticationFailed"]);
  const token = await tokenFor(ANN, PASSWORD, BATCH);
  now += 3_599_000;
  expect((await jobs(token)).status).toBe(200);
  now += 10_000;
  const late = await jobs(token);
  expect(late.status).toBe(401);
  expect(JSON.stringify(late.json)).toContain("expired");
});
