/** Users' sign-in, step by step over HTTP: what each flow gives. */
import { randomUUID } from "node:crypto";
import { createLocalJWKSet, decodeJwt, jwtVerify } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { applicationUpdate } from "../../../src/app/directory/application.ts";
import { delegatedGrantList } from "../../../src/app/directory/delegated-grant.ts";
import { AZURE_CLI_APP_ID } from "../../../src/wire/entra/first-party.ts";
import { hiddenFields, TestBrowser } from "../browser.fixture.ts";
import { postForm, send } from "../raw-request.fixture.ts";
import {
  authorizeUrl,
  BATCH,
  BATCH_SCOPE,
  openSignInDoor,
  pkce,
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
afterAll(() => door.close());

const account = () => ({ username: "ann@test.example", password: door.password });

test("a user signs in, consents once, and the code gives access, id and refresh token", async () => {
  const browser = new TestBrowser(door);
  const { verifier, challenge } = pkce();
  const url = authorizeUrl(door, { code_challenge: challenge, code_challenge_method: "S256", nonce: "n-1" });
  const signIn = await browser.open(url);
  expect(signIn.text).toContain("An application");
  const consent = await browser.submit(signIn, "sign-in", account());
  expect(consent.text).toContain("Access Azure Batch Service");
  expect(consent.text).toContain("Unverified publisher");
  const { left } = await browser.submit(consent, "accept");
  expect(left?.href.startsWith(REDIRECT)).toBe(true);
  expect(left?.searchParams.get("state")).toBe("s t&te");

  const code = left?.searchParams.get("code") ?? "";
  const { json } = await redeem(door, code, { code_verifier: verifier, client_info: "1" });
  expect(json).toMatchObject({ token_type: "Bearer", expires_in: 3599 });
  expect(json.scope.split(" ")).toContain(`${BATCH}/.default`);
  expect(decodeJwt(json.access_token)).toMatchObject({
    aud: BATCH,
    scp: "user_impersonation",
    oid: door.ann.objectId,
    upn: "ann@test.example",
    appid: door.app.appId,
    appidacr: "0",
    tid: door.tenantId,
  });
  const keys = (await send(door, { path: `/${door.tenantId}/discovery/v2.0/keys` })).json;
  const origin = `https://localhost:${door.main.port}`;
  const { payload } = await jwtVerify(json.id_token, createLocalJWKSet(keys), {
    audience: door.app.appId,
    issuer: `${origin}/${door.tenantId}/v2.0`,
  });
  expect(payload).toMatchObject({ nonce: "n-1", preferred_username: "ann@test.example", ver: "2.0" });
  const info = JSON.parse(Buffer.from(json.client_info, "base64url").toString());
  expect(info).toEqual({ uid: door.ann.objectId, utid: door.tenantId });

  // Signed in and consented: the next time the browser is sent straight back.
  expect((await browser.open(url)).left?.searchParams.get("code")).toBeTruthy();
  const silent = await browser.open(authorizeUrl(door, { prompt: "none" }));
  expect(silent.left?.searchParams.get("code")).toBeTruthy();

  const next = await refresh(door, json.refresh_token);
  expect(next.json.refresh_token).not.toBe(json.refresh_token);
  expect(decodeJwt(next.json.access_token).aud).toBe(BATCH);
});

test("v1 asks for a resource, and gets strings, a refresh token and an id token", async () => {
  const { answer } = await signInForCode(door, { scope: undefined, resource: BATCH }, "common");
  const code = answer.get("code") ?? "";
  const { json } = await redeem(door, code, { resource: BATCH }, { tenant: "common" });
  expect(json).toMatchObject({ expires_in: "3599", resource: BATCH, scope: "user_impersonation" });
  expect(decodeJwt(json.id_token)).toMatchObject({ ver: "1.0", upn: "ann@test.example" });
  expect(json.refresh_token).toBeTruthy();
});

test.each([
  [{ prompt: "none" }, "login_required", 50058],
  [{ prompt: "none", login_hint: "someone@test.example" }, "login_required", 50058],
])("silently and not signed in, %o says so", async (parameters, error, code) => {
  const { left } = await new TestBrowser(door).open(authorizeUrl(door, parameters));
  expect(left?.searchParams.get("error")).toBe(error);
  expect(left?.searchParams.get("error_description")).toContain(`AADSTS${code}`);
});

test("prompt=login asks again, select_account offers the session, login_hint names the user", async () => {
  const browser = new TestBrowser(door);
  await signInForCode(door, {}, door.tenantId, browser);
  expect((await browser.open(authorizeUrl(door, { prompt: "login" }))).text).toContain('name="password"');
  const choose = await browser.open(authorizeUrl(door, { prompt: "select_account" }));
  expect(choose.text).toContain("ann@test.example");
  expect((await browser.submit(choose, "other-account")).text).toContain('name="password"');
  const hint = await new TestBrowser(door).open(authorizeUrl(door, { login_hint: "bob@test.example" }));
  expect(hint.text).toContain('value="bob@test.example"');
});

test("the answer comes by fragment or by a posted form where that is asked for", async () => {
  const { visit } = await signInForCode(door, { response_mode: "fragment" });
  expect(visit.left?.hash).toMatch(/^#code=[\w-]+&session_state=[\w-]{36}&state=/);
  const hybrid = { response_type: "code id_token", nonce: "n", redirect_uri: WEB_REDIRECT };
  const { visit: form } = await signInForCode(door, { ...hybrid, response_mode: "form_post" });
  const fields = hiddenFields(form.text);
  expect(form.text).toContain(`action="${WEB_REDIRECT}"`);
  expect(decodeJwt(fields.id_token ?? "")).toMatchObject({ nonce: "n", c_hash: expect.any(String) });
  expect(form.headers["content-security-policy"]).toContain("script-src 'self'");
});

test("declining consent sends the browser back with access_denied", async () => {
  const app = await door.register({
    publicClient: { redirectUris: ["http://localhost/back"] },
    requiredResourceAccess: door.app.registration.requiredResourceAccess,
  });
  const browser = new TestBrowser(door);
  const page = await browser.open(authorizeUrl(door, { client_id: app.appId }));
  const consent = await browser.submit(page, "sign-in", account());
  const { left } = await browser.submit(consent, "decline");
  expect(left?.searchParams.get("error")).toBe("access_denied");
  expect(left?.searchParams.get("error_description")).toContain("AADSTS65004");
});

test("an administrator may consent for everyone, who is then asked no more", async () => {
  const app = await door.register({
    publicClient: { redirectUris: ["http://localhost/back"] },
    requiredResourceAccess: door.app.registration.requiredResourceAccess,
  });
  const browser = new TestBrowser(door);
  const path = `/${door.tenantId}/v2.0/adminconsent`;
  const query = new URLSearchParams({ client_id: app.appId, redirect_uri: REDIRECT, state: "x" });
  const url = `http://localhost:${door.plain.port}${path}?${query}`;
  const refused = await new TestBrowser(door).signIn(url, account());
  expect(refused.left?.searchParams.get("error_description")).toContain("AADSTS90094");
  const { left } = await browser.signIn(url, { username: "admin@test.example", password: door.password });
  expect(Object.fromEntries(left?.searchParams ?? [])).toEqual({
    admin_consent: "True",
    tenant: door.tenantId,
    state: "x",
  });
  const password = await tokenRequest(door, {
    grant_type: "password",
    client_id: app.appId,
    scope: BATCH_SCOPE,
    ...account(),
  });
  expect(password.json.error_codes).toBeUndefined();
  const grants = await delegatedGrantList(door.directory, door.tenantId);
  expect(grants.filter(({ principalId }) => principalId === null).length).toBeGreaterThan(1);
});

test.each([
  ["urn:ietf:params:oauth:grant-type:device_code", "device_code", "v2"],
  ["device_code", "device_code", "v2"],
  ["device_code", "code", "v1"],
])("a device signs in with the grant %s and the parameter %s, %s", async (grantType, parameter, version) => {
  const client = { client_id: AZURE_CLI_APP_ID };
  const what = version === "v1" ? { resource: BATCH } : { scope: BATCH_SCOPE };
  const path = version === "v1" ? "oauth2/devicecode" : "oauth2/v2.0/devicecode";
  const { json: codes } = await postForm(door, `/organizations/${path}`, { ...client, ...what });
  expect(codes.message).toContain(codes.user_code);
  // Each version has a word of its own for it, and not the other's.
  const [told, other] =
    version === "v1" ? ["verification_url", "verification_uri"] : ["verification_uri", "verification_url"];
  expect([codes[told ?? ""], codes[other ?? ""]]).toEqual([
    expect.stringMatching(/\/devicelogin$/),
    undefined,
  ]);
  const poll = () =>
    postForm(door, `/organizations/oauth2/${version === "v1" ? "" : "v2.0/"}token`, {
      ...client,
      grant_type: grantType,
      [parameter]: codes.device_code,
    });
  expect((await poll()).json).toMatchObject({ error: "authorization_pending", error_codes: [70016] });
  expect((await poll()).json).toMatchObject({ error: "slow_down" });

  const browser = new TestBrowser(door);
  const entry = await browser.open(codes[told ?? ""]);
  expect((await browser.submit(entry, "code", { user_code: "WRONGCODE" })).text).toContain("not valid");
  const typed = codes.user_code.toLowerCase().replace(/^(...)/, "$1-");
  let page = await browser.submit(entry, "code", { user_code: typed });
  page = await browser.submit(page, "sign-in", account());
  expect(page.text).toContain("Are you trying to sign in to Microsoft Azure CLI?");
  page = await browser.submit(page, "confirm");
  expect(page.text).toContain("You have signed in");
  const { json } = await poll();
  expect(decodeJwt(json.access_token)).toMatchObject({ aud: BATCH, scp: "user_impersonation" });
  expect(json.refresh_token).toBeTruthy();
  expect((await poll()).json.error_codes).toEqual([70018]);
});

test("a device whose user cancels is told so, and one whose time is over too", async () => {
  const begin = async () =>
    (
      await postForm(door, "/common/oauth2/v2.0/devicecode", {
        client_id: AZURE_CLI_APP_ID,
        scope: BATCH_SCOPE,
      })
    ).json;
  const poll = (code: string) =>
    tokenRequest(
      door,
      { grant_type: "device_code", client_id: AZURE_CLI_APP_ID, device_code: code },
      "common",
    );
  const cancelled = await begin();
  const browser = new TestBrowser(door);
  const entry = await browser.open(cancelled.verification_uri);
  let page = await browser.submit(entry, "code", { user_code: cancelled.user_code });
  page = await browser.submit(page, "sign-in", account());
  await browser.submit(page, "decline");
  expect((await poll(cancelled.device_code)).json.error).toBe("authorization_declined");
  const late = await begin();
  door.advance(901_000);
  expect((await poll(late.device_code)).json.error).toBe("expired_token");
});

test("the password grant works after user realm discovery, which knows our domains alone", async () => {
  const realm = async (user: string) =>
    (await send(door, { path: `/common/userrealm/${user}?api-version=1.0` })).json.account_type;
  expect(await realm("ann@test.example")).toBe("Managed");
  expect(await realm("x@nowhere.example")).toBe("Unknown");
  const form = { grant_type: "password", client_id: AZURE_CLI_APP_ID, scope: BATCH_SCOPE, ...account() };
  const { json } = await tokenRequest(door, form, "organizations");
  expect(decodeJwt(json.access_token)).toMatchObject({ aud: BATCH, oid: door.ann.objectId });
});

test("a service exchanges its user's token for one to Batch, if that was consented to", async () => {
  const api = await door.register({
    requiredResourceAccess: door.app.registration.requiredResourceAccess,
    api: {
      oauth2PermissionScopes: [
        {
          id: "55555555-5555-4555-8555-555555555555",
          value: "use",
          type: "User",
          isEnabled: true,
          adminConsentDisplayName: "Use the API",
          adminConsentDescription: "Use it.",
          userConsentDisplayName: null,
          userConsentDescription: null,
        },
      ],
      preAuthorizedApplications: [],
    },
  });
  const registration = { identifierUris: [`api://${api.appId}`] };
  await applicationUpdate(door.directory, door.tenantId, api.appId, { registration });
  const secret = await door.secretFor(api.appId);
  const scope = `api://${api.appId}/use`;
  const { answer } = await signInForCode(door, { scope });
  const front = await redeem(door, answer.get("code") ?? "", { scope });
  expect(decodeJwt(front.json.access_token)).toMatchObject({ aud: api.appId, scp: "use", ver: "2.0" });
  const exchange = () =>
    tokenRequest(door, {
      grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
      requested_token_use: "on_behalf_of",
      client_id: api.appId,
      client_secret: secret,
      assertion: front.json.access_token,
      scope: `${BATCH}/.default`,
    });
  expect((await exchange()).json).toMatchObject({ error_codes: [65001], suberror: "consent_required" });
  const query = new URLSearchParams({ client_id: api.appId });
  const consentUrl = `http://localhost:${door.plain.port}/${door.tenantId}/adminconsent?${query}`;
  await new TestBrowser(door).signIn(consentUrl, { username: "admin@test.example", password: door.password });
  const { json } = await exchange();
  expect(decodeJwt(json.access_token)).toMatchObject({ aud: BATCH, oid: door.ann.objectId, appidacr: "1" });
});

test("userinfo and the id token call the user by the same name", async () => {
  const { answer } = await signInForCode(door, { scope: "openid profile" });
  const { json } = await redeem(door, answer.get("code") ?? "");
  const headers = { authorization: `Bearer ${json.access_token}` };
  const info = await send(door, { path: `/${door.tenantId}/openid/userinfo`, headers });
  expect(info.json).toMatchObject({ sub: decodeJwt(json.id_token).sub, name: "ann" });
  const none = await send(door, { path: "/common/openid/userinfo" });
  expect([none.status, none.headers["www-authenticate"]]).toEqual([401, "Bearer"]);
});

test("signing out ends the session, and leads back only to the application's own address", async () => {
  const browser = new TestBrowser(door);
  await signInForCode(door, {}, door.tenantId, browser);
  const out = `http://localhost:${door.plain.port}/common/oauth2/v2.0/logout?client_id=${door.app.appId}`;
  const stay = await browser.open(
    `${out}&post_logout_redirect_uri=${encodeURIComponent("https://evil.example/")}`,
  );
  expect([stay.status, stay.left]).toEqual([200, undefined]);
  const { left } = await browser.open(authorizeUrl(door, { prompt: "none" }));
  expect(left?.searchParams.get("error")).toBe("login_required");
  const back = await browser.open(
    `${out}&post_logout_redirect_uri=${encodeURIComponent(SPA_REDIRECT)}&state=1`,
  );
  expect(back.left?.href).toBe(`${SPA_REDIRECT}?state=1`);
});

test("a page's script redeems its code across origins, and only with its challenge", async () => {
  const { verifier, challenge } = pkce();
  const request = { redirect_uri: SPA_REDIRECT, code_challenge: challenge, code_challenge_method: "S256" };
  const form = { redirect_uri: SPA_REDIRECT, code_verifier: verifier };
  const headers = { origin: "https://spa.example" };
  const { answer } = await signInForCode(door, request);
  const code = answer.get("code") ?? "";
  expect((await redeem(door, code, form)).json.error_codes).toEqual([9002327]);
  const elsewhere = { headers: { origin: "https://evil.example" } };
  expect((await redeem(door, code, form, elsewhere)).json.error_codes).toEqual([9002326]);
  const reply = await redeem(door, code, form, { headers });
  expect(reply.headers["access-control-allow-origin"]).toBe("https://spa.example");
  expect(reply.json.refresh_token).toBeTruthy();
});

test("a script reads replies to an application of its page, refusals included, and no others", async () => {
  const path = `/${door.tenantId}/oauth2/v2.0/token`;
  const allowed = (reply: { headers: Readonly<Record<string, unknown>> }) =>
    reply.headers["access-control-allow-origin"];
  const from = (origin: string, tenant = door.tenantId) =>
    redeem(door, "not a code", { redirect_uri: SPA_REDIRECT }, { tenant, headers: { origin } });
  expect(allowed(await from("https://spa.example"))).toBe("https://spa.example");
  expect(allowed(await from("https://spa.example", "common"))).toBe("https://spa.example");
  for (const origin of ["https://evil.example", "https://spa.example.evil", "http://spa.example", "null"])
    expect(allowed(await from(origin)), origin).toBeUndefined();
  // Registered, but not as a page's.
  expect(allowed(await from(new URL(WEB_REDIRECT).origin))).toBeUndefined();
  const headers = { origin: "https://spa.example" };
  const unknown = { client_id: randomUUID(), grant_type: "refresh_token", refresh_token: "x" };
  expect(allowed(await tokenRequest(door, unknown, door.tenantId, headers))).toBeUndefined();
  const device = await postForm(
    door,
    "/common/oauth2/v2.0/devicecode",
    { client_id: door.app.appId },
    headers,
  );
  expect(allowed(device)).toBeUndefined();

  const asks = { ...headers, "access-control-request-headers": "x-client-sku, content-type" };
  const preflight = await send(door, { method: "OPTIONS", path, headers: asks });
  expect([preflight.status, allowed(preflight)]).toEqual([204, "https://spa.example"]);
  expect(preflight.headers["access-control-allow-headers"]).toBe("x-client-sku, content-type");
});
