import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CONTRIBUTOR, OWNER, READER } from "../../../src/wire/rbac/built-in-roles.ts";
import type { RoleDefinition } from "../../../src/wire/rbac/role-definition.ts";
import { sendDescribed } from "../arm-client.fixture.ts";
import {
  type Application,
  application,
  type Management,
  openManagement,
  tenant,
} from "../management.fixture.ts";
import { postForm, type RawReply } from "../raw-request.fixture.ts";

const HOME = randomUUID();
const SUBSCRIPTION = randomUUID();
const group = `/subscriptions/${SUBSCRIPTION}/resourceGroups/Render`;
const TYPE = "Microsoft.ManagedIdentity/userAssignedIdentities";
const VERSION = "api-version=2023-01-31";
const idOf = (name: string) => `${group}/providers/${TYPE}/${name}`;

const contributor = application(HOME);
const owner = application(HOME);
const reader = application(HOME);
const nobody = application(HOME);

let management: Management;

beforeAll(async () => {
  const assign = (to: Application, role: RoleDefinition) => ({
    tenantId: HOME,
    principalId: to.objectId,
    principalType: "ServicePrincipal" as const,
    roleDefinitionId: role.name,
    scope: group,
  });
  const key = Buffer.alloc(64, 1).toString("base64");
  management = await openManagement(
    {
      tenants: [tenant(HOME, [contributor, owner, reader, nobody])],
      subscriptions: [{ subscriptionId: SUBSCRIPTION, tenantId: HOME, displayName: "S" }],
      accounts: [
        {
          subscriptionId: SUBSCRIPTION,
          location: "westeurope",
          name: "farm",
          resourceGroup: "Render",
          primaryKey: key,
          secondaryKey: key,
        },
      ],
      roleAssignments: [assign(contributor, CONTRIBUTOR), assign(owner, OWNER), assign(reader, READER)],
    },
    () => undefined,
  );
});

afterAll(() => management.close());

async function call(
  method: string,
  path: string,
  body?: object,
  as = contributor,
  version = VERSION,
): Promise<RawReply> {
  const token = await postForm(management, `/${HOME}/oauth2/token`, {
    grant_type: "client_credentials",
    client_id: as.clientId,
    client_secret: as.clientSecret,
    resource: "https://management.azure.com/",
  });
  return sendDescribed(management, {
    method,
    path: `${path}?${version}`,
    headers: { authorization: `Bearer ${token.json.access_token}`, "content-type": "application/json" },
    ...(body && { body: JSON.stringify(body) }),
  });
}

const create = (name: string, tags?: object) =>
  call("PUT", idOf(name), { location: "West Europe", ...(tags && { tags }) });

/** Its status and code, which is what clients act on. */
const outcome = ({ status, json }: RawReply) => (status < 400 ? status : `${status} ${json.error.code}`);

describe("a user-assigned identity", () => {
  test("is created once, keeps its ids, and changes its tags", async () => {
    const created = await create("Worker", { a: "1" });
    expect(created.status).toBe(201);
    const { properties, ...resource } = created.json;
    expect(resource).toEqual({
      id: idOf("Worker"),
      name: "Worker",
      type: TYPE,
      location: "westeurope",
      tags: { a: "1" },
    });
    expect(properties.tenantId).toBe(HOME);
    expect(properties.clientId).toMatch(/^[0-9a-f-]{36}$/);
    expect(properties.principalId).not.toBe(properties.clientId);

    const again = await create("WORKER", { b: "2" });
    expect(again.status).toBe(200);
    expect(again.json).toEqual({ ...created.json, tags: { b: "2" } });
    expect((await call("PATCH", idOf("worker"), { tags: { c: "3" } })).json.tags).toEqual({ c: "3" });
    expect((await call("PATCH", idOf("worker"), {})).json.tags).toEqual({ c: "3" });
    expect((await call("GET", idOf("worker"))).json).toEqual({ ...created.json, tags: { c: "3" } });
  });

  test("is listed by group and by subscription to whom it may be", async () => {
    await create("listed");
    const names = async (path: string, as: Application) =>
      (await call("GET", path, undefined, as)).json.value.map(({ name }: { name: string }) => name);
    expect(await names(`${group}/providers/${TYPE}`, reader)).toContain("listed");
    expect(await names(`/subscriptions/${SUBSCRIPTION}/providers/${TYPE}`, reader)).toContain("listed");
    expect(outcome(await call("GET", `${group}/providers/${TYPE}`, undefined, nobody))).toBe(
      "403 AuthorizationFailed",
    );
  });

  test("is a principal that roles are assigned to, until it is deleted", async () => {
    const { principalId } = (await create("principal")).json.properties;
    const assignment = `${group}/providers/Microsoft.Authorization/roleAssignments`;
    const body = {
      properties: {
        principalId,
        roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${READER.name}`,
      },
    };
    const assign = (by: Application) =>
      call("PUT", `${assignment}/${randomUUID()}`, body, by, "api-version=2022-04-01");
    expect(outcome(await assign(owner))).toBe(201);
    expect((await call("DELETE", idOf("principal"))).status).toBe(200);
    expect((await call("DELETE", idOf("principal"))).status).toBe(204);
    expect(outcome(await call("GET", idOf("principal")))).toBe("404 ResourceNotFound");
    expect(outcome(await assign(owner))).toBe("400 PrincipalNotFound");
  });

  test("is refused without location, with a bad name, elsewhere than it is, and to a reader", async () => {
    await create("placed");
    expect(outcome(await call("PUT", idOf("new"), {}))).toBe("400 LocationRequired");
    expect(outcome(await create("a"))).toBe("400 InvalidRequestContent");
    expect(outcome(await create("tagged", { a: 1 }))).toBe("400 InvalidRequestContent");
    expect(outcome(await call("PUT", idOf("placed"), { location: "eastus" }))).toBe(
      "409 InvalidResourceLocation",
    );
    expect(outcome(await call("PUT", idOf("new"), { location: "eastus" }, reader))).toBe(
      "403 AuthorizationFailed",
    );
    expect(outcome(await call("GET", idOf("new")))).toBe("404 ResourceNotFound");
  });

  test("has federated credentials, one for each issuer and subject", async () => {
    await create("federated");
    const path = (name: string) => `${idOf("federated")}/federatedIdentityCredentials/${name}`;
    const properties = { issuer: "https://issuer", subject: "me", audiences: ["api://AzureADTokenExchange"] };
    const created = await call("PUT", path("first"), { properties });
    expect(created.status).toBe(201);
    expect(created.json).toEqual({
      id: path("first"),
      name: "first",
      type: `${TYPE}/federatedIdentityCredentials`,
      properties,
    });
    expect((await call("PUT", path("first"), { properties })).status).toBe(200);
    expect(outcome(await call("PUT", path("second"), { properties }))).toBe("409 FederatedCredentialExists");
    expect(outcome(await call("PUT", path("second"), { properties: { issuer: "i" } }))).toBe(
      "400 InvalidRequestContent",
    );
    expect((await call("GET", path("").slice(0, -1))).json.value).toEqual([created.json]);
    expect((await call("GET", path("FIRST"))).json).toEqual(created.json);
    expect((await call("DELETE", path("first"))).status).toBe(200);
    expect((await call("DELETE", path("first"))).status).toBe(204);
    expect(outcome(await call("GET", path("first")))).toBe("404 ResourceNotFound");
  });
});
