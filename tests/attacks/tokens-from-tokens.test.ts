/** What a revocation ended is made anew: from an access token, a code, a session, a device's approval that is older than it. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { applicationUpdate } from "../../src/app/directory/application.ts";
import { servicePrincipalUpdate } from "../../src/app/directory/service-principal.ts";
import { userPasswordSet, userSessionsRevoke } from "../../src/app/directory/user.ts";
import { TestBrowser } from "../wire/browser.fixture.ts";
import {
  authorizeUrl,
  BATCH_SCOPE,
  openSignInDoor,
  redeem,
  refresh,
  type SignInDoor,
  signInForCode,
  tokenRequest,
} from "../wire/entra/sign-in.fixture.ts";
import { postForm, type RawReply } from "../wire/raw-request.fixture.ts";

let door: SignInDoor;
/** An API between the user's client and Batch, which everyone has consented to. */
let middle: { readonly appId: string; readonly secret: string; readonly scope: string };
beforeAll(async () => {
  door = await openSignInDoor();
  const { directory, tenantId } = door;
  const { appId } = await door.register({
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
  await applicationUpdate(directory, tenantId, appId, {
    registration: { identifierUris: [`api://${appId}`] },
  });
  middle = { appId, secret: await door.secretFor(appId), scope: `api://${appId}/use` };
  const consentUrl = `http://localhost:${door.plain.port}/${tenantId}/adminconsent?client_id=${appId}`;
  const username = "admin@test.example";
  await new TestBrowser(door).signIn(consentUrl, { username, password: door.password });
});
afterAll(() => door?.close());
// Revocation counts milliseconds, and what is issued in the same one as it is not older.
beforeEach(() => door.advance(1_000));

async function revoke(): Promise<void> {
  door.advance(1_000);
  await userSessionsRevoke(door.directory, door.tenantId, door.ann.objectId, door.clock());
  door.advance(1_000);
}
async function resetPassword(): Promise<void> {
  door.advance(1_000);
  await userPasswordSet(door.directory, door.tenantId, door.ann.objectId, door.password, door.clock());
  door.advance(1_000);
}
const said = ({ status, json }: RawReply) => (status === 200 ? 200 : json.error_codes?.[0]);

async function tokenForMiddle(scope = `${middle.scope} offline_access`) {
  const { answer } = await signInForCode(door, { scope });
  return (await redeem(door, answer.get("code") ?? "", { scope })).json;
}
const onBehalfOf = (assertion: string) =>
  tokenRequest(door, {
    grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
    requested_token_use: "on_behalf_of",
    client_id: middle.appId,
    client_secret: middle.secret,
    assertion,
    scope: BATCH_SCOPE,
  });

test("an access token from before revokeSignInSessions buys a refresh token of ninety days, on behalf of its user", async () => {
  const { access_token } = await tokenForMiddle();
  expect(said(await onBehalfOf(access_token))).toBe(200);
  await revoke();
  expect(said(await onBehalfOf(access_token))).toBe(50173);
  expect(said(await onBehalfOf((await tokenForMiddle()).access_token))).toBe(200);
});

test("an access token from before a password reset buys a refresh token of ninety days, on behalf of its user", async () => {
  const { access_token } = await tokenForMiddle();
  await resetPassword();
  expect(said(await onBehalfOf(access_token))).toBe(50173);
});

test("a refresh token bought on behalf of a user is younger than the revocation that it was to die by", async () => {
  const first = await tokenForMiddle();
  door.advance(60_000);
  // A token that is refreshed, and one that is exchanged, are as old as the sign-in behind them.
  const refreshed = (await refresh(door, first.refresh_token, { scope: middle.scope })).json;
  const bought = (await onBehalfOf(refreshed.access_token)).json;
  expect(bought.refresh_token).toBeTruthy();
  await revoke();
  const own = { client_id: middle.appId, client_secret: middle.secret, scope: BATCH_SCOPE };
  expect(said(await refresh(door, bought.refresh_token, own))).toBe(50173);
  expect(said(await onBehalfOf(bought.access_token))).toBe(500131);
});

test("a code, a session and a device's approval from before a password reset sign in after it", async () => {
  const browser = new TestBrowser(door);
  const { answer } = await signInForCode(door, {}, door.tenantId, browser);
  const client = { client_id: door.app.appId };
  const device = (
    await postForm(door, `/${door.tenantId}/oauth2/v2.0/devicecode`, { ...client, scope: BATCH_SCOPE })
  ).json;
  const entry = await browser.open(device.verification_uri);
  const chosen = await browser.submit(entry, "code", { user_code: device.user_code });
  await browser.agree(chosen, { username: "ann@test.example", password: door.password });
  await resetPassword();
  expect(said(await redeem(door, answer.get("code") ?? ""))).toBe(50173);
  const poll = { ...client, grant_type: "device_code", device_code: device.device_code };
  expect(said(await tokenRequest(door, poll))).toBe(50173);
  const silent = await browser.open(authorizeUrl(door, { prompt: "none" }));
  expect(silent.left?.searchParams.get("error")).toBe("login_required");
});

test("an application that was thrown out lends its users' tokens to a service that exchanges them", async () => {
  const { directory, tenantId } = door;
  const thrownOut = await door.register({
    publicClient: { redirectUris: ["http://localhost/back"] },
    isFallbackPublicClient: true,
    requiredResourceAccess: [
      {
        resourceAppId: middle.appId,
        resourceAccess: [{ id: "55555555-5555-4555-8555-555555555555", type: "Scope" }],
      },
    ],
  });
  const { scope } = middle;
  const { answer } = await signInForCode(door, { client_id: thrownOut.appId, scope });
  const code = answer.get("code") ?? "";
  const { access_token } = (await redeem(door, code, { client_id: thrownOut.appId, scope })).json;
  expect(said(await onBehalfOf(access_token))).toBe(200);
  await servicePrincipalUpdate(directory, tenantId, thrownOut.appId, { enabled: false });
  expect(said(await onBehalfOf(access_token))).toBe(50013);
});
