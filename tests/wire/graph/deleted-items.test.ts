/** What is deleted in a directory: where it is until it is restored, who may do that, and that it counts for nothing meanwhile. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RawReply } from "../raw-request.fixture.ts";
import { type Graph, type GraphClient, HOME, openGraph } from "./graph.fixture.ts";

const APPLICATIONS = "/directory/deletedItems/microsoft.graph.application";
const PRINCIPALS = "/directory/deletedItems/microsoft.graph.servicePrincipal";
const USERS = "/directory/deletedItems/microsoft.graph.user";

let graph: Graph;
let manager: GraphClient;

beforeAll(async () => {
  graph = await openGraph();
  manager = graph.as(graph.tokens.manager);
});
afterAll(() => graph?.close());

const ids = ({ json }: RawReply): string[] => json.value.map(({ id }: { id: string }) => id);
const restore = (client: GraphClient, id: string, body: unknown = "") =>
  client.post(`/directory/deletedItems/${id}/restore`, body);

async function newApplication(more: object = {}) {
  const app = (await manager.post("/applications", { displayName: "Tool", ...more })).json;
  const principal = (await manager.post("/servicePrincipals", { appId: app.appId })).json;
  return { app, principal };
}

async function newUser(name: string): Promise<{ readonly id: string; readonly name: string }> {
  const userPrincipalName = `${name}@${graph.domain}`;
  const made = await manager.post("/users", {
    accountEnabled: true,
    displayName: name,
    mailNickname: name,
    userPrincipalName,
    passwordProfile: { password: "correct horse", forceChangePasswordNextSignIn: false },
  });
  expect(made.status).toBe(201);
  return { id: made.json.id, name: userPrincipalName };
}

test("an application and its principal are kept apart when they go, and come back one by one with all they had", async () => {
  const uri = `api://${HOME}/tool`;
  const { app, principal } = await newApplication({ identifierUris: [uri] });
  const secret = (await manager.post(`/applications/${app.id}/addPassword`, {})).json.secretText;
  const group = (await newGroup()).id;
  await manager.post(`/groups/${group}/members/$ref`, reference(principal.id));
  const signIn = async () => (await graph.signIn(app.appId, secret)).status;
  expect(await signIn()).toBe(200);

  expect((await manager.delete(`/applications/${app.id}`)).status).toBe(204);
  expect(await signIn()).not.toBe(200);
  expect((await manager.get(`/servicePrincipals/${principal.id}`)).status).toBe(404);
  expect(ids(await manager.get(APPLICATIONS))).toContain(app.id);
  expect(ids(await manager.get(PRINCIPALS))).toContain(principal.id);
  expect((await manager.get(`${APPLICATIONS}/$count`)).text).toBe("1");
  const shown = (await manager.get(`/directory/deletedItems/${app.id}`)).json;
  expect(shown).toMatchObject({ "@odata.type": "#microsoft.graph.application", appId: app.appId });
  expect(shown.deletedDateTime).toMatch(/^20\d\d-/);
  expect(ids(await manager.get(`/groups/${group}/members`))).toEqual([]);

  const early = await restore(manager, principal.id);
  expect([early.status, early.json.error.code]).toEqual([400, "Request_BadRequest"]);
  expect((await restore(manager, app.id)).json).toMatchObject({ id: app.id, identifierUris: [uri] });
  expect(ids(await manager.get(APPLICATIONS))).not.toContain(app.id);
  expect(await signIn()).not.toBe(200);
  expect((await restore(manager, principal.id)).status).toBe(200);
  expect(await signIn()).toBe(200);
  expect(ids(await manager.get(`/groups/${group}/members`))).toEqual([principal.id]);
});

test("what another object has taken meanwhile keeps one from coming back, and nothing changes", async () => {
  const uri = `api://${HOME}/taken`;
  const { app, principal } = await newApplication({ identifierUris: [uri] });
  await manager.delete(`/applications/${app.id}`);
  const other = (await newApplication({ identifierUris: [uri] })).app;
  expect((await restore(manager, app.id)).status).toBe(400);
  expect(ids(await manager.get(APPLICATIONS))).toContain(app.id);
  await manager.delete(`/applications/${other.id}`);
  expect((await restore(manager, app.id)).status).toBe(200);
  await manager.post("/servicePrincipals", { appId: app.appId });
  expect((await restore(manager, principal.id)).json.error.details[0].code).toBe("ObjectConflict");
});

test("a deleted user signs in nowhere, gives up the name, and comes back with password and groups", async () => {
  const { id, name } = await newUser("ann");
  const group = (await newGroup()).id;
  await manager.post(`/groups/${group}/members/$ref`, reference(id));
  const before = (await graph.passwordSignIn(name, "correct horse")).json;
  graph.advance(1000);
  expect((await manager.delete(`/users/${id}`)).status).toBe(204);
  expect((await graph.passwordSignIn(name, "correct horse")).status).toBe(400);
  expect((await graph.refresh(before.refresh_token)).status).toBe(400);
  const list = await manager.get(`${USERS}?$select=id,userPrincipalName,deletedDateTime`);
  expect(list.json.value).toContainEqual(
    expect.objectContaining({ id, userPrincipalName: `${id.replaceAll("-", "")}${name}` }),
  );
  const heir = await newUser("ann");
  expect((await restore(manager, id)).json.error.details[0]).toMatchObject({ target: "userPrincipalName" });
  const renamed = await restore(manager, id, { newUserPrincipalName: `ann2@${graph.domain}` });
  expect([renamed.status, renamed.json.userPrincipalName]).toEqual([200, `ann2@${graph.domain}`]);
  expect((await graph.passwordSignIn("ann2", "correct horse")).status).toBe(200);
  expect((await graph.refresh(before.refresh_token)).status).toBe(400);
  expect(ids(await manager.get(`/groups/${group}/members`))).toEqual([id]);
  expect((await manager.get(`/users/${heir.id}`)).status).toBe(200);
});

test("a tie between two deleted objects waits for the second", async () => {
  const { id } = await newUser("tied");
  const { app, principal } = await newApplication();
  const consented = await manager.post("/oauth2PermissionGrants", {
    clientId: principal.id,
    consentType: "Principal",
    principalId: id,
    resourceId: (await manager.get("/servicePrincipals(appId='00000003-0000-0000-c000-000000000000')")).json
      .id,
    scope: "User.Read",
  });
  expect(consented.status).toBe(201);
  const grants = async () =>
    (await manager.get(`/oauth2PermissionGrants?$filter=principalId eq '${id}'`.replaceAll(" ", "%20"))).json
      .value.length;
  await manager.delete(`/users/${id}`);
  await manager.delete(`/servicePrincipals/${principal.id}`);
  expect((await restore(manager, id)).status).toBe(200);
  expect(await grants()).toBe(0);
  expect((await restore(manager, principal.id)).status).toBe(200);
  expect(await grants()).toBe(1);
  await manager.delete(`/applications/${app.id}`);
});

test("each type is open to whom the type is, and an administrator comes back by a Global Administrator alone", async () => {
  const { id } = await newUser("boss");
  const admin = graph.as(graph.tokens.admin);
  const role = "fe930be7-5e62-47db-91af-98c3a49a38b1";
  expect((await admin.post(`/directoryRoles/${role}/members/$ref`, reference(id))).status).toBe(204);
  expect((await admin.delete(`/users/${id}`)).status).toBe(204);
  const { app } = await newApplication();
  await manager.delete(`/applications/${app.id}`);
  const status = async (
    name: "appAdmin" | "userAdmin" | "member" | "reader" | "nobody" | "manager",
    of: string,
  ) => (await restore(graph.as(graph.tokens[name]), of)).status;
  expect(await status("nobody", app.id)).toBe(403);
  expect(await status("reader", app.id)).toBe(403);
  expect(await status("member", app.id)).toBe(403);
  expect(await status("userAdmin", app.id)).toBe(403);
  expect(await status("appAdmin", id)).toBe(403);
  expect(await status("userAdmin", id)).toBe(403);
  expect(await status("manager", id)).toBe(403);
  expect((await manager.delete(`/directory/deletedItems/${id}`)).status).toBe(403);
  expect((await restore(graph.as(graph.tokens.foreigner), app.id)).status).toBe(404);
  expect(await status("appAdmin", app.id)).toBe(200);
  expect((await restore(admin, id)).status).toBe(200);
  expect(ids(await admin.get(`/directoryRoles/${role}/members`))).toContain(id);
});

test("after thirty days, or at once where that is asked for, it is gone", async () => {
  const { id } = await newUser("gone");
  await manager.delete(`/users/${id}`);
  expect((await manager.delete(`/directory/deletedItems/${id}`)).status).toBe(204);
  expect((await restore(manager, id)).status).toBe(404);
  expect((await manager.get("/directory/deletedItems")).status).toBe(400);
  expect((await manager.get("/directory/deletedItems/microsoft.graph.group")).json.value).toEqual([]);
});

const reference = (id: string) => ({
  "@odata.id": `https://graph.microsoft.com/v1.0/directoryObjects/${id}`,
});

async function newGroup(): Promise<{ readonly id: string }> {
  const body = { displayName: "G", mailEnabled: false, mailNickname: "g", securityEnabled: true };
  return (await manager.post("/groups", body)).json;
}
