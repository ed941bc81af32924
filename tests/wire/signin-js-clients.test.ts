/**
 * Users sign in with Azure's JavaScript clients, and a strict judge of OpenID Connect looks on. `@azure/identity` is at hand;
 * the others are taken from the folder that BATCHYARD_WITNESSES names, where `npm install openid-client @azure/msal-node
 * adal-node` has been run.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TestBrowser } from "./browser.fixture.ts";
import { openSignInDoor, REDIRECT, type SignInDoor } from "./sign-in.fixture.ts";

const witnesses = process.env.BATCHYARD_WITNESSES;
function lacks(name: string): boolean {
  const isThere = witnesses !== undefined && existsSync(join(witnesses, "node_modules", name));
  if (!isThere) console.warn(`SKIPPED: ${name} is not in the folder that BATCHYARD_WITNESSES names`);
  return !isThere;
}

let door: SignInDoor;
beforeAll(async () => {
  door = await openSignInDoor();
});
afterAll(() => door.close());

/**
 * Runs a program that has DOOR (a JSON object) and prints lines: a URL to visit as `VISIT url`, with the code behind it where a
 * device wants one, and at last one JSON line.
 */
async function program(source: string, cwd: string | undefined) {
  const child = spawn(process.execPath, ["--input-type=module", "-e", source], {
    cwd,
    env: {
      NODE_EXTRA_CA_CERTS: door.caFile,
      PATH: process.env.PATH,
      DOOR: JSON.stringify({
        authority: `https://localhost:${door.main.port}`,
        tenant: door.tenantId,
        client: door.app.appId,
        redirect: REDIRECT,
      }),
    },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const errors = text(child.stderr);
  let out = "";
  child.stdout.setEncoding("utf8");
  child.stdout.on("data", (chunk: string) => {
    out += chunk;
    for (const [, url = "", code] of chunk.matchAll(/^VISIT (\S+) ?(\S+)?$/gm)) void visit(url, code);
  });
  const [exit] = await once(child, "close");
  if (exit !== 0) throw new Error(`the program ended with ${exit}:\n${out}\n${await errors}`);
  return JSON.parse(out.trim().split("\n").at(-1) ?? "");

  async function visit(url: string, code: string | undefined): Promise<void> {
    const browser = new TestBrowser(door);
    const account = { username: "ann@test.example", password: door.password };
    if (code === undefined) {
      const { left } = await browser.signIn(url, account);
      child.stdin.write(`${left?.href}\n`);
      return;
    }
    let page = await browser.submit(await browser.open(url), "code", { user_code: code });
    page = await browser.submit(page, "sign-in", account);
    page = await browser.submit(page, "confirm");
    if (page.text.includes('value="accept"')) await browser.submit(page, "accept");
  }
}

const DECODE = `const claims = (t) => JSON.parse(Buffer.from(t.split(".")[1], "base64url"));
const door = JSON.parse(process.env.DOOR);
const answer = () => new Promise((resolve) => process.stdin.once("data", (d) => resolve(String(d).trim())));
`;

test("@azure/identity on a device", async () => {
  const seen = await program(
    `${DECODE}
    import { DeviceCodeCredential } from "@azure/identity";
    const credential = new DeviceCodeCredential({
      tenantId: door.tenant, clientId: door.client, authorityHost: door.authority, disableInstanceDiscovery: true,
      userPromptCallback: ({ verificationUri, userCode }) => console.log("VISIT " + verificationUri + " " + userCode),
    });
    const scope = "https://batch.core.windows.net//.default";
    const { token } = await credential.getToken(scope);
    const again = await credential.getToken(scope);
    const { aud, scp, upn } = claims(token);
    console.log(JSON.stringify({ aud, scp, upn, cached: again.token === token }));
    process.exit(0);`,
    undefined,
  );
  expect(seen).toEqual({
    aud: "https://batch.core.windows.net/",
    scp: "user_impersonation",
    upn: "ann@test.example",
    cached: true,
  });
});

test.skipIf(lacks("openid-client"))(
  "openid-client finds discovery, code flow, PKCE, keys and id tokens in order",
  async () => {
    const seen = await program(
      `${DECODE}
    import * as oidc from "openid-client";
    const issuer = new URL(door.authority + "/" + door.tenant + "/v2.0");
    const config = await oidc.discovery(issuer, door.client, undefined, oidc.None());
    oidc.enableNonRepudiationChecks(config);
    const verifier = oidc.randomPKCECodeVerifier();
    const [state, nonce] = [oidc.randomState(), oidc.randomNonce()];
    const url = oidc.buildAuthorizationUrl(config, {
      redirect_uri: door.redirect, scope: "openid profile offline_access", state, nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: "S256",
    });
    console.log("VISIT " + url.href);
    const tokens = await oidc.authorizationCodeGrant(config, new URL(await answer()), {
      pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true,
    });
    const { sub } = tokens.claims();
    const info = await oidc.fetchUserInfo(config, tokens.access_token, sub);
    const refreshed = await oidc.refreshTokenGrant(config, tokens.refresh_token);
    console.log(JSON.stringify({ name: info.name, again: refreshed.claims().sub === sub }));
    process.exit(0);`,
      witnesses,
    );
    expect(seen).toEqual({ name: "ann", again: true });
  },
);

test.skipIf(lacks("@azure/msal-node"))("@azure/msal-node on a device, by a code, and silently", async () => {
  const seen = await program(
    `${DECODE}
    import * as msal from "@azure/msal-node";
    const authority = door.authority + "/" + door.tenant;
    const known = [new URL(door.authority).host];
    const app = new msal.PublicClientApplication({ auth: { clientId: door.client, authority, knownAuthorities: known } });
    const scopes = ["https://batch.core.windows.net//.default"];
    const device = await app.acquireTokenByDeviceCode({
      scopes, deviceCodeCallback: ({ verificationUri, userCode }) => console.log("VISIT " + verificationUri + " " + userCode),
    });
    const silent = await app.acquireTokenSilent({ scopes, account: device.account, forceRefresh: true });
    const { verifier, challenge } = await new msal.CryptoProvider().generatePkceCodes();
    const request = { scopes, redirectUri: door.redirect };
    const url = await app.getAuthCodeUrl({ ...request, codeChallenge: challenge, codeChallengeMethod: "S256" });
    console.log("VISIT " + url);
    const code = new URL(await answer()).searchParams.get("code");
    const byCode = await app.acquireTokenByCode({ ...request, code, codeVerifier: verifier });
    console.log(JSON.stringify([device, silent, byCode].map((r) => [claims(r.accessToken).aud, r.account.username])));
    process.exit(0);`,
    witnesses,
  );
  expect(seen).toEqual(Array(3).fill(["https://batch.core.windows.net/", "ann@test.example"]));
});

test.skipIf(lacks("adal-node"))("adal-node on a device, and by refresh token", async () => {
  const seen = await program(
    `${DECODE}
    import adal from "adal-node";
    const context = new adal.AuthenticationContext(door.authority + "/" + door.tenant, false);
    const resource = "https://batch.core.windows.net/";
    const call = (name, ...words) => new Promise((resolve, reject) =>
      context[name](...words, (error, reply) => (error ? reject(error) : resolve(reply))));
    const codes = await call("acquireUserCode", resource, door.client, "en");
    console.log("VISIT " + codes.verificationUrl + " " + codes.userCode);
    const device = await call("acquireTokenWithDeviceCode", resource, door.client, codes);
    const refreshed = await call("acquireTokenWithRefreshToken", device.refreshToken, door.client, resource);
    console.log(JSON.stringify([device, refreshed].map((r) => [claims(r.accessToken).aud, claims(r.accessToken).upn])));
    process.exit(0);`,
    witnesses,
  );
  expect(seen).toEqual(Array(2).fill(["https://batch.core.windows.net/", "ann@test.example"]));
});
