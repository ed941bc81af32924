/** From a little in a directory to all of it: administrators of one thing, applications of one permission, tokens of another tenant. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { BATCH_APP_ID, GRAPH_APP_ID, graphAppRoleId } from "../../src/wire/entra/first-party.ts";
import { type Graph, HOME, openGraph } from "../wire/graph/graph.fixture.ts";

let graph: Graph;
beforeAll(async () => {
  graph = await openGraph();
});
afterAll(() => graph?.close());

type Who = keyof Graph["tokens"];
const as = (who: Who) => graph.as(graph.tokens[who]);

test("one of Azure's own principals is given a secret, and everything that it may do", async () => {
  for (const appId of [BATCH_APP_ID, GRAPH_APP_ID])
    for (const who of ["manager", "appAdmin", "admin"] as const) {
      const principal = await as(who).post(`/servicePrincipals(appId='${appId}')/addPassword`, {});
      const application = await as(who).post(`/applications(appId='${appId}')/addPassword`, {});
      expect([who, principal.status, application.status]).toEqual([who, 400, 404]);
    }
});

test("who administers users becomes who administers everything, by a new password", async () => {
  const target = `/users/${graph.people.admin}`;
  const passwordProfile = { password: "a new one, long enough", forceChangePasswordNextSignIn: false };
  // `manager` may write users, as an application.
  for (const who of ["userAdmin", "manager"] as const) {
    for (const change of [
      { passwordProfile },
      { accountEnabled: false },
      { userPrincipalName: `x@${graph.domain}` },
    ])
      expect([who, (await as(who).patch(target, change)).status]).toEqual([who, 403]);
    expect([who, (await as(who).delete(target)).status]).toEqual([who, 403]);
  }
});

test("who administers applications gives one Microsoft Graph's own roles", async () => {
  const id = (await as("admin").get(`/servicePrincipals(appId='${GRAPH_APP_ID}')`)).json.id;
  for (const role of ["AppRoleAssignment.ReadWrite.All", "Application.ReadWrite.All"]) {
    const body = { principalId: graph.nobody.objectId, resourceId: id, appRoleId: graphAppRoleId(role) };
    for (const path of [
      `/servicePrincipals/${graph.nobody.objectId}/appRoleAssignments`,
      `/servicePrincipals/${id}/appRoleAssignedTo`,
    ])
      expect([role, (await as("appAdmin").post(path, body)).status]).toEqual([role, 403]);
  }
});

test("a member, or an application that may read, makes itself an administrator or a member of a group", async () => {
  const group = { displayName: "Owners", mailNickname: "owners", mailEnabled: false, securityEnabled: true };
  const { id } = (await as("admin").post("/groups", group)).json;
  const roles = (await as("admin").get("/directoryRoles")).json.value;
  const me = (objectId: string) => ({
    "@odata.id": `https://graph.microsoft.com/v1.0/directoryObjects/${objectId}`,
  });
  for (const [who, objectId] of [
    ["member", graph.people.member],
    ["reader", graph.reader.objectId],
    ["nobody", graph.nobody.objectId],
  ] as const) {
    expect([who, (await as(who).post(`/groups/${id}/members/$ref`, me(objectId))).status]).toEqual([
      who,
      403,
    ]);
    for (const role of roles)
      expect((await as(who).post(`/directoryRoles/${role.id}/members/$ref`, me(objectId))).status).toBe(403);
  }
  // No application makes administrators, whatever it holds.
  for (const role of roles) {
    const added = await as("manager").post(
      `/directoryRoles/${role.id}/members/$ref`,
      me(graph.manager.objectId),
    );
    expect(added.status).toBe(403);
  }
});

test("a token of one tenant, or one that says it is of another, reads and changes that other", async () => {
  const foreigner = as("foreigner");
  for (const path of [`/users/${graph.people.admin}`, `/servicePrincipals/${graph.manager.objectId}`])
    expect([path, (await foreigner.get(path)).status]).toEqual([path, 404]);
  expect((await foreigner.patch(`/users/${graph.people.member}`, { displayName: "x" })).status).toBe(404);
  const [header = "", payload = "", signature = ""] = graph.tokens.foreigner.split(".");
  const claims = JSON.parse(Buffer.from(payload, "base64url").toString());
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const actor = {
    ...claims,
    tid: HOME,
    iss: `https://sts.windows.net/${HOME}/`,
    oid: graph.manager.objectId,
  };
  for (const token of [
    `${header}.${encode(actor)}.${signature}`,
    `${encode({ typ: "JWT", alg: "none" })}.${encode(actor)}.`,
    `${encode({ typ: "JWT", alg: "none" })}.${encode(actor)}.${signature}`,
    `${encode({ typ: "JWT", alg: "RS256" })}.${encode({ ...actor, actortoken: graph.tokens.foreigner })}.${signature}`,
  ])
    expect((await graph.as(token).get("/users")).status).toBe(401);
});
