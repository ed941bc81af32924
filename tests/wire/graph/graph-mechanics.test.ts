/** What Graph's addresses say beyond an object's name: counts, casts, deltas, relations, orders, searches, batches. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Graph, type GraphClient, openGraph } from "./graph.fixture.ts";

let graph: Graph;
let manager: GraphClient;
let group: string;

beforeAll(async () => {
  graph = await openGraph();
  manager = graph.as(graph.tokens.manager);
  const { member, userAdmin } = graph.people;
  const made = await manager.post("/groups", {
    displayName: "Render Farm",
    mailNickname: "farm",
    mailEnabled: false,
    securityEnabled: true,
    "members@odata.bind": [member, userAdmin].map(
      (id) => `https://graph.microsoft.com/v1.0/directoryObjects/${id}`,
    ),
    "owners@odata.bind": [`https://graph.microsoft.com/v1.0/users/${member}`],
  });
  expect(made.status, made.text).toBe(201);
  group = made.json.id;
});
afterAll(() => graph?.close());

const names = ({ json }: { json: { value: { displayName: string }[] } }) =>
  json.value.map(({ displayName }) => displayName);

describe("a collection's address", () => {
  test("counts, as text", async () => {
    const users = await manager.get("/users/$count");
    expect([users.status, users.text]).toEqual([200, "4"]);
    expect(users.headers["content-type"]).toContain("text/plain");
    expect((await manager.get(`/groups/${group}/members/$count`)).text).toBe("2");
    expect(
      (await manager.get("/users/$count?$filter=displayName eq 'admin'".replaceAll(" ", "%20"))).text,
    ).toBe("1");
  });

  test("narrows to a type, and then counts", async () => {
    const users = await manager.get(`/groups/${group}/members/microsoft.graph.user`);
    expect(names(users).sort()).toEqual(["member", "userAdmin"]);
    expect((await manager.get(`/groups/${group}/members/microsoft.graph.group`)).json.value).toEqual([]);
    expect((await manager.get(`/groups/${group}/members/microsoft.graph.user/$count`)).text).toBe("2");
    // As the clients that are generated from Graph's description write it.
    expect((await manager.get(`/groups/${group}/members/graph.user`)).json.value).toHaveLength(2);
    expect((await manager.get("/directory/deletedItems/graph.application")).json.value).toEqual([]);
    expect((await manager.get(`/groups/${group}/members/$ref`)).json.value).toHaveLength(2);
  });

  test("says with a slash too many what it says without", async () => {
    expect((await manager.get("/v1.0//applications")).status).toBe(200);
    expect(names(await manager.get("/v1.0//users"))).toHaveLength(4);
  });

  test.each(["/users/$foo", "/users/whatever()", "/users/microsoft.graph.planner", "/applications/$count/x"])(
    "%s is no object's id",
    async (path) => {
      const reply = await manager.get(path);
      expect([reply.status, reply.json.error.code]).toEqual([400, "BadRequest"]);
      expect(reply.json.error.message).toContain("Resource not found for the segment");
    },
  );
});

describe("what a query asks", () => {
  const query = (path: string, parameters: Record<string, string>) =>
    `${path}?${new URLSearchParams(parameters)}`;

  test("an order, and its pages", async () => {
    const all = await manager.get(query("/users", { $orderby: "displayName desc" }));
    expect(names(all)).toEqual(["userAdmin", "member", "appAdmin", "admin"]);
    const first = await manager.get(query("/users", { $orderby: "displayName", $top: "3" }));
    const { pathname, search } = new URL(first.json["@odata.nextLink"]);
    const second = await manager.get(pathname + search);
    expect([...names(first), ...names(second)]).toEqual(["admin", "appAdmin", "member", "userAdmin"]);
    expect((await manager.get(query("/users", { $orderby: "nothing" }))).status).toBe(400);
  });

  test("a search, for whoever says that it may lag", async () => {
    const path = query("/groups", { $search: '"displayName:farm"' });
    expect((await manager.get(path)).json.error.message).toContain("ConsistencyLevel: eventual");
    const eventual = graph.as(graph.tokens.manager, { ConsistencyLevel: "eventual" });
    expect(names(await eventual.get(path))).toEqual(["Render Farm"]);
    expect((await eventual.get(query("/groups", { $search: "farm" }))).status).toBe(400);
  });

  test("related objects beside it", async () => {
    const found = await manager.get(query(`/groups/${group}`, { $expand: "members,owners($select=id)" }));
    expect(found.json.members).toHaveLength(2);
    expect(found.json.owners.map(({ id }: { id: string }) => id)).toEqual([graph.people.member]);
    const user = await manager.get(
      query(`/users/${graph.people.member}`, { $expand: "memberOf", $select: "id" }),
    );
    expect(user.json.memberOf.map(({ id }: { id: string }) => id)).toEqual([group]);
    expect((await manager.get(query("/users", { $expand: "manager" }))).json.error.message).toContain(
      "manager",
    );
  });
});

describe("owners", () => {
  test("are listed, added once, removed, and know what they own", async () => {
    const { admin } = graph.people;
    const app = await manager.post("/applications", { displayName: "Owned" });
    const at = `/applications/${app.json.id}/owners`;
    const reference = { "@odata.id": `https://graph.microsoft.com/v1.0/directoryObjects/${admin}` };
    expect((await manager.post(`${at}/$ref`, reference)).status).toBe(204);
    expect((await manager.post(`${at}/$ref`, reference)).json.error.message).toContain("already exist");
    expect(names(await manager.get(at))).toEqual(["admin"]);
    expect(names(await manager.get(`/users/${admin}/ownedObjects/microsoft.graph.application`))).toEqual([
      "Owned",
    ]);
    expect((await manager.delete(`${at}/${admin}/$ref`)).status).toBe(204);
    expect((await manager.get(at)).json.value).toEqual([]);
  });
});

test("a group takes more members by their addresses, and none where one of them is nobody", async () => {
  const address = (id: string) => `https://graph.microsoft.com/v1.0/directoryObjects/${id}`;
  const { admin } = graph.people;
  const nobody = "00000000-0000-4000-8000-000000000000";
  const wrong = { "members@odata.bind": [admin, nobody].map(address) };
  expect((await manager.patch(`/groups/${group}`, wrong)).status).toBe(404);
  expect((await manager.get(`/groups/${group}/members/$count`)).text).toBe("2");
  expect((await manager.patch(`/groups/${group}`, { "members@odata.bind": [address(admin)] })).status).toBe(
    204,
  );
  expect((await manager.get(`/groups/${group}/members/$count`)).text).toBe("3");
});

describe("a delta", () => {
  const followed = (link: string) => manager.get(new URL(link).pathname + new URL(link).search);

  test("tells all there is, then what has changed and gone", async () => {
    const first = await manager.get("/applications/delta()");
    expect(first.status, first.text).toBe(200);
    const made = await manager.post("/applications", { displayName: "New" });
    const second = await followed(first.json["@odata.deltaLink"]);
    expect(names(second)).toEqual(["New"]);
    await manager.delete(`/applications/${made.json.id}`);
    const third = await followed(second.json["@odata.deltaLink"]);
    expect(third.json.value).toEqual([{ id: made.json.id, "@removed": { reason: "changed" } }]);
    expect((await followed(third.json["@odata.deltaLink"])).json.value).toEqual([]);
  });

  test("begins anew for a token that is not remembered", async () => {
    const reply = await manager.get("/users/delta?$deltatoken=AAAAAAAAAAAAAAAA");
    expect([reply.status, reply.json.error.code]).toEqual([410, "syncStateNotFound"]);
    expect((await manager.get("/groups/microsoft.graph.delta()")).status).toBe(200);
    expect((await manager.get("/domains/delta()")).status).toBe(400);
  });
});

describe("a batch", () => {
  const batch = (requests: object[]) => manager.post("/$batch", { requests });

  test("answers each request with a status of its own, in the order that they depend on", async () => {
    const reply = await batch([
      { id: "after", method: "GET", url: "/users/$count", dependsOn: ["make"] },
      {
        id: "make",
        method: "POST",
        url: "/groups",
        headers: { "Content-Type": "application/json" },
        body: {},
      },
      { id: "me", method: "GET", url: "/me" },
      { id: "user", method: "GET", url: `users/${graph.people.member}?$select=displayName` },
    ]);
    expect(reply.status, reply.text).toBe(200);
    const statuses = reply.json.responses.map(({ id, status }: { id: string; status: number }) => [
      id,
      status,
    ]);
    expect(statuses).toEqual([
      ["after", 424],
      ["make", 400],
      ["me", 400],
      ["user", 200],
    ]);
    expect(reply.json.responses[3].body.displayName).toBe("member");
  });

  test("gives nobody more than the sender may", async () => {
    const reply = await graph
      .as(graph.tokens.nobody)
      .post("/$batch", { requests: [{ id: "1", method: "GET", url: "/users" }] });
    expect(reply.json.responses[0].status).toBe(403);
    expect((await graph.as(undefined).post("/$batch", { requests: [] })).status).toBe(401);
  });

  test.each([
    [
      "more than twenty",
      Array.from({ length: 21 }, (_, id) => ({ id: `${id}`, method: "GET", url: "/users" })),
    ],
    ["an id twice", [1, 1].map((id) => ({ id: `${id}`, method: "GET", url: "/users" }))],
    [
      "a circle",
      [
        { id: "a", method: "GET", url: "/users", dependsOn: ["b"] },
        { id: "b", method: "GET", url: "/users", dependsOn: ["a"] },
      ],
    ],
    ["a batch inside", [{ id: "1", method: "POST", url: "/$batch", body: {} }]],
    ["another host", [{ id: "1", method: "GET", url: "https://example.com/" }]],
  ])("is refused for %s", async (_, requests) => {
    expect((await batch(requests)).status).toBe(400);
  });
});

describe("what is kept of an object", () => {
  test("an application registered without more is everybody's, and asks for nothing", async () => {
    const made = await manager.post("/applications", { displayName: "Plain" });
    expect(made.json).toMatchObject({
      signInAudience: "AzureADandPersonalMicrosoftAccount",
      api: { requestedAccessTokenVersion: 2 },
      requiredResourceAccess: [],
      addIns: [],
      verifiedPublisher: { displayName: null },
      certification: null,
      isDeviceOnlyAuthSupported: null,
    });
    expect(made.headers["content-type"]).toBe(
      "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8",
    );
  });

  test("description, claims and token version", async () => {
    const kept = {
      description: "what it is for",
      groupMembershipClaims: "SecurityGroup",
      optionalClaims: {
        idToken: [{ name: "email", source: null, essential: true, additionalProperties: [] }],
        accessToken: [],
        saml2Token: [],
      },
    };
    const made = await manager.post("/applications", {
      displayName: "Kept",
      signInAudience: "AzureADMyOrg",
      api: { requestedAccessTokenVersion: 2 },
      ...kept,
    });
    expect(made.status, made.text).toBe(201);
    const read = (await manager.get(`/applications/${made.json.id}`)).json;
    expect(read).toMatchObject({ ...kept, api: { requestedAccessTokenVersion: 2 } });
    const wrong = { displayName: "x", groupMembershipClaims: "Everything" };
    expect((await manager.post("/applications", wrong)).status).toBe(400);
  });

  test("a user's name can have a number sign, and one user alone has it", async () => {
    const body = {
      accountEnabled: true,
      displayName: "Guest",
      mailNickname: "guest",
      userPrincipalName: `guest_other.example#EXT#@${graph.domain}`,
      passwordProfile: { password: "battery staple", forceChangePasswordNextSignIn: true },
    };
    expect((await manager.post("/users", body)).status).toBe(201);
    const again = await manager.post("/users", body);
    expect([again.status, again.json.error.code]).toEqual([400, "Request_BadRequest"]);
    expect(again.json.error.details).toEqual([
      {
        code: "ObjectConflict",
        message: "Another object with the same value for property userPrincipalName already exists.",
        target: "userPrincipalName",
      },
    ]);
    const found = await manager.get(`/users/${encodeURIComponent(body.userPrincipalName)}`);
    expect(found.json.displayName).toBe("Guest");
  });
});
