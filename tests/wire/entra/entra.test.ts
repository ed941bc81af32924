import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { ClientSecretCredential, type TokenCredentialOptions } from "@azure/identity";
import { createLocalJWKSet, decodeJwt, jwtVerify } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { secretAdd } from "../../../src/app/directory/client-secret.ts";
import { type FrontDoor, openFrontDoor } from "../front-door.fixture.ts";
import { postForm, send } from "../raw-request.fixture.ts";

const BATCH = "https://batch.core.windows.net/";
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
let door: FrontDoor;
let origin: string;

beforeAll(async () => {
  door = await openFrontDoor();
  origin = `https://localhost:${door.main.port}`;
});
afterAll(() => door.close());

const secretForm = () => ({
  grant_type: "client_credentials",
  client_id: door.clientId,
  client_secret: door.clientSecret,
});
const v1Form = () => ({ ...secretForm(), resource: BATCH });
const v2Form = () => ({ ...secretForm(), scope: `${BATCH}/.default` });
const v1Path = () => `/${door.tenantId}/oauth2/token`;
const v2Path = () => `/${door.tenantId}/oauth2/v2.0/token`;

test("a v1 request gets strings, its resource and a token for just that audience", async () => {
  const reply = await postForm(door, v1Path(), v1Form());
  expect(reply.status).toBe(200);
  expect(reply.headers).toMatchObject({ "cache-control": "no-store", pragma: "no-cache" });
  const { access_token, expires_on, not_before, ...rest } = reply.json;
  expect(rest).toEqual({
    token_type: "Bearer",
    expires_in: "3599",
    ext_expires_in: "3599",
    resource: BATCH,
  });
  expect(Number(expires_on) - Number(not_before)).toBe(3900);
  expect(decodeJwt(access_token)).toMatchObject({
    aud: BATCH,
    iss: `https://sts.windows.net/${door.tenantId}/`,
    oid: door.servicePrincipalId,
    appid: door.clientId,
    tid: door.tenantId,
    exp: Number(expires_on),
  });
});

test("a v2 request gets numbers, and nothing of the v1 reply", async () => {
  const reply = await postForm(door, v2Path(), v2Form());
  const { access_token, ...rest } = reply.json;
  expect(rest).toEqual({ token_type: "Bearer", expires_in: 3599, ext_expires_in: 3599 });
  expect(decodeJwt(access_token).aud).toBe(BATCH);
});

test("on ADFS-style paths the request decides the shape", async () => {
  expect((await postForm(door, "/adfs/oauth2/token", v1Form())).json.expires_in).toBe("3599");
  const v2 = await postForm(door, "/adfs/oauth2/token/", v2Form());
  expect(v2.json.expires_in).toBe(3599);
  expect(decodeJwt(v2.json.access_token).tid).toBe(door.tenantId);
});

test.each([
  ["https://batch.core.windows.net//.default", "https://batch.core.windows.net/"],
  ["https://batch.core.windows.net/.default", "https://batch.core.windows.net"],
  ["https://management.core.windows.net//.default openid profile", "https://management.core.windows.net/"],
  ["00000003-0000-0000-c000-000000000000/.default", "00000003-0000-0000-c000-000000000000"],
  ["https://acct.blob.core.windows.net/.default", "https://acct.blob.core.windows.net"],
  ["https://localhost:20001//.default", "https://localhost:20001/"],
])("scope %s asks for audience %s", async (scope, audience) => {
  const reply = await postForm(door, v2Path(), { ...secretForm(), scope });
  expect(decodeJwt(reply.json.access_token).aud).toBe(audience);
});

test("Basic authentication serves as well as the body, with both halves form-encoded", async () => {
  const odd = "a+b c:d%é";
  const secret = { keyId: "odd", secret: odd, displayName: null, startAt: door.clock(), endAt: null };
  await secretAdd(door.directory, door.clientId, secret);
  const basic = Buffer.from(`${door.clientId}:${encodeURIComponent(odd)}`).toString("base64");
  const form = { grant_type: "client_credentials", resource: BATCH };
  const reply = await postForm(door, v1Path(), form, { authorization: `Basic ${basic}` });
  expect(reply.status).toBe(200);
  const broken = await postForm(door, v1Path(), form, { authorization: "Basic !!!" });
  expect(broken.json.error_codes).toEqual([90013]);
  expect((await postForm(door, v1Path(), { ...v1Form(), client_secret: odd })).status).toBe(200);
});

test("the published keys verify the token", async () => {
  const { access_token } = (await postForm(door, v1Path(), v1Form())).json;
  for (const path of ["discovery/keys", "discovery/v2.0/keys"]) {
    for (const tenant of [door.tenantId, "common", "adfs"]) {
      const document = (await send(door, { path: `/${tenant}/${path}` })).json;
      const { payload } = await jwtVerify(access_token, createLocalJWKSet(document));
      expect(payload.tid).toBe(door.tenantId);
      expect(Object.keys(document.keys[0])).not.toContain("d");
    }
  }
});

interface Refusal {
  readonly name: string;
  readonly path?: string;
  readonly form: Record<string, string> | string;
  readonly status: number;
  readonly error: string;
  readonly code: number;
}

const credentials = "grant_type=client_credentials&client_id=CLIENT&client_secret=SECRET";
const refusals: readonly Refusal[] = [
  {
    name: "an unknown tenant",
    path: "/nobody.example/oauth2/token",
    form: "grant_type=client_credentials",
    status: 400,
    error: "invalid_request",
    code: 90002,
  },
  {
    name: "a malformed tenant",
    path: "/%20/oauth2/token",
    form: "",
    status: 400,
    error: "invalid_request",
    code: 900023,
  },
  {
    name: "the nil tenant",
    path: "/00000000-0000-0000-0000-000000000000/oauth2/token",
    form: "",
    status: 400,
    error: "invalid_request",
    code: 900021,
  },
  { name: "no grant type", form: "client_id=x", status: 400, error: "invalid_request", code: 900144 },
  { name: "an empty grant type", form: "grant_type=", status: 400, error: "invalid_request", code: 900144 },
  {
    name: "another grant",
    form: "grant_type=implicit",
    status: 400,
    error: "unsupported_grant_type",
    code: 70003,
  },
  {
    name: "neither client id nor secret",
    form: "grant_type=client_credentials",
    status: 401,
    error: "invalid_client",
    code: 7000216,
  },
  {
    name: "no client id",
    form: "grant_type=client_credentials&client_secret=x",
    status: 400,
    error: "invalid_request",
    code: 900144,
  },
  {
    name: "a parameter twice",
    form: `${credentials}&resource=a&resource=b`,
    status: 400,
    error: "invalid_request",
    code: 9000411,
  },
  {
    name: "an unknown application",
    form: "grant_type=client_credentials&client_id=nobody&client_secret=x&resource=a",
    status: 400,
    error: "unauthorized_client",
    code: 700016,
  },
  {
    name: "no secret",
    form: "grant_type=client_credentials&client_id=CLIENT&resource=a",
    status: 401,
    error: "invalid_client",
    code: 7000216,
  },
  {
    name: "a wrong secret",
    form: "grant_type=client_credentials&client_id=CLIENT&client_secret=wrong&resource=a",
    status: 401,
    error: "invalid_client",
    code: 7000215,
  },
  {
    name: "an unknown resource",
    form: `${credentials}&resource=https://vault.azure.net`,
    status: 400,
    error: "invalid_resource",
    code: 500011,
  },
  {
    name: "a resource that only looks like ours",
    form: `${credentials}&resource=https://localhost.evil.example/`,
    status: 400,
    error: "invalid_resource",
    code: 500011,
  },
  { name: "no resource", form: credentials, status: 400, error: "invalid_request", code: 900144 },
  {
    name: "no scope",
    path: "/adfs/oauth2/v2.0/token",
    form: credentials,
    status: 400,
    error: "invalid_request",
    code: 90014,
  },
  {
    name: "a resource at the v2 endpoint",
    path: "/adfs/oauth2/v2.0/token",
    form: `${credentials}&resource=${BATCH}`,
    status: 400,
    error: "invalid_request",
    code: 901002,
  },
  {
    name: "a delegated scope",
    form: `${credentials}&scope=${BATCH}user_impersonation`,
    status: 400,
    error: "invalid_scope",
    code: 1002012,
  },
  {
    name: "no resource in the scope",
    form: `${credentials}&scope=/.default`,
    status: 400,
    error: "invalid_scope",
    code: 1002012,
  },
  {
    name: "two resources",
    form: `${credentials}&scope=a/.default b/.default`,
    status: 400,
    error: "invalid_scope",
    code: 28000,
  },
  {
    name: "an application signing in on /common",
    path: "/common/oauth2/token",
    form: `${credentials}&resource=${BATCH}`,
    status: 400,
    error: "invalid_request",
    code: 50059,
  },
];

test.each(refusals)("$name is AADSTS$code", async ({ path = v1Path(), form, status, error, code }) => {
  const body = String(form).replace("CLIENT", door.clientId).replace("SECRET", door.clientSecret);
  const reply = await postForm(door, path, body);
  expect(reply.status).toBe(status);
  expect(reply.json).toMatchObject({ error, error_codes: [code] });
  const { error_description, trace_id, correlation_id, timestamp } = reply.json;
  expect(error_description).toMatch(
    new RegExp(
      `^AADSTS${code}: .+ Trace ID: ${trace_id} Correlation ID: [0-9a-f-]{36} Timestamp: [-0-9]+ [:0-9]+Z$`,
    ),
  );
  expect(error_description).toContain(` Correlation ID: ${correlation_id} Timestamp: ${timestamp}`);
  expect(trace_id).toMatch(GUID);
  expect(timestamp).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/);
  expect(reply.text).not.toContain(door.clientSecret);
});

test("an expired secret is told from a wrong one, and expires on time", async () => {
  const endAt = door.clock() + 60_000;
  const secret = { keyId: "short", secret: "short-lived", displayName: null, startAt: door.clock(), endAt };
  await secretAdd(door.directory, door.clientId, secret);
  const form = { ...v1Form(), client_secret: "short-lived" };
  expect((await postForm(door, v1Path(), form)).status).toBe(200);
  door.advance(60_000);
  expect((await postForm(door, v1Path(), form)).json).toMatchObject({ error_codes: [7000222] });
});

test("a client's request id comes back where it asks for it, and nothing else it sent", async () => {
  const id = "01234567-89ab-4def-8123-456789abcdef";
  const ids = { "client-request-id": id, "return-client-request-id": "true" };
  const ok = await postForm(door, v1Path(), v1Form(), ids);
  expect(ok.headers["client-request-id"]).toBe(id);
  expect((await postForm(door, v1Path(), "", ids)).json.correlation_id).toBe(id);
  const odd = await postForm(door, v1Path(), "", { ...ids, "client-request-id": "<script>" });
  expect(odd.headers["client-request-id"]).toBeUndefined();
  expect(odd.json.correlation_id).toMatch(GUID);
});

test("an oversized form is refused with 413 in this plane's shape", async () => {
  const reply = await postForm(door, v1Path(), `grant_type=${"x".repeat(200_000)}`);
  expect(reply.status).toBe(413);
  expect(reply.json).toMatchObject({ error: "invalid_request", error_codes: [] });
});

test("a body of another type holds no parameters", async () => {
  const body = JSON.stringify(v1Form());
  const headers = { "content-type": "application/json" };
  const reply = await send(door, { method: "POST", path: v1Path(), headers, body });
  expect(reply.json.error_codes).toEqual([900144]);
});

test("a body without a type is read as a form", async () => {
  const body = new URLSearchParams(v1Form()).toString();
  const reply = await send(door, { method: "POST", path: v1Path(), body });
  expect([reply.status, reply.json.token_type]).toEqual([200, "Bearer"]);
});

test("unknown endpoints are 404, wrong methods 405", async () => {
  expect((await send(door, { path: "/common/oauth2/nothing" })).status).toBe(404);
  const get = await send(door, { path: v1Path() });
  expect([get.status, get.json.error_codes]).toEqual([405, [900561]]);
});

test.each([
  [
    "TENANT/v2.0",
    "ORIGIN/TENANT/v2.0",
    "ORIGIN/TENANT/oauth2/v2.0/token",
    "ORIGIN/TENANT/discovery/v2.0/keys",
  ],
  [
    "test.example/v2.0",
    "ORIGIN/TENANT/v2.0",
    "ORIGIN/TENANT/oauth2/v2.0/token",
    "ORIGIN/TENANT/discovery/v2.0/keys",
  ],
  ["TENANT", "https://sts.windows.net/TENANT/", "ORIGIN/TENANT/oauth2/token", "ORIGIN/TENANT/discovery/keys"],
  [
    "common/v2.0",
    "ORIGIN/{tenantid}/v2.0",
    "ORIGIN/common/oauth2/v2.0/token",
    "ORIGIN/common/discovery/v2.0/keys",
  ],
  [
    "common",
    "https://sts.windows.net/{tenantid}/",
    "ORIGIN/common/oauth2/token",
    "ORIGIN/common/discovery/keys",
  ],
  ["adfs", "ORIGIN/adfs", "ORIGIN/adfs/oauth2/token", "ORIGIN/adfs/discovery/keys"],
])("discovery of %s", async (authority, issuer, tokenEndpoint, keys) => {
  for (const host of [`localhost:${door.main.port}`, "login.microsoftonline.com"]) {
    const fill = (text: string) =>
      text.replaceAll("TENANT", door.tenantId).replaceAll("ORIGIN", `https://${host}`);
    const reply = await send(door, { host, path: fill(`/${authority}/.well-known/openid-configuration`) });
    expect(reply.json).toMatchObject({
      issuer: fill(issuer),
      token_endpoint: fill(tokenEndpoint),
      jwks_uri: fill(keys),
    });
  }
});

test("discovery of an unknown tenant says invalid_tenant", async () => {
  const reply = await send(door, { path: "/nobody.example/v2.0/.well-known/openid-configuration" });
  expect(reply.status).toBe(400);
  expect(reply.json).toMatchObject({ error: "invalid_tenant", error_codes: [90002] });
});

test("instance discovery knows the public cloud and ourselves, and refuses strangers", async () => {
  const ask = (authorizationEndpoint: string) =>
    send(door, {
      path: `/common/discovery/instance?api-version=1.1&authorization_endpoint=${encodeURIComponent(authorizationEndpoint)}`,
    });
  const cloud = await ask("https://login.microsoftonline.com/common/oauth2/authorize");
  expect(cloud.json.tenant_discovery_endpoint).toBe(
    "https://login.microsoftonline.com/common/.well-known/openid-configuration",
  );
  expect(cloud.json.metadata[0].aliases).toContain("login.windows.net");
  const own = await ask(`${origin}/contoso/oauth2/v2.0/authorize`);
  expect(own.json.tenant_discovery_endpoint).toBe(`${origin}/contoso/v2.0/.well-known/openid-configuration`);
  for (const stranger of ["https://evil.example/t/oauth2/authorize", "http://localhost/t/", "nonsense"]) {
    expect((await ask(stranger)).json).toMatchObject({ error: "invalid_instance", error_codes: [50049] });
  }
});

test.each([
  ["in adfs mode", () => "adfs", {}],
  ["with a tenant and instance discovery off", () => door.tenantId, { disableInstanceDiscovery: true }],
])("@azure/identity signs in directly %s", async (_, tenant, options) => {
  const credential = new ClientSecretCredential(tenant(), door.clientId, door.clientSecret, {
    authorityHost: origin,
    ...options,
    ...trustingTheDoor(),
  });
  const { token, expiresOnTimestamp } = await credential.getToken(`${BATCH}/.default`);
  expect(decodeJwt(token)).toMatchObject({ aud: BATCH, oid: door.servicePrincipalId });
  expect(expiresOnTimestamp).toBeGreaterThan(door.clock() - 60_000);
});

test("an unchanged program with @azure/identity signs in through the proxy", async () => {
  const program = `
    import { ClientSecretCredential } from "@azure/identity";
    const [tenantId, clientId, secret] = JSON.parse(process.env.SIGN_IN);
    const credential = new ClientSecretCredential(tenantId, clientId, secret);
    console.log((await credential.getToken("https://management.azure.com/.default")).token);`;
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", program], {
    env: {
      HTTPS_PROXY: `http://127.0.0.1:${door.proxy.port}`,
      NODE_EXTRA_CA_CERTS: door.caFile,
      SIGN_IN: JSON.stringify([door.tenantId, door.clientId, door.clientSecret]),
    },
  });
  expect(decodeJwt(stdout.trim())).toMatchObject({ aud: "https://management.azure.com", tid: door.tenantId });
});

test("@azure/identity reports the code of a wrong secret", async () => {
  const credential = new ClientSecretCredential("adfs", door.clientId, "wrong", {
    authorityHost: origin,
    ...trustingTheDoor(),
  });
  await expect(credential.getToken(`${BATCH}/.default`)).rejects.toThrow("AADSTS7000215");
});

function trustingTheDoor(): TokenCredentialOptions {
  return { tlsOptions: { ca: door.ca }, retryOptions: { maxRetries: 0 } } as TokenCredentialOptions;
}
