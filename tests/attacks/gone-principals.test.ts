/** Whoever was dismissed goes on: with tokens, and with signatures made by token, that were given out before. */
import { randomUUID } from "node:crypto";
import { ContainerSASPermissions, generateBlobSASQueryParameters, SASProtocol } from "@azure/storage-blob";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  AZURE_CLI_APP_ID,
  BATCH_APP_ID,
  BATCH_USER_IMPERSONATION_ID,
} from "../../src/wire/entra/first-party.ts";
import { CONTRIBUTOR, STORAGE_BLOB_DATA_CONTRIBUTOR } from "../../src/wire/rbac/built-in-roles.ts";
import { BatchClient } from "../wire/batch-client.fixture.ts";
import { postForm, type RawReply, send } from "../wire/raw-request.fixture.ts";
import { type RunningService, runningService } from "../wire/running-service.fixture.ts";

const GRAPH = "https://graph.microsoft.com";
const ARM = "https://management.azure.com/";
const STORAGE = "https://storage.azure.com";
const BATCH = "https://batch.core.windows.net/";
const BLOBS = "mystorageaccount.blob.core.windows.net";

let service: RunningService;
let batch: BatchClient;
let admin: Record<"graph" | "arm", string>;
const door = () => ({ main: { port: Number(new URL(service.ready.management).port) }, ca: service.ca });

beforeAll(async () => {
  service = await runningService();
  batch = await BatchClient.connect(service);
  const { username, password } = service.ready;
  const tokenFor = (resource: string) => userToken(username ?? "", password ?? "", resource);
  admin = { graph: await tokenFor(GRAPH), arm: await tokenFor(ARM) };
});
afterAll(async () => {
  batch?.close();
  await service?.close();
});

const tokenRequest = async (form: Record<string, string>) => {
  const reply = await postForm(door(), `/${service.ready.tenantId}/oauth2/token`, form);
  if (reply.status !== 200) throw new Error(`no token: ${reply.text}`);
  return reply.json.access_token as string;
};
const userToken = (username: string, password: string, resource: string, client = AZURE_CLI_APP_ID) =>
  tokenRequest({ grant_type: "password", client_id: client, username, password, resource });
const applicationToken = (clientId: string, secret: string, resource: string) =>
  tokenRequest({ grant_type: "client_credentials", client_id: clientId, client_secret: secret, resource });

async function call(method: string, host: string, path: string, token: string | undefined, body?: object) {
  const headers = {
    ...(token && { authorization: `Bearer ${token}` }),
    ...(body && { "content-type": "application/json" }),
    ...(host === BLOBS && { "x-ms-version": "2021-12-02" }),
  };
  return send(door(), { method, host, path, headers, ...(body && { body: JSON.stringify(body) }) });
}
const graph = (method: string, path: string, body?: object) =>
  call(method, "graph.microsoft.com", `/v1.0${path}`, admin.graph, body);
const made = ({ status, json, text }: RawReply) => {
  if (status !== 201 && status !== 200) throw new Error(`${status} ${text}`);
  return json;
};

async function assignRoles(principalId: string, principalType: string): Promise<void> {
  const scope = `/subscriptions/${service.ready.subscriptionId}`;
  for (const role of [CONTRIBUTOR, STORAGE_BLOB_DATA_CONTRIBUTOR]) {
    const path = `${scope}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}?api-version=2022-04-01`;
    const roleDefinitionId = `${scope}/providers/Microsoft.Authorization/roleDefinitions/${role.name}`;
    const properties = { roleDefinitionId, principalId, principalType };
    made(await call("PUT", "management.azure.com", path, admin.arm, { properties }));
  }
}

async function newUser(): Promise<{ id: string; userPrincipalName: string; password: string }> {
  const password = `pw-${randomUUID()}`;
  const userPrincipalName = `user-${randomUUID()}@${service.ready.username?.split("@")[1]}`;
  const passwordProfile = { password, forceChangePasswordNextSignIn: false };
  const body = {
    accountEnabled: true,
    displayName: "Someone",
    mailNickname: "x",
    userPrincipalName,
    passwordProfile,
  };
  const { id } = made(await graph("POST", "/users", body));
  await assignRoles(id, "User");
  return { id, userPrincipalName, password };
}

async function newApplication(more: object = {}) {
  const { id, appId } = made(await graph("POST", "/applications", { displayName: "Something", ...more }));
  const principal = made(await graph("POST", "/servicePrincipals", { appId }));
  const { secretText } = made(await graph("POST", `/applications/${id}/addPassword`, {}));
  await assignRoles(principal.id, "ServicePrincipal");
  return { appId, secret: secretText as string, principalId: principal.id as string };
}

/** Statuses of ARM, Batch and blobs, each asked with its own token. */
async function asked(tokens: Record<"arm" | "batch" | "storage", string>): Promise<number[]> {
  const { subscriptionId } = service.ready;
  const groups = `/subscriptions/${subscriptionId}/resourcegroups?api-version=2021-04-01`;
  const replies = await Promise.all([
    call("GET", "management.azure.com", groups, tokens.arm),
    call("GET", "management.azure.com", "/subscriptions?api-version=2021-01-01", tokens.arm),
    batch.as(tokens.batch).send("GET", "/jobs"),
    call("GET", BLOBS, "/?comp=list", tokens.storage),
  ]);
  return replies.map(({ status }) => status);
}
const OPEN = [200, 200, 200, 200];
const SHUT = [401, 401, 401, 401];

test("a dismissed user keeps management, Batch and blobs until the token's end", async () => {
  const { id, userPrincipalName, password } = await newUser();
  const tokenFor = (resource: string) => userToken(userPrincipalName, password, resource);
  const tokens = { arm: await tokenFor(ARM), batch: await tokenFor(BATCH), storage: await tokenFor(STORAGE) };
  expect(await asked(tokens)).toEqual(OPEN);
  await graph("PATCH", `/users/${id}`, { accountEnabled: false });
  expect(await asked(tokens)).toEqual(SHUT);
  await graph("PATCH", `/users/${id}`, { accountEnabled: true });
  expect(await asked(tokens)).toEqual(OPEN);
  await graph("DELETE", `/users/${id}`);
  expect(await asked(tokens)).toEqual(SHUT);
});

test("a disabled or deleted service principal keeps management, Batch and blobs until the token's end", async () => {
  const { appId, secret, principalId } = await newApplication();
  const tokenFor = (resource: string) => applicationToken(appId, secret, resource);
  const tokens = { arm: await tokenFor(ARM), batch: await tokenFor(BATCH), storage: await tokenFor(STORAGE) };
  expect(await asked(tokens)).toEqual(OPEN);
  await graph("PATCH", `/servicePrincipals/${principalId}`, { accountEnabled: false });
  expect(await asked(tokens)).toEqual(SHUT);
  await graph("PATCH", `/servicePrincipals/${principalId}`, { accountEnabled: true });
  expect(await asked(tokens)).toEqual(OPEN);
  await graph("DELETE", `/servicePrincipals/${principalId}`);
  expect(await asked(tokens)).toEqual(SHUT);
});

test("an application that was thrown out goes on with its users' tokens", async () => {
  const { id, userPrincipalName, password } = await newUser();
  const { appId, principalId } = await newApplication({
    isFallbackPublicClient: true,
    requiredResourceAccess: [
      { resourceAppId: BATCH_APP_ID, resourceAccess: [{ id: BATCH_USER_IMPERSONATION_ID, type: "Scope" }] },
    ],
  });
  const resourceId = made(await graph("GET", `/servicePrincipals(appId='${BATCH_APP_ID}')`)).id;
  const scope = "user_impersonation";
  const grant = { clientId: principalId, resourceId, consentType: "Principal", principalId: id, scope };
  made(await graph("POST", "/oauth2PermissionGrants", grant));
  const phished = batch.as(await userToken(userPrincipalName, password, BATCH, appId));
  expect((await phished.send("GET", "/jobs")).status).toBe(200);
  await graph("PATCH", `/servicePrincipals/${principalId}`, { accountEnabled: false });
  expect((await phished.send("GET", "/jobs")).status).toBe(401);
  await graph("DELETE", `/servicePrincipals/${principalId}`);
  expect((await phished.send("GET", "/jobs")).status).toBe(401);
});

test("a deleted principal's delegation SAS opens blobs for a week", async () => {
  const { appId, secret, principalId } = await newApplication();
  const token = await applicationToken(appId, secret, STORAGE);
  expect((await call("PUT", BLOBS, "/kept?restype=container", token)).status).toBe(201);
  const signed = await delegationSas(token);
  const list = () => call("GET", BLOBS, `/kept?restype=container&comp=list&${signed}`, undefined);
  expect((await list()).status).toBe(200);
  await graph("PATCH", `/servicePrincipals/${principalId}`, { accountEnabled: false });
  expect((await list()).status).toBe(403);
  await graph("DELETE", `/servicePrincipals/${principalId}`);
  expect((await list()).status).toBe(403);
});

async function delegationSas(token: string): Promise<string> {
  const [startsOn, expiresOn] = [new Date(Date.now() - 60_000), new Date(Date.now() + 6 * 86_400_000)];
  const reply = await send(door(), {
    method: "POST",
    host: BLOBS,
    path: "/?restype=service&comp=userdelegationkey",
    headers: {
      authorization: `Bearer ${token}`,
      "x-ms-version": "2021-12-02",
      "content-type": "application/xml",
    },
    body: `<KeyInfo><Start>${startsOn.toISOString()}</Start><Expiry>${expiresOn.toISOString()}</Expiry></KeyInfo>`,
  });
  const text = (name: string) => new RegExp(`<${name}>([^<]*)<`).exec(reply.text)?.[1] ?? "";
  const key = {
    signedObjectId: text("SignedOid"),
    signedTenantId: text("SignedTid"),
    signedStartsOn: new Date(text("SignedStart")),
    signedExpiresOn: new Date(text("SignedExpiry")),
    signedService: text("SignedService"),
    signedVersion: text("SignedVersion"),
    value: text("Value"),
  };
  const asked = {
    containerName: "kept",
    permissions: ContainerSASPermissions.parse("rl"),
    startsOn,
    expiresOn,
    protocol: SASProtocol.Https,
    version: "2021-12-02",
  };
  return generateBlobSASQueryParameters(asked, key, "mystorageaccount").toString();
}
