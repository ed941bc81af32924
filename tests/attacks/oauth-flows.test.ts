/** RFC 9700, "Best Current Practice for OAuth 2.0 Security", point by point: codes and refresh tokens in the wrong hands. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { userSessionsRevoke } from "../../src/app/directory/user.ts";
import { AZURE_CLI_APP_ID } from "../../src/wire/entra/first-party.ts";
import { TestBrowser } from "../wire/browser.fixture.ts";
import {
  authorizeUrl,
  BATCH_SCOPE,
  openSignInDoor,
  pkce,
  redeem,
  refresh,
  type SignInDoor,
  signInForCode,
  tokenRequest,
  WEB_REDIRECT,
} from "../wire/entra/sign-in.fixture.ts";
import { postForm, type RawReply } from "../wire/raw-request.fixture.ts";

let door: SignInDoor;
beforeAll(async () => {
  door = await openSignInDoor();
});
afterAll(() => door?.close());

const said = ({ status, json }: RawReply) => (status === 200 ? 200 : json.error_codes?.[0]);
const codeOf = async (parameters: Record<string, string> = {}) =>
  (await signInForCode(door, parameters)).answer.get("code") ?? "";

test("a redirect URI that only looks like the registered one gets the code", async () => {
  for (const uri of [
    `${WEB_REDIRECT}/`,
    `${WEB_REDIRECT}/more`,
    `${WEB_REDIRECT}?more`,
    `${WEB_REDIRECT}#more`,
    `${WEB_REDIRECT}/../elsewhere`,
    `${WEB_REDIRECT}%2f..%2felsewhere`,
    "https://web.example/BACK",
    "http://web.example/back",
    "https://web.example:8443/back",
    "https://web.example.evil.example/back",
    "https://web.example@evil.example/back",
    "https://evil.example/back?https://web.example/back",
    "https://evil.example\\@web.example/back",
    "http://localhost.evil.example:5005/back",
    "http://localhost:5005@evil.example/back",
    "http://localhost:5005/other",
    "http://127.0.0.2:5005/back",
    "https://localhost:5005/back",
    "javascript:alert(1)//web.example/back",
  ]) {
    const page = await new TestBrowser(door).open(authorizeUrl(door, { redirect_uri: uri }));
    expect([uri, page.left, page.text.includes("AADSTS50011")]).toEqual([uri, undefined, true]);
  }
});

test("a stolen code is redeemed without the verifier that its client holds", async () => {
  const { challenge } = pkce();
  const bound = { code_challenge: challenge, code_challenge_method: "S256" };
  expect(said(await redeem(door, await codeOf(bound)))).toBe(501481);
  // The challenge was in the URL: sent as a verifier it is no proof.
  expect(said(await redeem(door, await codeOf(bound), { code_verifier: challenge }))).toBe(501481);
  // A code that was planted has no challenge; its victim's verifier gives that away.
  expect(said(await redeem(door, await codeOf(), { code_verifier: pkce().verifier }))).toBe(501481);
});

test("a code is redeemed a second time, and what the first time brought goes on", async () => {
  const code = await codeOf();
  const { json } = await redeem(door, code);
  expect(said(await redeem(door, code))).toBe(54005);
  expect(said(await refresh(door, json.refresh_token))).toBe(50173);
});

test("a stolen refresh token, and what it brought beside its owner's, outlives the end of the owner's sessions", async () => {
  const stolen = (await redeem(door, await codeOf())).json.refresh_token;
  const owners = (await refresh(door, stolen)).json.refresh_token;
  const thiefs = (await refresh(door, stolen)).json.refresh_token;
  expect(said(await refresh(door, owners))).toBe(200);
  door.advance(1_000);
  await userSessionsRevoke(door.directory, door.tenantId, door.ann.objectId, door.clock());
  for (const token of [stolen, owners, thiefs]) expect(said(await refresh(door, token))).toBe(50173);
});

test("a code or refresh token is used by another client, at another tenant, or for another address", async () => {
  const other = { client_id: AZURE_CLI_APP_ID };
  expect(said(await redeem(door, await codeOf(), other))).toBe(70000);
  expect(said(await redeem(door, await codeOf(), {}, { tenant: door.otherTenantId }))).toBe(700005);
  expect(said(await redeem(door, await codeOf(), { redirect_uri: "http://localhost:5006/back" }))).toBe(
    500112,
  );
  const { refresh_token } = (await redeem(door, await codeOf())).json;
  expect(said(await refresh(door, refresh_token, other))).toBe(70000);
  expect(said(await refresh(door, refresh_token, {}, door.otherTenantId))).toBe(50020);
});

test("a device code that one user approved is redeemed by another program, or twice", async () => {
  const own = { client_id: door.app.appId };
  const device = (
    await postForm(door, `/${door.tenantId}/oauth2/v2.0/devicecode`, { ...own, scope: BATCH_SCOPE })
  ).json;
  const browser = new TestBrowser(door);
  const entry = await browser.open(device.verification_uri);
  const page = await browser.submit(entry, "code", { user_code: device.user_code });
  // Whoever was sent a code in a letter sees for which program it is before anything is given.
  const shown = await browser.submit(page, "sign-in", {
    username: "ann@test.example",
    password: door.password,
  });
  expect(shown.text).toContain(door.app.displayName);
  await browser.agree(shown, { username: "ann@test.example", password: door.password });
  const poll = (form: Record<string, string>) =>
    tokenRequest(door, { grant_type: "device_code", device_code: device.device_code, ...form });
  expect(said(await poll({ client_id: AZURE_CLI_APP_ID }))).toBe(70018);
  expect(said(await poll(own))).toBe(200);
  expect(said(await poll(own))).toBe(70018);
});

test("parameters are given twice, for two readers", async () => {
  const twice = `${authorizeUrl(door)}&redirect_uri=${encodeURIComponent("https://evil.example/")}`;
  const page = await new TestBrowser(door).open(twice);
  expect([page.left, page.text.includes("AADSTS9000411")]).toEqual([undefined, true]);
  const body = `grant_type=client_credentials&client_id=${door.clientId}&client_id=${door.app.appId}`;
  expect(said(await postForm(door, `/${door.tenantId}/oauth2/v2.0/token`, body))).toBe(9000411);
});
