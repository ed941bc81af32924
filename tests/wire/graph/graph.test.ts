/** Microsoft Graph over plain HTTP: registering applications and people, and what is refused. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  BATCH_APP_ID,
  BATCH_USER_IMPERSONATION_ID,
  GRAPH_APP_ID,
} from "../../../src/wire/entra/first-party.ts";
import { type GraphOperationId, graphOperations } from "../../../src/wire/graph/operations.ts";
import { eventually } from "../eventually.fixture.ts";
import { ABROAD, type Graph, type GraphClient, HOME, openGraph } from "./graph.fixture.ts";

let graph: Graph;
let manager: GraphClient;
let sought: { readonly appId: string };
beforeAll(async () => {
  graph = await openGraph();
  manager = graph.as(graph.tokens.manager);
  const body = { displayName: "Sought", identifierUris: ["api://sought/"] };
  sought = (await manager.post("/applications", body)).json;
  await manager.post("/servicePrincipals", { appId: sought.appId });
});
afterAll(() => graph.close());

async function registered(displayName: string, more: object = {}) {
  const { json, status } = await manager.post("/applications", { displayName, ...more });
  expect(status).toBe(201);
  return json;
}

test("an application is registered, found by each of its names, changed and deleted", async () => {
  const created = await manager.post("/applications", {
    displayName: "Nightly",
    web: { redirectUris: ["https://nightly.example/back"] },
    identifierUris: ["api://nightly"],
  });
  expect(created.status).toBe(201);
  const { id, appId } = created.json;
  expect(created.headers.location).toBe(`https://graph.microsoft.com/v1.0/applications/${id}`);
  for (const path of [
    `/applications/${id}`,
    `/applications(appId='${appId}')`,
    `/beta/applications('${id}')`,
  ]) {
    const { status, json } = await manager.get(path);
    expect(status, path).toBe(200);
    expect(json.appId).toBe(appId);
  }
  // The one id does not serve as the other.
  expect((await manager.get(`/applications/${appId}`)).status).toBe(404);
  for (const filter of [
    `appId eq '${appId}'`,
    "startswith(displayName,'Night') and signInAudience eq 'AzureADandPersonalMicrosoftAccount'",
    "identifierUris/any(s:s eq 'api://nightly')",
    `id in ('${id}','${randomUUID()}')`,
    "displayName ne 'x' and displayName eq 'nightly'",
  ]) {
    const { json } = await manager.get(`/applications?$filter=${encodeURIComponent(filter)}`);
    expect(
      json.value?.map((each: { id: string }) => each.id),
      filter,
    ).toEqual([id]);
  }
  const access = [
    {
      resourceAppId: BATCH_APP_ID,
      resourceAccess: [{ id: BATCH_USER_IMPERSONATION_ID, type: "Scope" }],
    },
  ];
  const patched = await manager.patch(`/applications/${id}`, {
    requiredResourceAccess: access,
    web: { homePageUrl: "https://nightly.example" },
  });
  expect([patched.status, patched.text]).toEqual([204, ""]);
  const { json: after } = await manager.get(`/applications/${id}`);
  expect(after.requiredResourceAccess).toEqual(access);
  expect(after.web).toMatchObject({
    redirectUris: ["https://nightly.example/back"],
    homePageUrl: "https://nightly.example",
  });
  expect((await manager.delete(`/applications/${id}`)).status).toBe(204);
  expect((await manager.get(`/applications/${id}`)).json.error.code).toBe("Request_ResourceNotFound");
});

test("a secret is shown once, works at once, and ends at once", async () => {
  const { id, appId } = await registered("Secretive");
  expect((await manager.post("/servicePrincipals", { appId })).status).toBe(201);
  const added = await manager.post(`/applications/${id}/addPassword`, {
    passwordCredential: { displayName: "ci" },
  });
  expect(added.status).toBe(200);
  const { secretText, keyId, hint, startDateTime, endDateTime } = added.json;
  expect(hint).toBe(secretText.slice(0, 3));
  expect(Number(endDateTime.slice(0, 4)) - Number(startDateTime.slice(0, 4))).toBe(2);
  const read = await manager.get(`/applications/${id}`);
  expect(read.json.passwordCredentials).toMatchObject([{ keyId, hint, displayName: "ci", secretText: null }]);
  for (const path of [`/applications/${id}`, "/applications", "/servicePrincipals"])
    expect((await manager.get(path)).text).not.toContain(secretText);
  expect((await graph.signIn(appId, secretText)).status).toBe(200);
  expect((await manager.post(`/applications/${id}/removePassword`, { keyId })).status).toBe(204);
  expect((await graph.signIn(appId, secretText)).text).toContain("AADSTS7000215");
  expect((await manager.post(`/applications/${id}/removePassword`, { keyId })).status).toBe(400);
});

test("a deleted application neither signs in nor uses the token that it has", async () => {
  const { id, appId } = await registered("Leaving");
  await manager.post("/servicePrincipals", { appId });
  const { json } = await manager.post(`/applications/${id}/addPassword`, {});
  const token = (await graph.signIn(appId, json.secretText)).json.access_token;
  expect((await graph.as(token).get("/organization")).status).toBe(403);
  await manager.delete(`/applications/${id}`);
  expect((await graph.signIn(appId, json.secretText)).text).toContain("AADSTS700016");
  expect((await graph.as(token).get("/organization")).status).toBe(401);
});

test("a user is made, signs in, is found by id and name, and is deleted", async () => {
  const userPrincipalName = `Bea@${graph.domain}`;
  const passwordProfile = { password: "battery staple", forceChangePasswordNextSignIn: false };
  const created = await manager.post("/users", {
    accountEnabled: true,
    displayName: "Bea",
    mailNickname: "bea",
    userPrincipalName,
    passwordProfile,
  });
  expect(created.status).toBe(201);
  const { id } = created.json;
  expect(created.text).not.toContain("battery staple");
  for (const path of [`/users/${id}`, `/users/${userPrincipalName}`, `/users('${userPrincipalName}')`])
    expect((await manager.get(path)).json, path).toMatchObject({ id, displayName: "Bea" });
  expect((await manager.get(`/users/${id}`)).json.accountEnabled).toBeUndefined();
  const selected = await manager.get(`/users/${id}?$select=accountEnabled,id`);
  expect(selected.json).toMatchObject({ id, accountEnabled: true });
  expect((await graph.passwordSignIn(userPrincipalName, "battery staple")).status).toBe(200);
  expect((await manager.patch(`/users/${id}`, { accountEnabled: false })).status).toBe(204);
  expect((await graph.passwordSignIn(userPrincipalName, "battery staple")).text).toContain("AADSTS50057");
  expect((await manager.delete(`/users/${id}`)).status).toBe(204);
  expect((await manager.get(`/users/${id}`)).status).toBe(404);
});

test("consent is given to a client for everyone, changed, and taken back", async () => {
  const { appId } = await registered("Consenting");
  const { json: client } = await manager.post("/servicePrincipals", { appId });
  const resource = (await manager.get(`/servicePrincipals(appId='${BATCH_APP_ID}')`)).json;
  const body = {
    clientId: client.id,
    resourceId: resource.id,
    consentType: "AllPrincipals",
    scope: "user_impersonation",
  };
  const created = await manager.post("/oauth2PermissionGrants", body);
  expect(created.status).toBe(201);
  expect(created.json).toMatchObject({ ...body, principalId: null });
  const grants = `/oauth2PermissionGrants?$filter=${encodeURIComponent(`clientId eq '${client.id}'`)}`;
  expect((await manager.get(grants)).json.value).toHaveLength(1);
  expect(
    (await manager.get(`/servicePrincipals/${client.id}/oauth2PermissionGrants`)).json.value,
  ).toHaveLength(1);
  const path = `/oAuth2PermissionGrants/${created.json.id}`;
  expect((await manager.post("/oauth2PermissionGrants", body)).status).toBe(400);
  expect((await manager.patch(path, { scope: "no_such" })).json.error.details[0].target).toBe("scope");
  expect((await manager.delete(path)).status).toBe(204);
  expect((await manager.get(grants)).json.value).toHaveLength(0);
});

test("the organization tells its name and domains, and nobody else's", async () => {
  const { json } = await manager.get("/organization");
  expect(json.value).toMatchObject([
    { id: HOME, verifiedDomains: [{ name: graph.domain, isDefault: true }] },
  ]);
  expect((await manager.get(`/organization/${ABROAD}`)).status).toBe(404);
  expect((await manager.get("/domains")).json.value).toMatchObject([{ id: graph.domain, isVerified: true }]);
});

test("without a token, with a token for another audience, or with nonsense, nobody is let in", async () => {
  for (const token of [undefined, "nonsense", `${graph.tokens.manager}x`]) {
    const { status, json, headers } = await graph.as(token).get("/users");
    expect(status).toBe(401);
    expect(json.error.code).toBe("InvalidAuthenticationToken");
    expect(json.error.innerError["request-id"]).toBe(headers["request-id"]);
    expect(headers["www-authenticate"]).toBe("Bearer");
  }
});

test("a plain member reads and writes nothing; each administrator writes what the role says", async () => {
  const { member, appAdmin, userAdmin, admin, reader, nobody } = graph.tokens;
  const application = { displayName: "Of a user" };
  const group = { displayName: "G", mailNickname: "g", mailEnabled: false, securityEnabled: true };
  const attempts = async (token: string) => {
    const client = graph.as(token);
    return {
      read: (await client.get("/applications")).status,
      application: (await client.post("/applications", application)).status,
      user: (await client.post("/users", {})).status,
      role: (await client.post(`/directoryRoles/x/members/$ref`, {})).status,
    };
  };
  // 400: allowed to ask, and wrongly asked. 404: allowed, and there is no such role.
  expect(await attempts(member)).toEqual({ read: 200, application: 403, user: 403, role: 403 });
  expect(await attempts(appAdmin)).toEqual({ read: 200, application: 201, user: 403, role: 403 });
  expect(await attempts(userAdmin)).toEqual({ read: 200, application: 403, user: 400, role: 403 });
  expect(await attempts(admin)).toMatchObject({ read: 200, application: 201, user: 400 });
  expect(await attempts(reader)).toEqual({ read: 200, application: 403, user: 403, role: 403 });
  expect(await attempts(nobody)).toEqual({ read: 403, application: 403, user: 403, role: 403 });
  expect(group.securityEnabled).toBe(true);
  const { json } = await graph.as(member).post("/applications", application);
  expect(json.error.code).toBe("Authorization_RequestDenied");
  expect(json.error.message).toMatch(
    /^Insufficient privileges .*Global Administrator, Application Administrator/,
  );
});

test("whoever may write users does not thereby become an administrator", async () => {
  for (const token of [graph.tokens.manager, graph.tokens.userAdmin]) {
    const client = graph.as(token);
    const path = `/users/${graph.people.admin}`;
    const change = { passwordProfile: { password: "taken over!" } };
    expect((await client.patch(path, change)).status).toBe(403);
    expect((await client.patch(path, { accountEnabled: false })).status).toBe(403);
    expect((await client.delete(path)).status).toBe(403);
    expect((await client.patch(path, { jobTitle: "Boss" })).status).toBe(204);
  }
  expect((await graph.passwordSignIn("admin", "taken over!")).status).toBe(400);
});

test("another tenant's objects are neither seen nor changed", async () => {
  const foreigner = graph.as(graph.tokens.foreigner);
  const { id, appId } = await registered("Ours", { signInAudience: "AzureADMyOrg" });
  const text = (await foreigner.get("/applications")).text + (await foreigner.get("/users")).text;
  expect(text).not.toContain(id);
  expect(text).not.toContain(graph.people.member);
  for (const path of [
    `/applications/${id}`,
    `/applications(appId='${appId}')`,
    `/users/${graph.people.member}`,
    `/users/member@${graph.domain}`,
    `/servicePrincipals/${graph.manager.objectId}`,
  ]) {
    expect((await foreigner.get(path)).status, path).toBe(404);
    expect((await foreigner.patch(path, { displayName: "Theirs" })).status, path).toBe(404);
    expect((await foreigner.delete(path)).status, path).toBe(404);
  }
  expect((await foreigner.post(`/applications/${id}/addPassword`, {})).status).toBe(404);
  expect((await foreigner.post("/servicePrincipals", { appId })).status).toBe(400);
  const graphPrincipal = (await foreigner.get(`/servicePrincipals(appId='${GRAPH_APP_ID}')`)).json.id;
  const stolen = await foreigner.post("/oauth2PermissionGrants", {
    clientId: graph.manager.objectId,
    resourceId: graphPrincipal,
    consentType: "AllPrincipals",
    scope: "User.Read",
  });
  expect(stolen.json.error.details[0].target).toBe("clientId");
});

test.each([
  ["/applications?$filter=displayName eq", "Invalid filter clause"],
  ["/applications?$filter=secret eq 'x'", "cannot be used"],
  ["/applications?$filter=displayName/any(x:x eq 'y')", "Invalid filter clause"],
  ["/applications?$filter=identifierUris/any(x:y eq 'y')", "Invalid filter clause"],
  ["/applications?$top=0", "$top"],
  ["/applications?$top=1000", "$top"],
  ["/applications?$skiptoken=!", "$skiptoken"],
  ["/applications?$expand=everything", "$expand"],
  ["/applications?$top=1&$top=2", "$top"],
])("%s is refused and says why", async (path, words) => {
  const { status, json } = await manager.get(path.replaceAll(" ", "%20"));
  expect(status).toBe(400);
  expect(json.error.message).toContain(words);
});

test.each([
  ["/applications", "{", undefined],
  ["/applications", "[]", undefined],
  ["/applications", {}, "displayName"],
  ["/applications", { displayName: 1 }, "displayName"],
  ["/applications", { displayName: "x", colour: "red" }, "colour"],
  ["/applications", { displayName: "x", id: randomUUID() }, "id"],
  ["/applications", { displayName: "x", signInAudience: "Everyone" }, "signInAudience"],
  ["/applications", { displayName: "x", web: { redirectUris: ["javascript:x"] } }, "web.redirectUris"],
  ["/applications", { displayName: "x", web: { shade: 1 } }, "web.shade"],
  ["/applications", { displayName: "x", identifierUris: [`api://${randomUUID()}`] }, "identifierUris"],
  ["/applications", { displayName: "x", keyCredentials: [{ key: "bm8=" }] }, "key"],
  [
    "/applications",
    { displayName: "x", requiredResourceAccess: [{ resourceAppId: "x" }] },
    "requiredResourceAccess[0].resourceAppId",
  ],
  ["/users", { accountEnabled: true, displayName: "x" }, "userPrincipalName"],
  ["/servicePrincipals", { appId: "x" }, "appId"],
  ["/servicePrincipals", { appId: "00000000-0000-4000-8000-000000000000" }, "appId"],
  ["/oauth2PermissionGrants", { clientId: randomUUID() }, "resourceId"],
])("POST %s of %j names what is wrong, and changes nothing", async (path, body, target) => {
  const count = async () => (await manager.get(`${path}?$count=true`)).json["@odata.count"];
  const before = await count();
  const { status, json } = await manager.post(path, body);
  expect(status).toBe(400);
  if (target !== undefined) expect(json.error.details?.[0]?.target).toBe(target);
  expect(await count()).toBe(before);
});

test.each([
  ["/applications", "appId eq 'APPID'", 1],
  ["/applications", "appId eq 'APPID' and displayName eq 'other'", 0],
  ["/applications", "'APPID' eq appId", 1],
  ["/applications", "appId eq 'ABSENT'", 0],
  ["/applications", "appId eq 'ABSENT' or displayName eq 'Sought'", 1],
  ["/applications", "identifierUris/any(u:u eq 'API://SOUGHT/')", 1],
  ["/applications", "id eq 'APPID'", 0],
  ["/servicePrincipals", "appId eq 'APPID' and accountEnabled eq true", 1],
  ["/servicePrincipals", "servicePrincipalNames/any(n:n eq 'APPID')", 1],
  ["/servicePrincipals", "servicePrincipalNames/any(n:n eq 'api://sought/')", 1],
  ["/servicePrincipals", "servicePrincipalNames/any(n:n eq 'https://graph.microsoft.com')", 1],
  ["/servicePrincipals", "servicePrincipalNames/any(n:n eq 'ABSENT')", 0],
  ["/users", "userPrincipalName eq 'MEMBER@aaaaaaaa.example'", 1],
  ["/users", "userPrincipalName eq 'member@aaaaaaaa.example' and accountEnabled eq false", 0],
  ["/users", "id eq 'member@aaaaaaaa.example'", 0],
])("%s filtered by %s is %i", async (path, template, count) => {
  const filter = template
    .replaceAll("APPID", sought.appId.toUpperCase())
    .replaceAll("ABSENT", "00000000-0000-4000-8000-000000000000");
  const { status, json } = await manager.get(`${path}?$filter=${encodeURIComponent(filter)}`);
  expect(status).toBe(200);
  expect(json.value).toHaveLength(count);
  const foreign = await graph.as(graph.tokens.foreigner).get(`${path}?$filter=${encodeURIComponent(filter)}`);
  if (!filter.includes("graph.microsoft.com")) expect(foreign.json.value).toEqual([]);
});

test("a long list is handed out page by page, each object once", async () => {
  const seen: string[] = [];
  let path: string | undefined = "/servicePrincipals?$top=3&$select=id,appId";
  let pages = 0;
  while (path !== undefined) {
    const { json } = await manager.get(path);
    expect(json.value.length).toBeLessThanOrEqual(3);
    seen.push(...json.value.map(({ id }: { id: string }) => id));
    path = json["@odata.nextLink"]?.replace("https://graph.microsoft.com", "");
    pages++;
  }
  const { json } = await manager.get("/servicePrincipals?$top=999&$count=true");
  expect(pages).toBeGreaterThan(2);
  expect(seen.toSorted()).toEqual(json.value.map(({ id }: { id: string }) => id).toSorted());
  expect(new Set(seen).size).toBe(json["@odata.count"]);
});

test("what is not there, not taken, or not built says so", async () => {
  expect((await manager.get("/v2.0/users")).status).toBe(404);
  expect((await manager.get("/nothing")).json.error.code).toBe("ResourceNotFound");
  expect((await manager.delete("/users")).status).toBe(405);
  const { id } = await registered("Keyed");
  const key = await manager.post(`/applications/${id}/addKey`, {});
  expect([key.status, key.json.error.code]).toEqual([501, "NotImplemented"]);
  const unbuilt = { displayName: "x", oauth2RequirePostResponse: true };
  expect((await manager.post("/applications", unbuilt)).status).toBe(501);
});

describe.each(Object.keys(graphOperations) as GraphOperationId[])("%s", (id) => {
  const { method, path, access } = graphOperations[id];
  const absent = `/v1.0${path.replaceAll(/\{\w+\}/g, randomUUID())}`;
  const ask = (token: string | undefined) => {
    const client = graph.as(token);
    if (method === "GET") return client.get(absent);
    if (method === "DELETE") return client.delete(absent);
    return method === "POST" ? client.post(absent, {}) : client.patch(absent, {});
  };

  test("is closed without a token, and without permission before anything is known of its object", async () => {
    expect((await ask(undefined)).status).toBe(401);
    // One's own is not refused to an application, it makes no sense.
    expect((await ask(graph.tokens.nobody)).status).toBe(id.startsWith("Me_") ? 400 : 403);
    if (access.users !== "member") {
      expect((await ask(graph.tokens.member)).status).toBe(403);
      expect((await ask(graph.tokens.reader)).status).toBe(403);
    }
  });
});

test("changes and denials stand in the audit log, secrets do not", async () => {
  const { id } = await registered("Audited");
  const { secretText } = (await manager.post(`/applications/${id}/addPassword`, {})).json;
  await graph.as(graph.tokens.member).delete(`/applications/${id}`);
  let text = "";
  const entries = await eventually("both lines", async () => {
    text = await graph.audit();
    const lines = text
      .trim()
      .split("\n")
      .filter((line) => line.includes(id));
    return lines.length === 2 && lines.map((line) => JSON.parse(line));
  });
  expect(entries).toMatchObject([
    {
      plane: "graph",
      operation: "Applications_AddPassword",
      decision: "allowed",
      status: 200,
      caller: { principalId: graph.manager.objectId, appId: graph.manager.clientId },
    },
    {
      operation: "Applications_Delete",
      decision: "denied",
      missing: "write applications",
      status: 403,
      caller: { principalId: graph.people.member },
    },
  ]);
  expect(text).not.toContain(secretText);
  expect(text).not.toContain("Bearer");
});

test("nothing of all this was an error of the service's own", () => {
  expect(graph.log).toEqual([]);
});
