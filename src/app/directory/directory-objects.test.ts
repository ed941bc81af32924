/** Creating, changing and deleting what a directory holds. */
import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { BATCH_APP_ID, BATCH_USER_IMPERSONATION_ID, GRAPH_APP_ID } from "../../wire/entra/first-party.ts";
import { appRoleAssign, appRoleAssignmentList } from "./app-role.ts";
import {
  applicationCreate,
  applicationDelete,
  applicationRead,
  applicationUpdate,
  USER_READ,
} from "./application.ts";
import {
  consentedScopes,
  delegatedGrantCreate,
  delegatedGrantDelete,
  delegatedGrantList,
} from "./delegated-grant.ts";
import {
  APP_ID,
  type DirectoryFixture,
  openDirectoryFixture,
  START,
  TENANT_ID,
} from "./directory.fixture.ts";
import type { Directory } from "./directory.ts";
import { groupCreate, groupDelete, groupMemberAdd, groupMemberList, groupMemberRemove } from "./group.ts";
import { servicePrincipalCreate, servicePrincipalPage, servicePrincipalRead } from "./service-principal.ts";
import { userCreate, userDelete, userRead, userUpdate } from "./user.ts";

let fixture: DirectoryFixture;
let directory: Directory;
beforeEach(async () => {
  fixture = await openDirectoryFixture();
  directory = fixture.directory;
});
afterEach(() => fixture.close());

const ann = { userPrincipalName: "Ann@contoso.example", displayName: "Ann", password: "long enough" };
const badRequest = expect.objectContaining({ code: "Request_BadRequest" });
const missing = expect.objectContaining({ code: "Request_ResourceNotFound" });
const conflict = expect.objectContaining({ code: "Request_MultipleObjectsWithSameKeyValue" });

test("every tenant has Azure's own principals, and each offers its permissions", async () => {
  const names = (await servicePrincipalPage(directory, TENANT_ID, "", 100)).map(
    ({ displayName }) => displayName,
  );
  expect(names).toEqual(
    expect.arrayContaining([
      "Microsoft Azure Batch",
      "Microsoft Graph",
      "Windows Azure Service Management API",
      "Microsoft Azure CLI",
      "Microsoft Azure PowerShell",
    ]),
  );
  const batch = await directory.resource(TENANT_ID, "https://batch.core.windows.net/");
  expect(batch?.appId).toBe(BATCH_APP_ID);
  const [scope] = batch?.registration.api.oauth2PermissionScopes ?? [];
  expect(scope).toMatchObject({
    value: "user_impersonation",
    adminConsentDisplayName: "Access Azure Batch Service",
  });
});

test("the User.Read that a registration asks for is granted when its service principal is made", async () => {
  const { appId, objectId } = await applicationCreate(
    directory,
    TENANT_ID,
    { displayName: "New", registration: { requiredResourceAccess: [USER_READ] } },
    START,
  );
  expect(await directory.client(TENANT_ID, appId)).toBeUndefined();
  const principal = await servicePrincipalCreate(directory, TENANT_ID, appId, START);
  const graph = await servicePrincipalRead(directory, TENANT_ID, GRAPH_APP_ID);
  const consented = await consentedScopes(directory, principal.objectId, graph.objectId, randomUUID());
  expect([...consented]).toEqual(["User.Read"]);
  expect((await applicationRead(directory, TENANT_ID, objectId.toUpperCase())).appId).toBe(appId);
  await expect(servicePrincipalCreate(directory, TENANT_ID, appId, START)).rejects.toThrow(conflict);
});

test("deleting an application takes its service principal, its credentials and its consents along", async () => {
  expect(await directory.client(TENANT_ID, APP_ID)).toBeDefined();
  expect(await delegatedGrantList(directory, TENANT_ID)).toHaveLength(1);
  await applicationDelete(directory, TENANT_ID, APP_ID, START);
  expect(await directory.client(TENANT_ID, APP_ID)).toBeUndefined();
  expect(await delegatedGrantList(directory, TENANT_ID)).toEqual([]);
  await expect(applicationRead(directory, TENANT_ID, APP_ID)).rejects.toThrow(missing);
});

test("an application of another tenant can be neither read nor changed", async () => {
  const other = randomUUID();
  await expect(applicationRead(directory, other, APP_ID)).rejects.toThrow(missing);
  await expect(applicationUpdate(directory, other, APP_ID, { displayName: "x" })).rejects.toThrow(missing);
});

test.each([
  ["web", "http://app.example/cb"],
  ["web", "javascript:alert(1)"],
  ["web", "https://user@app.example/"],
  ["web", "https://*.app.example/"],
  ["spa", "myapp://cb"],
  ["publicClient", "javascript:alert(1)"],
  ["publicClient", "not a uri"],
] as const)("%s redirect URI %s is refused", async (platform, uri) => {
  const web = (await applicationRead(directory, TENANT_ID, APP_ID)).registration.web;
  const registration = { [platform]: { ...(platform === "web" && web), redirectUris: [uri] } };
  await expect(applicationUpdate(directory, TENANT_ID, APP_ID, { registration })).rejects.toThrow(badRequest);
});

test("an identifier URI names one application, which a token can then be asked for", async () => {
  const registration = { identifierUris: ["api://things"] };
  await applicationUpdate(directory, TENANT_ID, APP_ID, { registration });
  expect((await directory.resource(TENANT_ID, "API://things/"))?.appId).toBe(APP_ID);
  const thief = applicationCreate(directory, TENANT_ID, { displayName: "Thief", registration }, START);
  await expect(thief).rejects.toThrow(conflict);
  for (const uri of [
    `api://${randomUUID()}`,
    "https://elsewhere.example/api",
    "https://notcontoso.example",
  ]) {
    const taken = { registration: { identifierUris: [uri] } };
    await expect(applicationUpdate(directory, TENANT_ID, APP_ID, taken)).rejects.toThrow(badRequest);
  }
  const own = [`api://${APP_ID}/x`, `api://${TENANT_ID}/y`, "https://api.contoso.example/v1"];
  await applicationUpdate(directory, TENANT_ID, APP_ID, { registration: { identifierUris: own } });
  const azure = { registration: { identifierUris: ["https://batch.core.windows.net/"] } };
  await expect(applicationUpdate(directory, TENANT_ID, APP_ID, azure)).rejects.toThrow(badRequest);
});

test("a user is found by id and name, and one name is one user", async () => {
  const { objectId } = await userCreate(directory, TENANT_ID, ann, START);
  expect(await userRead(directory, TENANT_ID, "ANN@contoso.example")).toMatchObject({
    objectId,
    enabled: true,
  });
  await expect(userCreate(directory, TENANT_ID, ann, START)).rejects.toThrow(
    expect.objectContaining({ code: "Request_BadRequest" }),
  );
  const profile = { givenName: "Ann" };
  await userUpdate(directory, TENANT_ID, objectId, { enabled: false, profile });
  expect(await userRead(directory, TENANT_ID, objectId)).toMatchObject({ enabled: false, profile });
  await userDelete(directory, TENANT_ID, objectId, START);
  await expect(userRead(directory, TENANT_ID, objectId)).rejects.toThrow(missing);
});

test.each([
  [{ userPrincipalName: "ann@elsewhere.example" }],
  [{ userPrincipalName: "ann" }],
  [{ password: "short" }],
  [{ displayName: "" }],
])("a user with %o is refused", async (change) => {
  await expect(userCreate(directory, TENANT_ID, { ...ann, ...change }, START)).rejects.toThrow(badRequest);
});

test("a principal is in every group above it, and a circle of groups does no harm", async () => {
  const { objectId } = await userCreate(directory, TENANT_ID, ann, START);
  const [inner, outer] = await Promise.all(
    ["Inner", "Outer"].map((displayName) => groupCreate(directory, TENANT_ID, { displayName }, START)),
  );
  if (inner === undefined || outer === undefined) throw new Error("no groups");
  expect(await directory.principalIds(objectId)).toEqual([objectId]);
  await groupMemberAdd(directory, TENANT_ID, inner.objectId, objectId);
  await groupMemberAdd(directory, TENANT_ID, outer.objectId, inner.objectId);
  await groupMemberAdd(directory, TENANT_ID, inner.objectId, outer.objectId);
  expect(await directory.principalIds(objectId)).toEqual([objectId, inner.objectId, outer.objectId]);
  await expect(groupMemberAdd(directory, TENANT_ID, inner.objectId, objectId)).rejects.toThrow(conflict);
  await groupMemberRemove(directory, TENANT_ID, inner.objectId, objectId);
  expect(await directory.principalIds(objectId)).toEqual([objectId]);
  await groupDelete(directory, TENANT_ID, outer.objectId);
  expect(await groupMemberList(directory, TENANT_ID, inner.objectId)).toEqual([]);
});

test("consent for everyone and one's own add up, and a grant taken back counts no more", async () => {
  const client = await servicePrincipalRead(directory, TENANT_ID, APP_ID);
  const batch = await servicePrincipalRead(directory, TENANT_ID, BATCH_APP_ID);
  const holder = { clientId: client.objectId, resourceId: batch.objectId };
  const { objectId: annId } = await userCreate(directory, TENANT_ID, ann, START);
  const own = { ...holder, principalId: annId };
  const scopes = ["user_impersonation"];
  const mine = await delegatedGrantCreate(directory, TENANT_ID, own, scopes, START);
  await expect(delegatedGrantCreate(directory, TENANT_ID, own, scopes, START)).rejects.toThrow(conflict);
  const consented = (user: string) => consentedScopes(directory, client.objectId, batch.objectId, user);
  expect([...(await consented(annId))]).toEqual(["user_impersonation"]);
  expect([...(await consented("bob"))]).toEqual([]);
  for (const wrong of [
    { ...own, principalId: randomUUID() },
    { ...own, clientId: randomUUID() },
    { ...own, resourceId: client.objectId },
  ])
    await expect(delegatedGrantCreate(directory, TENANT_ID, wrong, scopes, START)).rejects.toThrow(
      badRequest,
    );
  await delegatedGrantDelete(directory, TENANT_ID, mine.id);
  expect([...(await consented(annId))]).toEqual([]);
});

test("an app role is assigned once, and only where the resource has it", async () => {
  const client = await servicePrincipalRead(directory, TENANT_ID, APP_ID);
  const graph = await servicePrincipalRead(directory, TENANT_ID, GRAPH_APP_ID);
  const given = { principalId: client.objectId, resourceId: graph.objectId };
  const readUsers = { ...given, appRoleId: "df021288-bdef-4463-88db-98f22de89214" };
  await appRoleAssign(directory, TENANT_ID, readUsers, START);
  await expect(appRoleAssign(directory, TENANT_ID, readUsers, START)).rejects.toThrow(conflict);
  const unknown = { ...given, appRoleId: BATCH_USER_IMPERSONATION_ID };
  await expect(appRoleAssign(directory, TENANT_ID, unknown, START)).rejects.toThrow(badRequest);
  expect(await appRoleAssignmentList(directory, client.objectId)).toHaveLength(1);
});
