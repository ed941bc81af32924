/** Users sign in with Azure's JavaScript clients, unmodified, and a strict judge of OpenID Connect looks on. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { certificateAdd } from "../../../src/app/directory/certificate-credential.ts";
import { TestBrowser } from "../browser.fixture.ts";
import { applicationCertificate } from "./application-certificate.fixture.ts";
import { browserProgram } from "./browser-program.fixture.ts";
import { BATCH, BATCH_PERMISSION, openSignInDoor, REDIRECT, type SignInDoor } from "./sign-in.fixture.ts";

let door: SignInDoor;
let folder: string;
beforeAll(async () => {
  door = await openSignInDoor();
  folder = mkdtempSync(join(tmpdir(), "js-clients-"));
});
afterAll(async () => {
  await door.close();
  rmSync(folder, { recursive: true });
});

/**
 * Runs a program that has `door` and prints lines: a URL to visit as `VISIT url`, with the code behind it where a device wants
 * one, and at last one JSON line. Where the visit leads, it reads from stdin.
 */
async function program(source: string, environment: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, ["--input-type=module", "-e", `${PREAMBLE}${source}`], {
    env: {
      NODE_EXTRA_CA_CERTS: door.caFile,
      PATH: process.env.PATH,
      DOOR: JSON.stringify({
        authority: `https://localhost:${door.main.port}`,
        tenant: door.tenantId,
        client: door.app.appId,
        redirect: REDIRECT,
      }),
      ...environment,
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
    if (code === undefined) {
      const { left } = await new TestBrowser(door).signIn(url, ann());
      child.stdin.write(`${left?.href}\n`);
      return;
    }
    const browser = new TestBrowser(door);
    let page = await browser.submit(await browser.open(url), "code", { user_code: code });
    page = await browser.submit(page, "sign-in", ann());
    page = await browser.submit(page, "confirm");
    if (page.text.includes('value="accept"')) await browser.submit(page, "accept");
  }
}

const ann = () => ({ username: "ann@test.example", password: door.password });

const PREAMBLE = `
const claims = (t) => JSON.parse(Buffer.from(t.split(".")[1], "base64url"));
const told = (t) => { const { aud, scp, upn, appidacr } = claims(t); return [aud, scp, upn, appidacr]; };
const door = JSON.parse(process.env.DOOR);
const answer = () => new Promise((resolve) => process.stdin.once("data", (d) => resolve(String(d).trim())));
const scope = "https://batch.core.windows.net//.default";
`;
const ofAnn = [BATCH, "user_impersonation", "ann@test.example", "0"];
const ofApplication = (proof: string) => [BATCH, null, null, proof];

test("@azure/identity on a device", async () => {
  const seen = await program(`
    import { DeviceCodeCredential } from "@azure/identity";
    const credential = new DeviceCodeCredential({
      tenantId: door.tenant, clientId: door.client, authorityHost: door.authority, disableInstanceDiscovery: true,
      userPromptCallback: ({ verificationUri, userCode }) => console.log("VISIT " + verificationUri + " " + userCode),
    });
    const { token } = await credential.getToken(scope);
    const again = await credential.getToken(scope);
    console.log(JSON.stringify({ token: told(token), cached: again.token === token }));
    process.exit(0);`);
  expect(seen).toEqual({ token: ofAnn, cached: true });
});

/** `open`, which the library starts browsers with, goes through the desktop's xdg-open to $BROWSER. */
test("@azure/identity in a browser", async () => {
  const browser = await browserProgram(door, ann(), folder);
  const app = await door.register({
    publicClient: { redirectUris: ["http://localhost"] },
    requiredResourceAccess: [BATCH_PERMISSION],
  });
  try {
    const seen = await program(
      `
    import { InteractiveBrowserCredential } from "@azure/identity";
    const credential = new InteractiveBrowserCredential({
      tenantId: door.tenant, clientId: process.env.CLIENT, authorityHost: door.authority, disableInstanceDiscovery: true,
    });
    console.log(JSON.stringify(told((await credential.getToken(scope)).token)));
    process.exit(0);`,
      { BROWSER: browser.file, CLIENT: app.appId },
    );
    expect(seen).toEqual(ofAnn);
  } finally {
    browser.close();
  }
});

test("@azure/identity as an application: by secret, certificate, and what the environment says", async () => {
  const { certificate, pem } = applicationCertificate(door.clock());
  const app = await door.register({});
  await certificateAdd(door.directory, app.appId, certificate);
  const file = join(folder, "certificate.pem");
  writeFileSync(file, pem, { mode: 0o600 });
  const environment = {
    AZURE_TENANT_ID: door.tenantId,
    AZURE_CLIENT_ID: app.appId,
    AZURE_CLIENT_SECRET: await door.secretFor(app.appId),
    AZURE_AUTHORITY_HOST: `https://localhost:${door.main.port}`,
    CERTIFICATE: file,
  };
  const seen = await program(
    `
    import { ClientCertificateCredential, ClientSecretCredential, DefaultAzureCredential } from "@azure/identity";
    const { AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, CERTIFICATE } = process.env;
    const options = { disableInstanceDiscovery: true };
    const tokens = {};
    for (const [name, credential] of Object.entries({
      secret: new ClientSecretCredential(AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, options),
      certificate: new ClientCertificateCredential(AZURE_TENANT_ID, AZURE_CLIENT_ID, CERTIFICATE, options),
      chain: new ClientCertificateCredential(AZURE_TENANT_ID, AZURE_CLIENT_ID, CERTIFICATE, {
        ...options, sendCertificateChain: true,
      }),
      "default": new DefaultAzureCredential(options),
    })) tokens[name] = told((await credential.getToken(scope)).token);
    const wrong = new ClientSecretCredential(AZURE_TENANT_ID, AZURE_CLIENT_ID, "wrong", options);
    const refused = await wrong.getToken(scope).catch(({ message }) => /AADSTS\\d+/.exec(message)?.[0]);
    console.log(JSON.stringify({ ...tokens, refused }));
    process.exit(0);`,
    environment,
  );
  expect(seen).toEqual({
    secret: ofApplication("1"),
    certificate: ofApplication("2"),
    chain: ofApplication("2"),
    default: ofApplication("1"),
    refused: "AADSTS7000215",
  });
});

test("openid-client finds discovery, code flow, PKCE, keys and id tokens in order", async () => {
  const seen = await program(`
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
    process.exit(0);`);
  expect(seen).toEqual({ name: "ann", again: true });
});

test("@azure/msal-node on a device, by a code, and silently", async () => {
  const seen = await program(`
    import * as msal from "@azure/msal-node";
    const authority = door.authority + "/" + door.tenant;
    const known = [new URL(door.authority).host];
    const app = new msal.PublicClientApplication({ auth: { clientId: door.client, authority, knownAuthorities: known } });
    const scopes = [scope];
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
    process.exit(0);`);
  expect(seen).toEqual(Array(3).fill([BATCH, "ann@test.example"]));
});

test("adal-node on a device, by refresh token, and as an application", async () => {
  const app = await door.register({});
  const seen = await program(
    `
    import adal from "adal-node";
    const context = new adal.AuthenticationContext(door.authority + "/" + door.tenant, false);
    const resource = "https://batch.core.windows.net/";
    const call = (name, ...words) => new Promise((resolve, reject) =>
      context[name](...words, (error, reply) => (error ? reject(error) : resolve(reply))));
    const codes = await call("acquireUserCode", resource, door.client, "en");
    console.log("VISIT " + codes.verificationUrl + " " + codes.userCode);
    const device = await call("acquireTokenWithDeviceCode", resource, door.client, codes);
    const refreshed = await call("acquireTokenWithRefreshToken", device.refreshToken, door.client, resource);
    const { CLIENT, SECRET } = process.env;
    const application = await call("acquireTokenWithClientCredentials", resource, CLIENT, SECRET);
    console.log(JSON.stringify([device, refreshed, application].map((r) => told(r.accessToken))));
    process.exit(0);`,
    { CLIENT: app.appId, SECRET: await door.secretFor(app.appId) },
  );
  expect(seen).toEqual([ofAnn, ofAnn, ofApplication("1")]);
});

test("@azure/ms-rest-nodeauth as an application, for the audience that it knows as batch", async () => {
  const app = await door.register({});
  const seen = await program(
    `
    import auth from "@azure/ms-rest-nodeauth";
    import { Environment } from "@azure/ms-rest-azure-env";
    const { CLIENT, SECRET } = process.env;
    const here = { validateAuthority: false, activeDirectoryEndpointUrl: door.authority + "/" };
    const environment = { ...Environment.AzureCloud, ...here };
    const options = { tokenAudience: "batch", environment };
    const credentials = await auth.loginWithServicePrincipalSecret(CLIENT, SECRET, door.tenant, options);
    console.log(JSON.stringify(told((await credentials.getToken()).accessToken)));
    process.exit(0);`,
    { CLIENT: app.appId, SECRET: await door.secretFor(app.appId) },
  );
  expect(seen).toEqual(ofApplication("1"));
});
