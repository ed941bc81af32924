import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  AZURE_BATCH_JOB_SUBMITTER,
  CONTRIBUTOR,
  OWNER,
  READER,
} from "../../../src/wire/rbac/built-in-roles.ts";
import type { RoleDefinition } from "../../../src/wire/rbac/role-definition.ts";
import { sendDescribed } from "../arm-client.fixture.ts";
import {
  type Application,
  application,
  type Management,
  tokenOf as newTokenOf,
  openManagement,
  tenant,
} from "../management.fixture.ts";
import { type RawReply, send } from "../raw-request.fixture.ts";

const ARM = "https://management.azure.com/";
const BATCH_VERSION = "api-version=2023-11-01";
const SUBSCRIPTIONS_VERSION = "api-version=2022-12-01";
const GROUPS_VERSION = "api-version=2021-04-01";
const RBAC_VERSION = "api-version=2022-04-01";

const HOME = randomUUID();
const ELSEWHERE = randomUUID();
const SUBSCRIPTION = randomUUID();
const UNUSED_SUBSCRIPTION = randomUUID();
const FOREIGN_SUBSCRIPTION = randomUUID();
const PRIMARY_KEY = Buffer.alloc(64, 1).toString("base64");

const sub = `/subscriptions/${SUBSCRIPTION}`;
const group = `${sub}/resourceGroups/Render`;
const accountId = (name: string, of = group) => `${of}/providers/Microsoft.Batch/batchAccounts/${name}`;
const farm = accountId("farm");

const reader = application(HOME);
const contributor = application(HOME);
/** Holds a role on one account and on nothing else. */
const submitter = application(HOME);
const nobody = application(HOME);
/** Owns all of its own tenant. */
const stranger = application(ELSEWHERE);

let management: Management;
const tokens = new Map<string, string>();

beforeAll(async () => {
  const account = { subscriptionId: SUBSCRIPTION, location: "westeurope" };
  const assign = (to: Application, role: RoleDefinition, scope: string) => ({
    tenantId: to.tenantId,
    principalId: to.objectId,
    principalType: "ServicePrincipal" as const,
    roleDefinitionId: role.name,
    scope,
  });
  management = await openManagement(
    {
      tenants: [tenant(HOME, [reader, contributor, submitter, nobody]), tenant(ELSEWHERE, [stranger])],
      subscriptions: [
        { subscriptionId: SUBSCRIPTION, tenantId: HOME, displayName: "Used" },
        { subscriptionId: UNUSED_SUBSCRIPTION, tenantId: HOME, displayName: "Unused" },
        { subscriptionId: FOREIGN_SUBSCRIPTION, tenantId: ELSEWHERE, displayName: "Foreign" },
      ],
      accounts: [
        { ...account, name: "farm", resourceGroup: "Render", primaryKey: PRIMARY_KEY },
        { ...account, name: "barn", resourceGroup: "Render" },
        { ...account, name: "mill", resourceGroup: "Other" },
        {
          name: "foreign",
          subscriptionId: FOREIGN_SUBSCRIPTION,
          resourceGroup: "Render",
          location: "westeurope",
        },
      ],
      roleAssignments: [
        assign(reader, READER, sub),
        assign(contributor, CONTRIBUTOR, group),
        assign(submitter, AZURE_BATCH_JOB_SUBMITTER, farm),
        assign(stranger, OWNER, "/"),
      ],
    },
    // The other accounts have no port of their own.
    (key) => (key === 1 ? 20_001 : undefined),
  );
});
afterAll(() => management.close());

async function tokenOf(who: Application, resource = ARM): Promise<string> {
  const key = `${who.clientId} ${resource}`;
  const token = tokens.get(key) ?? (await newTokenOf(management, who, resource));
  tokens.set(key, token);
  return token;
}

interface Ask {
  readonly method?: string;
  readonly host?: string;
  readonly resource?: string;
  readonly headers?: Record<string, string>;
}

async function ask(who: Application, path: string, { resource, headers, ...rest }: Ask = {}) {
  const authorization = `Bearer ${await tokenOf(who, resource)}`;
  return sendDescribed(management, { path, headers: { authorization, ...headers }, ...rest });
}

const names = ({ json }: RawReply): string[] => json.value.map((item: { name: string }) => item.name);

/** Its status and code, which is what clients act on. */
const outcome = ({ status, json }: RawReply) => (status < 400 ? status : `${status} ${json.error.code}`);

describe("signing in", () => {
  const path = `${farm}?${BATCH_VERSION}`;

  test.each([
    "https://management.azure.com/",
    "https://management.azure.com",
    "https://management.core.windows.net/",
    "https://management.core.windows.net",
  ])("a token for %s is accepted", async (resource) => {
    expect((await ask(reader, path, { resource })).status).toBe(200);
  });

  test("a token for the service's own address is accepted, with and without a slash", async () => {
    const own = `https://localhost:${management.main.port}`;
    for (const resource of [own, `${own}/`]) {
      expect((await ask(reader, path, { resource })).status).toBe(200);
    }
  });

  test("a token for Batch is refused by a text that names both audiences", async () => {
    const reply = await ask(reader, path, { resource: "https://batch.core.windows.net/" });
    expect(outcome(reply)).toBe("401 InvalidAuthenticationTokenAudience");
    expect(reply.json.error.message).toContain("'https://batch.core.windows.net/'");
    expect(reply.json.error.message).toContain("'https://management.azure.com/'");
    expect(reply.headers["www-authenticate"]).toMatch(
      new RegExp(
        `^Bearer authorization_uri="https://localhost:${management.main.port}/common", error="invalid_token", error_description="`,
      ),
    );
  });

  test("a request without a token is told where to sign in, by Azure's name under Azure's name", async () => {
    const reply = await send(management, { path, host: "management.azure.com" });
    expect(outcome(reply)).toBe("401 AuthenticationFailed");
    expect(reply.headers["www-authenticate"]).toBe(
      'Bearer authorization_uri="https://login.windows.net/common"',
    );
  });

  test.each(["Basic Zm9vOmJhcg==", "Bearer", "Bearer ", "SharedKey farm:AAAA", "Bearer a b"])(
    "the authorization %j is none",
    async (authorization) => {
      expect(outcome(await send(management, { path, headers: { authorization } }))).toBe(
        "401 AuthenticationFailed",
      );
    },
  );

  test("a token that was tampered with is refused", async () => {
    const [header, , signature] = (await tokenOf(nobody)).split(".");
    const [, payload] = (await tokenOf(contributor)).split(".");
    for (const token of [`${header}.${payload}.${signature}`, "e30.e30.", "x"]) {
      const reply = await send(management, { path, headers: { authorization: `Bearer ${token}` } });
      expect(outcome(reply)).toBe("401 InvalidAuthenticationToken");
    }
  });

  test("a foreign tenant's owner is told the subscription's tenant, and nothing else", async () => {
    for (const there of [farm, accountId("absent"), `${sub}/resourceGroups/absent`]) {
      const version = there.includes("batchAccounts") ? BATCH_VERSION : GROUPS_VERSION;
      const reply = await ask(stranger, `${there}?${version}`);
      expect(outcome(reply)).toBe("401 InvalidAuthenticationTokenTenant");
      expect(reply.headers["www-authenticate"]).toContain(`/${HOME}"`);
      expect(reply.text).toContain(HOME);
      expect(reply.text).not.toMatch(/farm|absent|Render|Used/);
    }
  });
});

describe("what a caller sees", () => {
  test("its own tenant", async () => {
    const reply = await ask(nobody, `/tenants?${SUBSCRIPTIONS_VERSION}`);
    expect(reply.json.value).toEqual([
      expect.objectContaining({ id: `/tenants/${HOME}`, tenantId: HOME, tenantCategory: "Home" }),
    ]);
  });

  test.each([
    ["on the subscription", reader],
    ["on a group in it", contributor],
    ["on an account in it", submitter],
  ])("a subscription through a role %s", async (_, who) => {
    const { json } = await ask(who, `/subscriptions?${SUBSCRIPTIONS_VERSION}`);
    expect(json.value).toEqual([
      expect.objectContaining({
        id: sub,
        subscriptionId: SUBSCRIPTION,
        tenantId: HOME,
        displayName: "Used",
        state: "Enabled",
      }),
    ]);
  });

  test("no subscription without any role, and only those of its own tenant with every role", async () => {
    const path = `/subscriptions?${SUBSCRIPTIONS_VERSION}`;
    expect((await ask(nobody, path)).json.value).toEqual([]);
    const { json } = await ask(stranger, path);
    expect(json.value.map((seen: { subscriptionId: string }) => seen.subscriptionId)).toEqual([
      FOREIGN_SUBSCRIPTION,
    ]);
  });

  test("all accounts and groups as a reader of the subscription, and of a group only what is in it", async () => {
    const accounts = `${sub}/providers/Microsoft.Batch/batchAccounts?${BATCH_VERSION}`;
    expect(names(await ask(reader, accounts))).toEqual(["farm", "barn", "mill"]);
    expect(names(await ask(contributor, accounts))).toEqual(["farm", "barn"]);
    expect(
      names(await ask(reader, `${group}/providers/Microsoft.Batch/batchAccounts?${BATCH_VERSION}`)),
    ).toEqual(["farm", "barn"]);
    const groups = `${sub}/resourcegroups?${GROUPS_VERSION}`;
    expect(names(await ask(reader, groups))).toEqual(["Other", "Render"]);
    expect(names(await ask(contributor, groups))).toEqual(["Render"]);
    expect(outcome(await ask(nobody, groups))).toBe("403 AuthorizationFailed");
  });

  test("locations and providers of a subscription", async () => {
    const locations = await ask(reader, `${sub}/locations?${SUBSCRIPTIONS_VERSION}`);
    expect(names(locations)).toEqual(expect.arrayContaining(["westeurope", "eastus", "mylocation"]));
    const provider = await ask(reader, `${sub}/providers/microsoft.batch?${GROUPS_VERSION}`);
    expect(provider.json).toMatchObject({ namespace: "Microsoft.Batch", registrationState: "Registered" });
    const types = provider.json.resourceTypes.map((type: { resourceType: string }) => type.resourceType);
    expect(types).toEqual(
      expect.arrayContaining(["batchAccounts", "batchAccounts/pools", "locations/quotas"]),
    );
    const providers = await ask(reader, `${sub}/providers?${GROUPS_VERSION}`);
    expect(providers.json.value).toContainEqual(provider.json);
  });
});

describe("an account", () => {
  test("is reached by its port on this machine, and by its own name under Azure's", async () => {
    const here = await ask(reader, `${farm}?${BATCH_VERSION}`);
    expect(here.json).toMatchObject({
      id: farm,
      name: "farm",
      type: "Microsoft.Batch/batchAccounts",
      location: "westeurope",
      properties: { accountEndpoint: "localhost:20001", provisioningState: "Succeeded" },
    });
    const there = await ask(reader, `${farm}?${BATCH_VERSION}`, { host: "management.azure.com" });
    expect(there.json.properties.accountEndpoint).toBe("farm.westeurope.batch.azure.com");
    const elsewhere = await ask(reader, `${accountId("barn")}?${BATCH_VERSION}`);
    expect(elsewhere.json.properties.accountEndpoint).toBe("barn.westeurope.batch.azure.com");
  });

  test("gives its keys to who may list them, and to no reader", async () => {
    const path = `${farm}/listKeys?${BATCH_VERSION}`;
    const keys = await ask(contributor, path, { method: "POST" });
    expect(keys.json).toEqual({
      accountName: "farm",
      primary: PRIMARY_KEY,
      secondary: expect.stringMatching(/^[A-Za-z0-9+/]{86}==$/),
    });
    expect(keys.headers["cache-control"]).toBe("no-store");

    const refused = await ask(reader, path, { method: "POST" });
    expect(outcome(refused)).toBe("403 AuthorizationFailed");
    for (const named of [reader.objectId, "Microsoft.Batch/batchAccounts/listKeys/action", farm]) {
      expect(refused.json.error.message).toContain(named);
    }
    expect(refused.text).not.toContain(PRIMARY_KEY);
  });

  test("has an id that compares without case", async () => {
    const shouting = farm.toUpperCase().replace("/SUBSCRIPTIONS/", "/Subscriptions/");
    expect((await ask(reader, `${shouting}?${BATCH_VERSION}`)).json.id).toBe(farm);
    const keys = await ask(contributor, `${shouting}/LISTKEYS?${BATCH_VERSION}`, { method: "POST" });
    expect(keys.json.accountName).toBe("farm");
  });

  test("is found behind a doubled slash at the front, and before one at the end", async () => {
    for (const path of [`/${farm}`, `//${farm}`, `${farm}/`]) {
      expect((await ask(reader, `${path}?${BATCH_VERSION}`)).json.id).toBe(farm);
    }
  });
});

describe("what is not there", () => {
  test("is told to who might read it, and kept from who might not", async () => {
    const asked: readonly [path: string, code: string][] = [
      [`${accountId("absent")}?${BATCH_VERSION}`, "ResourceNotFound"],
      [`${accountId("farm", `${sub}/resourceGroups/absent`)}?${BATCH_VERSION}`, "ResourceGroupNotFound"],
      [`${sub}/resourceGroups/absent?${GROUPS_VERSION}`, "ResourceGroupNotFound"],
    ];
    for (const [path, code] of asked) {
      expect(outcome(await ask(reader, path)), path).toBe(`404 ${code}`);
      expect(outcome(await ask(nobody, path)), path).toBe("403 AuthorizationFailed");
    }
    const subscription = `/subscriptions/${randomUUID()}?${SUBSCRIPTIONS_VERSION}`;
    for (const who of [stranger, reader, nobody])
      expect(outcome(await ask(who, subscription))).toBe("404 SubscriptionNotFound");
  });

  test("a group's existence is asked by HEAD", async () => {
    const exists = (name: string) =>
      ask(reader, `${sub}/resourceGroups/${name}?${GROUPS_VERSION}`, { method: "HEAD" });
    expect((await exists("RENDER")).status).toBe(204);
    expect((await exists("absent")).status).toBe(404);
  });

  test("what an account has none of is refused first, and missing to who would be allowed", async () => {
    const endpoint = `${farm}/privateEndpointConnections/p?${BATCH_VERSION}`;
    expect(outcome(await ask(contributor, endpoint, { method: "PATCH" }))).toBe("404 ResourceNotFound");
    expect(outcome(await ask(reader, endpoint, { method: "PATCH" }))).toBe("403 AuthorizationFailed");
    expect(
      outcome(
        await ask(contributor, `${farm.replace("Render", "Other")}?${BATCH_VERSION}`, { method: "DELETE" }),
      ),
    ).toBe("403 AuthorizationFailed");
  });

  test("types, namespaces and methods that do not exist have codes of their own", async () => {
    const at = (path: string, method = "GET") => ask(reader, `${path}?${BATCH_VERSION}`, { method });
    expect(outcome(await at(`${group}/providers/Microsoft.Batch/nonsense`))).toBe("404 InvalidResourceType");
    expect(outcome(await at(`${group}/providers/Microsoft.Nonsense/things`))).toBe(
      "404 InvalidResourceNamespace",
    );
    expect(outcome(await at("/resources/nonsense"))).toBe("404 NotFound");
    expect(outcome(await at(farm, "POST"))).toBe("405 MethodNotAllowed");
  });
});

describe("a malformed request", () => {
  test.each([
    `${group}/providers/Microsoft.Batch/batchAccounts/barn/../farm`,
    `${group}/providers/Microsoft.Batch/batchAccounts/%2e%2e`,
    `${group}/providers/Microsoft.Batch/batchAccounts/barn%2Ffarm`,
    `${group}/providers/Microsoft.Batch/batchAccounts/barn%5Cfarm`,
    `${sub}/resourceGroups/Render%2Fproviders%2FMicrosoft.Batch%2FbatchAccounts%2Ffarm`,
    `${farm}%00`,
    `${farm}%`,
  ])("%s is no path of ours", async (path) => {
    expect(outcome(await ask(reader, `${path}?${BATCH_VERSION}`))).toBe("400 InvalidUri");
  });

  test.each([
    farm,
    sub,
    `${sub}/providers`,
    `${sub}/resourcegroups`,
    `${sub}/resources`,
    `${sub}/providers/Microsoft.Authorization/roleAssignments`,
    `${sub}/providers/Microsoft.Authorization/roleDefinitions`,
    `${sub}/providers/Microsoft.Authorization/denyAssignments`,
    `${group}/providers/Microsoft.Authorization/permissions`,
    "/providers/Microsoft.Authorization/providerOperations",
    `${sub}/providers/Microsoft.ManagedIdentity/userAssignedIdentities`,
    `${sub}/providers/Microsoft.Storage/storageAccounts`,
    `${sub}/providers/Microsoft.Batch/locations/westeurope/quotas`,
  ])("%s is in no version outside its provider's list", async (path) => {
    for (const version of ["2013-01-01", "2022-03-31", "latest"])
      expect(outcome(await ask(reader, `${path}?api-version=${version}`)), version).toMatch(
        /^400 (InvalidApiVersionParameter|NoRegisteredProviderFound)$/,
      );
  });

  test("needs an api-version that the operation has", async () => {
    expect(outcome(await ask(reader, farm))).toBe("400 MissingApiVersionParameter");
    const unknown = await ask(reader, `${farm}?api-version=2019-01-01`);
    expect(outcome(unknown)).toBe("400 NoRegisteredProviderFound");
    expect(unknown.json.error.message).toContain("2023-11-01, 2024-02-01");
    expect(outcome(await ask(reader, `${farm}?${GROUPS_VERSION}`))).toBe("400 NoRegisteredProviderFound");
    expect(outcome(await ask(nobody, farm))).toBe("400 MissingApiVersionParameter");
  });
});

test("replies carry the ids by which a request is traced", async () => {
  const headers = { "x-ms-client-request-id": "client-1", "x-ms-correlation-request-id": "flow-1" };
  const reply = await ask(reader, `${farm}?${BATCH_VERSION}`, { headers });
  expect(reply.headers).toMatchObject(headers);
  expect(reply.headers["x-ms-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
  const odd = await ask(nobody, `${farm}?${BATCH_VERSION}`, {
    headers: { "x-ms-client-request-id": "a;b", "x-ms-correlation-request-id": 'x" y' },
  });
  expect(odd.headers["x-ms-client-request-id"]).toBeUndefined();
  expect(odd.headers["x-ms-correlation-request-id"]).toBe(odd.headers["x-ms-request-id"]);
});

describe("roles are read", () => {
  const assignments = (scope: string) => `${scope}/providers/Microsoft.Authorization/roleAssignments`;
  const principals = ({ json }: RawReply): string[] =>
    json.value.map((item: { properties: { principalId: string } }) => item.properties.principalId);

  test("assignments above, at and below a scope, also under the doubled slash of the JavaScript client", async () => {
    const all = [reader, contributor, submitter].map(({ objectId }) => objectId).sort();
    expect(principals(await ask(reader, `/${assignments(sub)}?${RBAC_VERSION}`)).sort()).toEqual(all);
    const atScope = await ask(reader, `${assignments(group)}?$filter=atScope()&${RBAC_VERSION}`);
    expect(principals(atScope).sort()).toEqual([reader.objectId, contributor.objectId].sort());
    const own = encodeURIComponent(`principalId eq '${submitter.objectId}'`);
    const [found] = (await ask(reader, `${assignments(sub)}?$filter=${own}&${RBAC_VERSION}`)).json.value;
    expect(found).toMatchObject({
      type: "Microsoft.Authorization/roleAssignments",
      properties: { scope: farm, principalType: "ServicePrincipal" },
    });
    const byId = await ask(reader, `${found.id}?${RBAC_VERSION}`);
    expect(byId.json).toEqual(found);
    const role = await ask(reader, `${found.properties.roleDefinitionId}?${RBAC_VERSION}`);
    expect(role.json.properties.roleName).toBe("Azure Batch Job Submitter");
  });

  test("definitions by name, with ids that assignments use", async () => {
    const filter = encodeURIComponent("roleName eq 'Reader'");
    const path = `${sub}/providers/Microsoft.Authorization/roleDefinitions?$filter=${filter}&${RBAC_VERSION}`;
    const { json } = await ask(reader, path);
    expect(json.value).toHaveLength(1);
    expect(json.value[0]).toMatchObject({
      id: `${sub}/providers/Microsoft.Authorization/roleDefinitions/${READER.name}`,
      properties: { roleName: "Reader", type: "BuiltInRole", permissions: [{ actions: ["*/read"] }] },
    });
  });

  test("a filter that is not understood is refused by the clause", async () => {
    const path = `${assignments(sub)}?$filter=${encodeURIComponent("atScope() and color eq 'red'")}&${RBAC_VERSION}`;
    const reply = await ask(reader, path);
    expect(outcome(reply)).toBe("400 InvalidFilterInQueryString");
    expect(reply.json.error.message).toContain("color eq 'red'");
  });

  test("nobody reads them without a role", async () => {
    expect(outcome(await ask(nobody, `${assignments(sub)}?${RBAC_VERSION}`))).toBe("403 AuthorizationFailed");
  });
});

describe("the metadata of this cloud is for everyone", () => {
  const metadata = async (version: string, host?: string) => {
    const path = `/metadata/endpoints?api-version=${version}`;
    return (await send(management, { path, ...(host !== undefined && { host }) })).json;
  };
  const own = () => `https://localhost:${management.main.port}`;

  test("as one flat object", async () => {
    expect(await metadata("2015-01-01")).toMatchObject({
      galleryEndpoint: expect.any(String),
      graphEndpoint: `${own()}/`,
      portalEndpoint: own(),
      authentication: { loginEndpoint: `${own()}/adfs`, audiences: expect.arrayContaining([ARM]) },
    });
  });

  test("as a list of clouds, none of them called AzureCloud on this machine", async () => {
    const [cloud, ...others] = await metadata("2019-05-01");
    expect(others).toEqual([]);
    expect(cloud).toMatchObject({
      name: "Batchyard",
      batch: "https://batch.core.windows.net/",
      resourceManager: `${own()}/`,
      authentication: { loginEndpoint: `${own()}/adfs`, identityProvider: "AAD" },
      suffixes: { storage: "core.windows.net" },
    });
  });

  test("as one cloud, which under Azure's names is Azure's", async () => {
    expect((await metadata("2022-09-01")).authentication.loginEndpoint).toBe(own());
    expect(await metadata("2022-09-01", "management.azure.com")).toMatchObject({
      name: "AzureCloud",
      resourceManager: ARM,
      authentication: { loginEndpoint: "https://login.microsoftonline.com" },
    });
  });

  test("in no other version", async () => {
    const reply = await send(management, { path: "/metadata/endpoints?api-version=1999-01-01" });
    expect(outcome(reply)).toBe("400 InvalidApiVersionParameter");
  });
});

describe("Graph", () => {
  test("knows its own audience, and that an application is no user", async () => {
    for (const resource of ["https://graph.microsoft.com/", `https://localhost:${management.main.port}/`]) {
      const reply = await ask(nobody, "/v1.0/me", { resource });
      expect(outcome(reply)).toBe("400 BadRequest");
      expect(reply.json.error.innerError["request-id"]).toBe(reply.headers["request-id"]);
    }
    expect(outcome(await ask(nobody, "/v1.0/me"))).toBe("401 InvalidAuthenticationToken");
    expect(outcome(await send(management, { path: "/v1.0/users" }))).toBe("401 InvalidAuthenticationToken");
  });
});

test("a token ends with its hour", async () => {
  const token = await tokenOf(reader);
  management.advance(3_700_000);
  const headers = { authorization: `Bearer ${token}` };
  const reply = await send(management, { path: `${farm}?${BATCH_VERSION}`, headers });
  expect(outcome(reply)).toBe("401 ExpiredAuthenticationToken");
  tokens.clear();
});

test("nothing of all this was an error of the service's own", () => {
  expect(management.log).toEqual([]);
});
