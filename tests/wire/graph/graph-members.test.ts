/** Microsoft Graph over plain HTTP: groups, directory roles, app roles, one's own, federated credentials. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { APPLICATION_ADMINISTRATOR, GLOBAL_ADMINISTRATOR } from "../../../src/wire/entra/directory-roles.ts";
import { GRAPH_APP_ID, graphAppRoleId } from "../../../src/wire/entra/first-party.ts";
import { applicationCertificate } from "../entra/application-certificate.fixture.ts";
import { type Graph, type GraphClient, openGraph } from "./graph.fixture.ts";

let graph: Graph;
let manager: GraphClient;
let admin: GraphClient;
beforeAll(async () => {
  graph = await openGraph();
  manager = graph.as(graph.tokens.manager);
  admin = graph.as(graph.tokens.admin);
});
afterAll(() => graph.close());

const reference = (id: string) => ({
  "@odata.id": `https://graph.microsoft.com/v1.0/directoryObjects/${id}`,
});
const ids = (json: { value: { id: string }[] }) => json.value.map(({ id }) => id).toSorted();

async function newGroup(displayName: string): Promise<string> {
  const body = { displayName, mailNickname: displayName, mailEnabled: false, securityEnabled: true };
  const { status, json } = await manager.post("/groups", body);
  expect(status).toBe(201);
  return json.id;
}

async function newPrincipal(body: object): Promise<{ objectId: string; appId: string; id: string }> {
  const { json } = await manager.post("/applications", body);
  const principal = await manager.post("/servicePrincipals", { appId: json.appId });
  expect(principal.status).toBe(201);
  return { objectId: json.id, appId: json.appId, id: principal.json.id };
}

test("a group has members, directly and through other groups", async () => {
  const [inner, outer] = [await newGroup("inner"), await newGroup("outer")];
  const { member } = graph.people;
  expect((await manager.post(`/groups/${inner}/members/$ref`, reference(member))).status).toBe(204);
  expect((await manager.post(`/groups/${outer}/members/$ref`, reference(inner))).status).toBe(204);
  expect((await manager.get(`/groups/${inner}/members`)).json.value).toMatchObject([
    { "@odata.type": "#microsoft.graph.user", id: member, displayName: "member" },
  ]);
  expect(ids((await manager.get(`/groups/${outer}/members`)).json)).toEqual([inner]);
  expect(ids((await manager.get(`/groups/${outer}/transitiveMembers`)).json)).toEqual(
    [inner, member].toSorted(),
  );
  expect(ids((await manager.get(`/users/${member}/memberOf`)).json)).toEqual([inner]);
  const own = graph.as(graph.tokens.member);
  expect(ids((await own.get("/me/memberOf")).json)).toEqual([inner]);
  expect(ids((await own.get("/me/transitiveMemberOf")).json)).toEqual([inner, outer].toSorted());
  const groupIds = (await own.post("/me/getMemberGroups", { securityEnabledOnly: false })).json.value;
  expect(groupIds.toSorted()).toEqual([inner, outer].toSorted());
  const asked = { groupIds: [outer, randomUUID()] };
  const checked = await manager.post(`/directoryObjects/${member}/checkMemberGroups`, asked);
  expect(checked.json.value).toEqual([outer]);
  expect((await manager.delete(`/groups/${inner}/members/${member}/$ref`)).status).toBe(204);
  expect((await manager.delete(`/groups/${inner}/members/${member}/$ref`)).status).toBe(404);
  expect((await own.get("/me/memberOf")).json.value).toEqual([]);
  expect((await manager.patch(`/groups/${outer}`, { description: "All" })).status).toBe(204);
  expect((await manager.get(`/groups/${outer}`)).json.description).toBe("All");
  expect((await manager.delete(`/groups/${outer}`)).status).toBe(204);
  expect((await manager.get(`/groups/${outer}`)).status).toBe(404);
});

test.each([
  [{ "@odata.id": "nonsense" }, 400],
  [{}, 400],
  [reference(randomUUID()), 404],
  [reference("aaaaaaaa-0000-4000-8000-00000000000a"), 404],
])("%j is no member", async (body, status) => {
  const group = await newGroup("strict");
  expect((await manager.post(`/groups/${group}/members/$ref`, body)).status).toBe(status);
  expect(
    (await manager.post(`/groups/${group}/members/$ref`, reference(graph.foreigner.objectId))).status,
  ).toBe(404);
  expect((await manager.get(`/groups/${group}/members`)).json.value).toEqual([]);
});

test.each([
  [{ mailEnabled: true, securityEnabled: true }, 501],
  [{ mailEnabled: false, securityEnabled: false }, 400],
  [{ mailEnabled: false, securityEnabled: true, mailNickname: "with space" }, 400],
  [{ mailEnabled: false, securityEnabled: true, "members@odata.bind": ["https://x/"] }, 400],
])("a group with %j is not made", async (given, status) => {
  const body = { displayName: "odd", mailNickname: "odd", ...given };
  expect((await manager.post("/groups", body)).status).toBe(status);
});

test("ids of any kind are told apart, and foreign ones are not there", async () => {
  const group = await newGroup("mixed");
  const asked = [group, graph.people.member, graph.manager.objectId, graph.foreigner.objectId, randomUUID()];
  const { json } = await graph.as(graph.tokens.reader).post("/directoryObjects/getByIds", { ids: asked });
  const types = Object.fromEntries(
    json.value.map((each: { id: string; "@odata.type": string }) => [each.id, each["@odata.type"]]),
  );
  expect(types).toEqual({
    [group]: "#microsoft.graph.group",
    [graph.people.member]: "#microsoft.graph.user",
    [graph.manager.objectId]: "#microsoft.graph.servicePrincipal",
  });
  const users = await manager.post("/directoryObjects/getByIds", { ids: asked, types: ["user"] });
  expect(ids(users.json)).toEqual([graph.people.member]);
  expect((await manager.get(`/directoryObjects/${graph.foreigner.objectId}`)).status).toBe(404);
});

test("one's own is for a user alone, who sees name and directory roles", async () => {
  const me = await admin.get("/me");
  expect(me.json).toMatchObject({ id: graph.people.admin, userPrincipalName: `admin@${graph.domain}` });
  expect((await admin.get("/me/memberOf")).json.value).toMatchObject([
    { "@odata.type": "#microsoft.graph.directoryRole", displayName: "Global Administrator" },
  ]);
  const application = await manager.get("/me");
  expect([application.status, application.json.error.code]).toEqual([400, "BadRequest"]);
});

test("a Global Administrator makes administrators, at once; nobody else does", async () => {
  const path = `/directoryRoles(roleTemplateId='${APPLICATION_ADMINISTRATOR.templateId}')/members`;
  const { member } = graph.people;
  const own = graph.as(graph.tokens.member);
  const application = { displayName: "By a member" };
  for (const client of [manager, own, graph.as(graph.tokens.appAdmin), graph.as(graph.tokens.userAdmin)])
    expect((await client.post(`${path}/$ref`, reference(member))).status).toBe(403);
  expect((await own.post("/applications", application)).status).toBe(403);
  expect((await admin.post(`${path}/$ref`, reference(member))).status).toBe(204);
  expect(ids((await admin.get(path)).json)).toEqual([graph.people.appAdmin, member].toSorted());
  expect((await own.post("/applications", application)).status).toBe(201);
  expect((await admin.delete(`${path}/${member}/$ref`)).status).toBe(204);
  expect((await own.post("/applications", application)).status).toBe(403);
});

test("the last Global Administrator stays", async () => {
  const path = `/directoryRoles/${GLOBAL_ADMINISTRATOR.templateId}/members/${graph.people.admin}/$ref`;
  expect((await admin.delete(path)).status).toBe(400);
  expect((await admin.delete(`/users/${graph.people.admin}`)).status).toBe(400);
  expect((await admin.get("/me")).status).toBe(200);
});

test("an application permission is given, shows in the token, and is taken back", async () => {
  const { json: resource } = await manager.get(`/servicePrincipals(appId='${GRAPH_APP_ID}')`);
  const { objectId, appId, id } = await newPrincipal({ displayName: "Reading" });
  const { secretText } = (await manager.post(`/applications/${objectId}/addPassword`, {})).json;
  const body = { principalId: id, resourceId: resource.id, appRoleId: graphAppRoleId("User.Read.All") };
  const path = `/servicePrincipals/${id}/appRoleAssignments`;
  // What an Application Administrator may give excludes Graph's own.
  expect((await graph.as(graph.tokens.appAdmin).post(path, body)).status).toBe(403);
  const created = await manager.post(path, body);
  expect(created.status).toBe(201);
  expect(created.json).toMatchObject({
    ...body,
    principalDisplayName: "Reading",
    resourceDisplayName: "Microsoft Graph",
  });
  expect((await manager.post(path, { ...body, principalId: graph.people.member })).status).toBe(400);
  const reading = graph.as((await graph.signIn(appId, secretText)).json.access_token);
  expect((await reading.get("/users")).status).toBe(200);
  expect((await reading.get("/groups")).status).toBe(403);
  const assigned = await manager.get(`/servicePrincipals/${resource.id}/appRoleAssignedTo`);
  expect(assigned.json.value.some((each: { id: string }) => each.id === created.json.id)).toBe(true);
  expect((await manager.delete(`${path}/${created.json.id}`)).status).toBe(204);
  expect((await manager.get(path)).json.value).toEqual([]);
  const after = graph.as((await graph.signIn(appId, secretText)).json.access_token);
  expect((await after.get("/organization")).status).toBe(403);
  const toUser = `/users/${graph.people.member}/appRoleAssignments`;
  expect((await manager.post(toUser, { ...body, principalId: graph.people.member })).status).toBe(400);
});

test("a federated credential is added, changed and removed", async () => {
  const { objectId } = await newPrincipal({ displayName: "Federated" });
  const path = `/applications/${objectId}/federatedIdentityCredentials`;
  const given = {
    name: "ci-main",
    issuer: "https://token.ci.example",
    subject: "repo:a/b:ref:refs/heads/main",
    audiences: ["api://AzureADTokenExchange"],
  };
  const created = await manager.post(path, given);
  expect(created.status).toBe(201);
  expect(created.json).toMatchObject(given);
  expect(created.headers.location).toBe(`https://graph.microsoft.com/v1.0${path}/${created.json.id}`);
  expect((await manager.post(path, given)).status).toBe(400);
  expect((await manager.post(path, { ...given, name: "two", audiences: ["a", "b"] })).status).toBe(400);
  expect((await manager.patch(`${path}/ci-main`, { subject: "other" })).status).toBe(204);
  expect((await manager.get(`${path}/${created.json.id}`)).json).toMatchObject({
    ...given,
    subject: "other",
  });
  expect((await manager.delete(`${path}/ci-main`)).status).toBe(204);
  expect((await manager.get(path)).json.value).toEqual([]);
});

test("certificates are replaced as a whole; the ones sent back by id stay", async () => {
  const { objectId } = await newPrincipal({ displayName: "Certified" });
  const path = `/applications/${objectId}`;
  const key = () => Buffer.from(applicationCertificate(Date.now()).certificate).toString("base64");
  expect((await manager.patch(path, { keyCredentials: [{ key: key(), displayName: "one" }] })).status).toBe(
    204,
  );
  const [first] = (await manager.get(path)).json.keyCredentials;
  expect(first).toMatchObject({ displayName: "one", key: null, type: "AsymmetricX509Cert", usage: "Verify" });
  expect((await manager.patch(path, { keyCredentials: [first, { key: key() }] })).status).toBe(204);
  expect((await manager.get(path)).json.keyCredentials).toHaveLength(2);
  const unknown = { ...first, keyId: randomUUID() };
  expect((await manager.patch(path, { keyCredentials: [unknown] })).status).toBe(400);
  expect((await manager.get(path)).json.keyCredentials).toHaveLength(2);
  expect((await manager.patch(path, { keyCredentials: [] })).status).toBe(204);
  expect((await manager.get(path)).json.keyCredentials).toEqual([]);
});

test("a certificate signs an application in as long as it is registered", async () => {
  const { objectId, appId } = await newPrincipal({ displayName: "Signing" });
  const { certificate, privateKey } = applicationCertificate(Date.now());
  const signIn = () => graph.assertionSignIn(appId, certificate, privateKey);
  expect((await signIn()).text).toContain("AADSTS700027");
  const keyCredentials = [
    { type: "AsymmetricX509Cert", usage: "Verify", key: certificate.toString("base64") },
  ];
  expect((await manager.patch(`/applications/${objectId}`, { keyCredentials })).status).toBe(204);
  expect((await signIn()).status).toBe(200);
  expect((await manager.patch(`/applications/${objectId}`, { keyCredentials: [] })).status).toBe(204);
  expect((await signIn()).text).toContain("AADSTS700027");
});

test("a service principal's secret is its application's, and only at home", async () => {
  const { objectId, appId, id } = await newPrincipal({
    displayName: "Multi",
    signInAudience: "AzureADMultipleOrgs",
  });
  const added = await manager.post(`/servicePrincipals/${id}/addPassword`, {});
  expect((await graph.signIn(appId, added.json.secretText)).status).toBe(200);
  expect((await manager.get(`/applications/${objectId}`)).json.passwordCredentials).toHaveLength(1);
  const foreigner = graph.as(graph.tokens.foreigner);
  const visitor = await foreigner.post("/servicePrincipals", { appId });
  expect(visitor.status).toBe(201);
  expect(visitor.json.passwordCredentials).toEqual([]);
  expect((await foreigner.post(`/servicePrincipals/${visitor.json.id}/addPassword`, {})).status).toBe(400);
  expect((await foreigner.post(`/servicePrincipals/${id}/addPassword`, {})).status).toBe(404);
});

test("a disabled service principal's token opens nothing", async () => {
  const { objectId, appId, id } = await newPrincipal({ displayName: "Paused" });
  const { secretText } = (await manager.post(`/applications/${objectId}/addPassword`, {})).json;
  const token = (await graph.signIn(appId, secretText)).json.access_token;
  expect((await manager.patch(`/servicePrincipals/${id}`, { accountEnabled: false })).status).toBe(204);
  expect((await graph.as(token).get("/organization")).status).toBe(401);
});

test("a managed identity's principal is told apart, and goes only with the identity", async () => {
  const { id, appId } = await graph.newIdentity();
  const { json } = await manager.get(`/servicePrincipals/${id}`);
  expect(json).toMatchObject({ id, appId, servicePrincipalType: "ManagedIdentity", appRoles: [] });
  const byType = encodeURIComponent("servicePrincipalType eq 'ManagedIdentity'");
  expect(ids((await manager.get(`/servicePrincipals?$filter=${byType}`)).json)).toEqual([id]);
  expect((await manager.delete(`/servicePrincipals/${id}`)).status).toBe(400);
  expect((await manager.post(`/servicePrincipals/${id}/addPassword`, {})).status).toBe(400);
});

test("another tenant can put away the principal of an application that is gone", async () => {
  const { objectId, appId } = await newPrincipal({
    displayName: "Withdrawn",
    signInAudience: "AzureADMultipleOrgs",
  });
  const foreigner = graph.as(graph.tokens.foreigner);
  const { id } = (await foreigner.post("/servicePrincipals", { appId })).json;
  expect((await manager.delete(`/applications/${objectId}`)).status).toBe(204);
  expect((await foreigner.get(`/servicePrincipals/${id}`)).json.servicePrincipalType).toBe("Application");
  expect((await foreigner.delete(`/servicePrincipals/${id}`)).status).toBe(204);
});

test("no secret and no password lies in the data folder in clear", async () => {
  const { objectId } = await newPrincipal({ displayName: "Unseen" });
  const { secretText } = (await manager.post(`/applications/${objectId}/addPassword`, {})).json;
  const password = `Pw-${randomUUID()}`;
  const made = await manager.post("/users", {
    accountEnabled: true,
    displayName: "Unseen",
    mailNickname: "unseen",
    userPrincipalName: `unseen@${graph.domain}`,
    passwordProfile: { password },
  });
  expect(made.status).toBe(201);
  await graph.audit();
  const stored = graph.stored();
  expect(stored).toContain("Unseen");
  for (const secret of [secretText, password, graph.tokens.manager]) expect(stored).not.toContain(secret);
});

test("ending a user's sessions ends the refresh tokens", async () => {
  const first = (await graph.passwordSignIn("member", "correct horse battery")).json.refresh_token;
  expect((await graph.refresh(first)).status).toBe(200);
  const second = (await graph.passwordSignIn("member", "correct horse battery")).json.refresh_token;
  graph.advance(1_000);
  expect((await admin.post(`/users/${graph.people.member}/revokeSignInSessions`, {})).json.value).toBe(true);
  expect((await graph.refresh(second)).json.error).toBe("invalid_grant");
});

test("a secret ends with its last day, and one without end does not", async () => {
  const { objectId, appId } = await newPrincipal({ displayName: "Ending" });
  const day = new Date(Date.now() + 86_400_000).toISOString();
  const add = (endDateTime: string) =>
    manager.post(`/applications/${objectId}/addPassword`, { passwordCredential: { endDateTime } });
  const [short, long] = [await add(day), await add("9999-12-31T23:59:59Z")];
  expect(long.json.endDateTime).toBe("2299-12-31T00:00:00Z");
  expect((await add("2000-01-01T00:00:00Z")).status).toBe(400);
  expect((await graph.signIn(appId, short.json.secretText)).status).toBe(200);
  graph.advance(2 * 86_400_000);
  expect((await graph.signIn(appId, short.json.secretText)).text).toContain("AADSTS7000222");
  expect((await graph.signIn(appId, long.json.secretText)).status).toBe(200);
  // The callers' own tokens ended too.
  expect((await manager.get("/users")).status).toBe(401);
});

test("nothing of all this was an error of the service's own", () => {
  expect(graph.log).toEqual([]);
});
