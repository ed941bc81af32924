/**
 * The exchange of ADAL for .NET, as the documents' samples cause it: instance discovery, v1 authorize, v1 token, and a call of Batch. By hand, for
 * there is no .NET here; under Azure's names, which the samples have written in.
 */
import { randomUUID } from "node:crypto";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  AZURE_CLI_APP_ID,
  BATCH_APP_ID,
  BATCH_USER_IMPERSONATION_ID,
} from "../../../src/wire/entra/first-party.ts";
import { TestBrowser } from "../browser.fixture.ts";
import { type Door, type RawReply, send, sendTo } from "../raw-request.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";

const BATCH = "https://batch.core.windows.net/";
const LOGIN = "login.microsoftonline.com";
const REDIRECT = "http://mybatchdatasample";
const FORM = { "content-type": "application/x-www-form-urlencoded" };

let service: RunningService;
let door: Door;
let clientId: string;
beforeAll(async () => {
  service = await runningService();
  door = { main: { port: Number(new URL(service.ready.login).port) }, ca: service.ca };
  clientId = await registerNative();
});
afterAll(() => service?.close());

/** What ADAL tells of itself, and wants to have repeated. */
const adal = () => ({
  "x-client-sku": "PCL.Desktop",
  "x-client-ver": "3.19.8.16603",
  "client-request-id": randomUUID(),
  "return-client-request-id": "true",
});

test("a user: the native application of the sample lists the account's jobs", async () => {
  await expectDiscovered("common");
  const query = new URLSearchParams({
    resource: BATCH,
    client_id: clientId,
    response_type: "code",
    haschrome: "1",
    redirect_uri: REDIRECT,
    ...adal(),
  });
  const account = { username: service.ready.username ?? "", password: service.ready.password ?? "" };
  const browser = new TestBrowser(service);
  const { left, text } = await browser.signIn(
    `${service.ready.login}/common/oauth2/authorize?${query}`,
    account,
  );
  expect(left?.origin, text).toBe(REDIRECT);

  const form = { resource: BATCH, client_id: clientId, client_info: "1" };
  const code = left?.searchParams.get("code") ?? "";
  const redeemed = await token("common", {
    ...form,
    grant_type: "authorization_code",
    code,
    redirect_uri: REDIRECT,
  });
  expect(redeemed).toMatchObject({
    token_type: "Bearer",
    resource: BATCH,
    scope: "user_impersonation",
    expires_in: expect.stringMatching(/^\d+$/),
    expires_on: expect.stringMatching(/^\d+$/),
  });
  expect(decodeJwt(redeemed.id_token)).toMatchObject({
    upn: account.username,
    tid: service.ready.tenantId,
    oid: expect.any(String),
  });
  expect(await jobs(redeemed.access_token)).toEqual([200, []]);

  const again = { ...form, grant_type: "refresh_token", refresh_token: redeemed.refresh_token };
  const refreshed = await token(service.ready.tenantId, again);
  expect(await jobs(refreshed.access_token)).toEqual([200, []]);
});

test("a service principal: the sample's key lists the account's jobs", async () => {
  const { tenantId, clientId: client_id, clientSecret } = service.ready;
  await expectDiscovered(tenantId);
  const issued = await token(tenantId, {
    resource: BATCH,
    client_id: client_id ?? "",
    client_secret: clientSecret ?? "",
    client_info: "1",
    grant_type: "client_credentials",
  });
  expect(issued).toMatchObject({ token_type: "Bearer", resource: BATCH });
  expect(decodeJwt(issued.access_token)).toMatchObject({ aud: BATCH, appid: client_id, appidacr: "1" });
  expect(await jobs(issued.access_token)).toEqual([200, []]);
});

async function expectDiscovered(tenant: string): Promise<void> {
  const endpoint = encodeURIComponent(`https://${LOGIN}/${tenant}/oauth2/authorize`);
  const path = `/common/discovery/instance?api-version=1.1&authorization_endpoint=${endpoint}`;
  const headers = adal();
  const { status, json } = await send(door, { host: LOGIN, path, headers });
  expect(status).toBe(200);
  expect(json.tenant_discovery_endpoint).toBe(`https://${LOGIN}/${tenant}/.well-known/openid-configuration`);
  expect(json.metadata[0]).toMatchObject({ preferred_network: LOGIN, preferred_cache: "login.windows.net" });
}

async function token(tenant: string, form: Record<string, string>): Promise<RawReply["json"]> {
  const headers = { ...FORM, ...adal() };
  const body = new URLSearchParams(form).toString();
  const path = `/${tenant}/oauth2/token`;
  const reply = await send(door, { method: "POST", host: LOGIN, path, headers, body });
  expect([reply.status, reply.headers["client-request-id"]], reply.text).toEqual([
    200,
    headers["client-request-id"],
  ]);
  return reply.json;
}

async function jobs(accessToken: string): Promise<[status: number, jobs: unknown]> {
  const { account, location } = service.ready;
  const host = `${account}.${location}.batch.azure.com`;
  const headers = { authorization: `Bearer ${accessToken}` };
  const { status, json } = await send(door, { host, path: "/jobs?api-version=2018-12-01.8.0", headers });
  return [status, json.value];
}

/** As the documents have it done in the portal: a native application, and the permission of the Batch API. */
async function registerNative(): Promise<string> {
  const { login, graph, tenantId, username, password } = service.ready;
  const form = {
    grant_type: "password",
    client_id: AZURE_CLI_APP_ID,
    username: username ?? "",
    password: password ?? "",
    scope: "https://graph.microsoft.com/.default",
  };
  const path = `/${tenantId}/oauth2/v2.0/token`;
  const body = new URLSearchParams(form).toString();
  const signedIn = await sendTo(new URL(login), service.ca, { method: "POST", path, headers: FORM, body });
  const authorization = `Bearer ${signedIn.json.access_token}`;
  const registered = await sendTo(new URL(graph), service.ca, {
    method: "POST",
    path: "/v1.0/applications",
    headers: { authorization, "content-type": "application/json" },
    body: JSON.stringify({
      displayName: "Batch data sample",
      publicClient: { redirectUris: [REDIRECT] },
      requiredResourceAccess: [
        { resourceAppId: BATCH_APP_ID, resourceAccess: [{ id: BATCH_USER_IMPERSONATION_ID, type: "Scope" }] },
      ],
      signInAudience: "AzureADMultipleOrgs",
    }),
  });
  expect(registered.status, registered.text).toBe(201);
  return registered.json.appId;
}
