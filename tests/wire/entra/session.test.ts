/** A browser's session at its two ends: the password that must be changed first, and the applications that hear of the sign-out. */
import { randomUUID } from "node:crypto";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { applicationUpdate } from "../../../src/app/directory/application.ts";
import { userCreate } from "../../../src/app/directory/user.ts";
import { AZURE_CLI_APP_ID } from "../../../src/wire/entra/first-party.ts";
import { TestBrowser, type Visit } from "../browser.fixture.ts";
import { send } from "../raw-request.fixture.ts";
import {
  authorizeUrl,
  BATCH_SCOPE,
  openSignInDoor,
  redeem,
  type SignInDoor,
  signInForCode,
  tokenRequest,
  WEB_REDIRECT,
} from "./sign-in.fixture.ts";

let door: SignInDoor;
beforeAll(async () => {
  door = await openSignInDoor();
});
afterAll(() => door?.close());

const FIRST = "given by somebody";
const CHOSEN = "chosen by oneself";

test("a user whose password must be changed can do that, and nothing else before", async () => {
  const username = "new@test.example";
  const profile = { forceChangePasswordNextSignIn: true };
  const given = { userPrincipalName: username, displayName: "New", password: FIRST, profile };
  await userCreate(door.directory, door.tenantId, given, door.clock());
  const byPassword = (password: string) =>
    tokenRequest(door, {
      grant_type: "password",
      client_id: AZURE_CLI_APP_ID,
      scope: BATCH_SCOPE,
      username,
      password,
    });
  const refused = await byPassword(FIRST);
  expect([refused.status, refused.json.error, refused.json.error_codes, refused.json.suberror]).toEqual([
    400,
    "invalid_grant",
    [50055],
    "user_password_expired",
  ]);
  // A stranger is told no more than that the password is wrong.
  expect((await byPassword("another one")).json.error_codes).toEqual([50126]);

  const browser = new TestBrowser(door);
  const entry = await browser.open(authorizeUrl(door));
  const page = await browser.submit(entry, "sign-in", { username, password: FIRST });
  expect(page.text).toContain("Update your password");
  const silent = await browser.open(authorizeUrl(door, { prompt: "none" }));
  expect(silent.left?.searchParams.get("error")).toBe("login_required");
  const choose = (from: Visit, password: string, chosen: string, again = chosen) =>
    browser.submit(from, "change-password", { password, new_password: chosen, new_password_again: again });
  for (const [present, chosen, again] of [
    ["another one", CHOSEN, CHOSEN],
    [FIRST, CHOSEN, "chosen otherwise"],
    [FIRST, FIRST, FIRST],
    [FIRST, "short", "short"],
  ] as const) {
    const still = await choose(page, present, chosen, again);
    expect([still.left, still.text.includes('role="alert"')]).toEqual([undefined, true]);
  }
  const signedIn = await browser.agree(await choose(page, FIRST, CHOSEN), { username, password: CHOSEN });
  expect(signedIn.left?.searchParams.get("code")).toBeTruthy();
  expect((await byPassword(CHOSEN)).status).toBe(200);
  expect((await byPassword(FIRST)).json.error_codes).toEqual([50126]);
});

test("each application that was signed in to hears of the sign-out, in a frame, and only then the browser goes on", async () => {
  const told = await door.register({
    web: {
      ...door.app.registration.web,
      logoutUrl: "https://told.example/out?x=1",
      redirectUris: [WEB_REDIRECT],
    },
    requiredResourceAccess: door.app.registration.requiredResourceAccess,
    optionalClaims: {
      idToken: [{ name: "sid", source: null, essential: false, additionalProperties: [] }],
      accessToken: [],
      saml2Token: [],
    },
  });
  const other = await door.register({
    web: { ...door.app.registration.web, logoutUrl: "https://other.example/out" },
  });
  const browser = new TestBrowser(door);
  const asked = { client_id: told.appId, redirect_uri: WEB_REDIRECT };
  const { answer } = await signInForCode(door, asked, door.tenantId, browser);
  const client = { ...asked, client_secret: await door.secretFor(told.appId) };
  const { json } = await redeem(door, answer.get("code") ?? "", client);
  const { sid } = decodeJwt(json.id_token);
  expect(sid).toBe(answer.get("session_state"));
  const again = await tokenRequest(door, {
    grant_type: "refresh_token",
    refresh_token: json.refresh_token,
    client_id: told.appId,
    client_secret: client.client_secret,
  });
  expect(decodeJwt(again.json.id_token).sid).toBe(sid);

  const out = `http://localhost:${door.plain.port}/common/oauth2/v2.0/logout?${new URLSearchParams({
    post_logout_redirect_uri: WEB_REDIRECT,
    client_id: told.appId,
  })}`;
  const page = await browser.open(out);
  expect(page.left).toBeUndefined();
  const frames = [...page.text.matchAll(/<iframe src="([^"]+)"/g)].map(([, url = ""]) =>
    url.replaceAll("&amp;", "&"),
  );
  expect(frames).toHaveLength(1);
  const frame = new URL(frames[0] ?? "");
  expect([frame.origin, frame.searchParams.get("x"), frame.searchParams.get("sid")]).toEqual([
    "https://told.example",
    "1",
    sid,
  ]);
  expect(frame.searchParams.get("iss")).toMatch(new RegExp(`/${door.tenantId}/v2\\.0$`));
  expect(String(page.headers["content-security-policy"])).toContain("frame-src https://told.example;");
  expect(page.text).toContain(`<a id="onward" href="${WEB_REDIRECT}">`);
  const script = /<script src="([^"]+)">/.exec(page.text)?.[1] ?? "";
  expect((await send(door, { path: script })).text).toContain("location.replace");
  expect(page.text).not.toContain(other.appId);
  // Nobody is signed in any more, so nobody is told again.
  expect((await browser.open(out)).left?.href).toBe(WEB_REDIRECT);
});

test("where an application hears of a sign-out is an address of the web", async () => {
  const change = (logoutUrl: string) =>
    applicationUpdate(door.directory, door.tenantId, door.app.appId, {
      registration: { web: { ...door.app.registration.web, logoutUrl } },
    });
  for (const url of ["javascript:alert(1)", "http://far.example/out", `https://${randomUUID()}.example/#x`])
    await expect(change(url)).rejects.toMatchObject({ code: "Request_BadRequest" });
});

test("who has signed in at one address of the service has at the others, and has signed out at all of them", async () => {
  const at = (port: number, scheme: string, parameters = {}) => {
    const url = new URL(authorizeUrl(door, parameters));
    return `${scheme}://localhost:${port}${url.pathname}${url.search}`;
  };
  const byTls = (parameters = {}) => at(door.main.port, "https", parameters);
  const inClear = (parameters = {}) => at(door.plain.port, "http", parameters);
  const silently = async (browser: TestBrowser, url: string) => (await browser.open(url)).left?.searchParams;
  for (const [first, second] of [
    [byTls, inClear],
    [inClear, byTls],
  ] as const) {
    const browser = new TestBrowser(door);
    await browser.signIn(first(), { username: "ann@test.example", password: door.password });
    expect((await silently(browser, second({ prompt: "none" })))?.get("code")).toBeTruthy();
    const out = `${new URL(second()).origin}/common/oauth2/v2.0/logout`;
    expect((await browser.open(out)).status).toBe(200);
    for (const address of [first, second])
      expect((await silently(browser, address({ prompt: "none" })))?.get("error")).toBe("login_required");
  }
});

test("a browser that comes by one of Azure's names is led to the one origin of the pages", async () => {
  const { pathname, search } = new URL(
    authorizeUrl(door, { response_type: "id_token", nonce: "n", state: "s t" }),
  );
  const path = `${pathname}${search}`;
  const led = await send(door, { host: "login.microsoftonline.com", path });
  const { location } = led.headers;
  expect([led.status, location]).toEqual([
    303,
    `http://localhost:${door.plain.port}${pathname}/login.microsoftonline.com${search}`,
  ]);
  const form = new URLSearchParams({ post_logout_redirect_uri: "https://a.example/", state: "1" }).toString();
  const out = "/common/oauth2/v2.0/logout";
  const posted = await send(door, {
    host: "login.microsoftonline.com",
    method: "POST",
    path: out,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: form,
  });
  expect([posted.status, posted.headers.location]).toEqual([303, `${out}?${form}`]);
});
