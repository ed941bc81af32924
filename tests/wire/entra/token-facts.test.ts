/** What the real token service answers, fact by fact, where a library, a program or a validator would notice. */
import { randomUUID } from "node:crypto";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { federatedCredentialAdd } from "../../../src/app/directory/federated-credential.ts";
import { servicePrincipalUpdate } from "../../../src/app/directory/service-principal.ts";
import { AZURE_CLI_APP_ID, GRAPH_APP_ID, GRAPH_USER_READ_ID } from "../../../src/wire/entra/first-party.ts";
import { TestBrowser } from "../browser.fixture.ts";
import { postForm, send } from "../raw-request.fixture.ts";
import {
  authorizeUrl,
  BATCH,
  BATCH_PERMISSION,
  BATCH_SCOPE,
  openSignInDoor,
  REDIRECT,
  redeem,
  refresh,
  type SignInDoor,
  SPA_REDIRECT,
  signInForCode,
  tokenRequest,
  WEB_REDIRECT,
} from "./sign-in.fixture.ts";

let door: SignInDoor;
beforeAll(async () => {
  door = await openSignInDoor();
});
afterAll(() => door?.close());

const get = async (path: string, host?: string) => send(door, { path, ...(host !== undefined && { host }) });
const account = () => ({ username: "ann@test.example", password: door.password });

test("a refusal is one line", async () => {
  const { json } = await tokenRequest(door, { grant_type: "nothing" });
  expect(json.error_description).toMatch(
    /^AADSTS70003: [^\r\n]+ Trace ID: \S{36} Correlation ID: \S{36} Timestamp: \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/,
  );
});

test("keys name an issuer in version 2 and none in version 1, and no algorithm in either", async () => {
  for (const [path, issuer] of [
    [`/${door.tenantId}/discovery/keys`, undefined],
    ["/common/discovery/keys", undefined],
    [`/${door.tenantId}/discovery/v2.0/keys`, `https://localhost:${door.main.port}/${door.tenantId}/v2.0`],
    ["/common/discovery/v2.0/keys", `https://localhost:${door.main.port}/{tenantid}/v2.0`],
  ]) {
    const [key] = (await get(path ?? "")).json.keys;
    expect([path, key.issuer, key.alg, key.use]).toEqual([path, issuer, undefined, "sig"]);
  }
});

test("discovery promises no challenge methods, and a failed one can be read by any page", async () => {
  const { json } = await get(`/${door.tenantId}/v2.0/.well-known/openid-configuration`);
  expect(json.code_challenge_methods_supported).toBeUndefined();
  const personal = await get("/consumers/v2.0/.well-known/openid-configuration");
  expect(personal.json.issuer).toMatch(/\/9188040d-6c67-4c5b-b112-36a304b66dad\/v2\.0$/);
  const failed = await get(`/${randomUUID()}/v2.0/.well-known/openid-configuration`);
  expect([failed.status, failed.headers["access-control-allow-origin"]]).toEqual([400, "*"]);
});

test("a token begins five minutes ago and lives 3900 seconds, of which the reply promises 3599", async () => {
  const form = { grant_type: "password", client_id: AZURE_CLI_APP_ID, ...account() };
  const { json } = await tokenRequest(door, { ...form, scope: BATCH_SCOPE });
  const now = Math.floor(door.clock() / 1000);
  for (const token of [json.access_token, json.id_token]) {
    const { iat = 0, nbf = 0, exp = 0 } = decodeJwt(token);
    expect([iat - nbf, exp - iat, Math.abs(now - iat - 300) < 5]).toEqual([0, 3900, true]);
  }
  expect(json.expires_in).toBe(3599);
  const v1 = (await tokenRequest(door, { ...form, resource: BATCH })).json;
  expect(Number(v1.expires_on) - Number(v1.not_before)).toBe(3900);
});

test("offline_access is told in neither scope nor scp", async () => {
  const { json } = await tokenRequest(door, {
    grant_type: "password",
    client_id: AZURE_CLI_APP_ID,
    scope: "https://graph.microsoft.com/.default offline_access",
    ...account(),
  });
  expect(json.refresh_token).toBeTruthy();
  expect([json.scope, decodeJwt(json.access_token).scp].join(" ")).not.toContain("offline_access");
});

test("/consumers serves nobody here: there are no personal accounts", async () => {
  const password = { grant_type: "password", client_id: AZURE_CLI_APP_ID, scope: BATCH_SCOPE, ...account() };
  expect((await tokenRequest(door, password, "consumers")).json.error_codes).toEqual([9001023]);
  const device = { client_id: door.app.appId, scope: BATCH_SCOPE };
  const refused = await postForm(door, "/consumers/oauth2/v2.0/devicecode", device);
  expect([refused.status, refused.json.error, refused.json.error_codes]).toEqual([
    400,
    "unauthorized_client",
    [9002332],
  ]);
  const page = await new TestBrowser(door).open(authorizeUrl(door, {}, "consumers"));
  expect([page.left, page.text.includes("9002332")]).toEqual([undefined, true]);
  const { answer } = await signInForCode(door);
  const { json } = await redeem(door, answer.get("code") ?? "");
  expect((await refresh(door, json.refresh_token, {}, "consumers")).json.error_codes).toEqual([9002332]);
});

test("numbers and statuses of refusals", async () => {
  const said = async (form: Record<string, string>, tenant?: string) => {
    const { status, json } = await tokenRequest(door, form, tenant);
    return [status, json.error, json.error_codes[0]];
  };
  const scope = `${BATCH}/.default`;
  expect(await said({ grant_type: "client_credentials", scope })).toEqual([401, "invalid_client", 7000216]);
  const password = { grant_type: "password", client_id: AZURE_CLI_APP_ID, scope: BATCH_SCOPE, ...account() };
  expect(await said(password, "common")).toEqual([400, "invalid_request", 9001023]);
  const assertion = {
    grant_type: "client_credentials",
    client_id: door.clientId,
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: "garbage",
    scope,
  };
  expect(await said(assertion)).toEqual([400, "invalid_request", 50027]);
});

test("a token that is to be bound to a key is refused, not given unbound", async () => {
  const form = {
    grant_type: "client_credentials",
    client_id: door.clientId,
    client_secret: door.clientSecret,
  };
  for (const bound of [{ token_type: "pop", req_cnf: "eyJraWQiOiJ4In0" }, { req_cnf: "eyJraWQiOiJ4In0" }]) {
    const { status, json } = await tokenRequest(door, { ...form, scope: `${BATCH}/.default`, ...bound });
    expect([status, json.error_codes]).toEqual([400, [90013]]);
  }
});

test("a code is given for scopes of two resources, and a token for those of one", async () => {
  const app = await door.register({
    publicClient: { redirectUris: [REDIRECT] },
    isFallbackPublicClient: true,
    requiredResourceAccess: [
      BATCH_PERMISSION,
      { resourceAppId: GRAPH_APP_ID, resourceAccess: [{ id: GRAPH_USER_READ_ID, type: "Scope" }] },
    ],
  });
  const client = { client_id: app.appId };
  const scope = `openid offline_access ${BATCH}/user_impersonation https://graph.microsoft.com/User.Read`;
  const { answer } = await signInForCode(door, { ...client, scope });
  const both = await redeem(door, answer.get("code") ?? "", { ...client, scope });
  expect([both.json.error, both.json.error_codes]).toEqual(["invalid_scope", [28000]]);
  const one = await redeem(door, answer.get("code") ?? "", { ...client });
  expect(decodeJwt(one.json.access_token).aud).toBe(BATCH);
  // The other was consented to at once.
  const other = await refresh(door, one.json.refresh_token, {
    ...client,
    scope: "https://graph.microsoft.com/User.Read",
  });
  expect(decodeJwt(other.json.access_token).aud).toBe("https://graph.microsoft.com");
});

test("who declines, and who is asked nothing, is told so in the words of the real service", async () => {
  const app = await door.register({
    publicClient: { redirectUris: [REDIRECT] },
    requiredResourceAccess: [BATCH_PERMISSION],
  });
  const browser = new TestBrowser(door);
  const page = await browser.open(authorizeUrl(door, { client_id: app.appId }));
  const consent = await browser.submit(page, "sign-in", account());
  const silent = await browser.open(authorizeUrl(door, { client_id: app.appId, prompt: "none" }));
  expect(silent.left?.searchParams.get("error")).toBe("interaction_required");
  const { left } = await browser.submit(consent, "decline");
  expect(left?.searchParams.get("error_subcode")).toBe("cancel");
  expect(left?.searchParams.get("error_uri")).toContain("65004");
});

test("signing out leads back to an application's page without naming it, and to no other", async () => {
  const out = (uri: string) =>
    `http://localhost:${door.plain.port}/common/oauth2/v2.0/logout?post_logout_redirect_uri=${encodeURIComponent(uri)}`;
  const browser = new TestBrowser(door);
  await signInForCode(door, {}, door.tenantId, browser);
  expect((await browser.open(out(SPA_REDIRECT))).left?.href).toBe(SPA_REDIRECT);
  // Nobody is signed in any more.
  expect((await browser.open(out(SPA_REDIRECT))).left).toBeUndefined();
  await signInForCode(door, {}, door.tenantId, browser);
  expect((await browser.open(out("https://evil.example/"))).left).toBeUndefined();
});

test("an id token has the issuer of the metadata that led to it, whatever name the pages go by", async () => {
  const host = "login.microsoftonline.com";
  const { json } = await get(`/${door.tenantId}/v2.0/.well-known/openid-configuration`, host);
  const query = new URL(
    authorizeUrl(door, { response_type: "id_token", nonce: "n", redirect_uri: WEB_REDIRECT }),
  ).search;
  const visit = await new TestBrowser(door).signIn(`${json.authorization_endpoint}${query}`, account());
  const answer = new URLSearchParams(visit.left?.hash.slice(1));
  expect(decodeJwt(answer.get("id_token") ?? "").iss).toBe(json.issuer);
  expect(json.issuer).toBe(`https://${host}/${door.tenantId}/v2.0`);
});

test("a token for the exchange is an application's credential as long as its principal may act", async () => {
  const { directory, tenantId } = door;
  const identity = await door.register({});
  const secret = await door.secretFor(identity.appId);
  const own = { grant_type: "client_credentials", client_id: identity.appId, client_secret: secret };
  const exchange = "api://AzureADTokenExchange";
  const { json } = await tokenRequest(door, { ...own, scope: `${exchange}/.default` });
  const principal = (await directory.client(tenantId, identity.appId))?.objectId ?? "";
  const issuer = `https://login.microsoftonline.com/${tenantId}/v2.0`;
  expect(decodeJwt(json.access_token)).toMatchObject({
    iss: issuer,
    ver: "2.0",
    aud: exchange,
    sub: principal,
  });
  door.issuerKeys.push(...door.keys.published.map((key) => ({ ...key })));
  const app = await door.register({});
  const credential = { name: "identity", description: null, issuer, subject: principal, audience: exchange };
  await federatedCredentialAdd(directory, app.appId, credential);
  const present = async () =>
    (
      await tokenRequest(door, {
        grant_type: "client_credentials",
        client_id: app.appId,
        client_assertion: json.access_token,
        client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        scope: `${BATCH}/.default`,
      })
    ).status;
  expect(await present()).toBe(200);
  await servicePrincipalUpdate(directory, tenantId, identity.appId, { enabled: false });
  expect(await present()).toBe(401);
});
