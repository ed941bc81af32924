/** What sign-in refuses, each with its code, over HTTP. */
import { createHash, createHmac, generateKeyPairSync, type KeyObject, randomUUID, sign } from "node:crypto";
import { exportJWK } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { applicationDelete, applicationUpdate } from "../../../src/app/directory/application.ts";
import { certificateAdd } from "../../../src/app/directory/certificate-credential.ts";
import { federatedCredentialAdd } from "../../../src/app/directory/federated-credential.ts";
import {
  servicePrincipalDelete,
  servicePrincipalUpdate,
} from "../../../src/app/directory/service-principal.ts";
import { userCreate, userPasswordSet, userUpdate } from "../../../src/app/directory/user.ts";
import { AZURE_CLI_APP_ID } from "../../../src/wire/entra/first-party.ts";
import { TestBrowser } from "../browser.fixture.ts";
import type { RawReply } from "../raw-request.fixture.ts";
import { applicationCertificate } from "./application-certificate.fixture.ts";
import {
  authorizeUrl,
  BATCH,
  BATCH_SCOPE,
  openSignInDoor,
  pkce,
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

const codeOf = async (parameters = {}) => (await signInForCode(door, parameters)).answer.get("code") ?? "";
const refreshTokenOf = async (): Promise<string> => (await redeem(door, await codeOf())).json.refresh_token;
const passwordForm = (username: string, password = door.password) => ({
  grant_type: "password",
  client_id: AZURE_CLI_APP_ID,
  scope: BATCH_SCOPE,
  username,
  password,
});

function expectRefused({ status, json }: RawReply, error: string, code: number): void {
  expect(json).toMatchObject({ error, error_codes: [code] });
  expect(status).toBe(error === "invalid_client" ? 401 : 400);
  expect(json.error_description).toMatch(new RegExp(`^AADSTS${code}: `));
}

// Codes

test("a code that comes twice is refused, and ends what the first time gave", async () => {
  const code = await codeOf();
  const first = await redeem(door, code);
  expectRefused(await redeem(door, code), "invalid_grant", 54005);
  expectRefused(await refresh(door, first.json.refresh_token), "invalid_grant", 50173);
});

test("of two requests with one code at once, one gets tokens", async () => {
  const code = await codeOf();
  const both = await Promise.all([redeem(door, code), redeem(door, code)]);
  expect(both.map(({ status }) => status).sort()).toEqual([200, 400]);
});

test("a code lives ten minutes", async () => {
  const code = await codeOf();
  door.advance(600_000);
  expectRefused(await redeem(door, code), "invalid_grant", 70008);
});

test("a verifier that is wrong, missing or uncalled for", async () => {
  const { verifier, challenge } = pkce();
  const code = await codeOf({ code_challenge: challenge, code_challenge_method: "S256" });
  expectRefused(await redeem(door, code, { code_verifier: pkce().verifier }), "invalid_grant", 501481);
  expectRefused(await redeem(door, code, { code_verifier: challenge }), "invalid_grant", 501481);
  expectRefused(await redeem(door, code), "invalid_grant", 501481);
  expect((await redeem(door, code, { code_verifier: verifier })).status).toBe(200);
  expectRefused(await redeem(door, await codeOf(), { code_verifier: verifier }), "invalid_grant", 501481);
  // A plain challenge is the verifier.
  const plain = await codeOf({ code_challenge: verifier, code_challenge_method: "plain" });
  expectRefused(await redeem(door, plain, { code_verifier: challenge }), "invalid_grant", 501481);
  expect((await redeem(door, plain, { code_verifier: verifier })).status).toBe(200);
});

test("a code of another client, for another redirect URI, at another tenant, or made up", async () => {
  const other = await door.register({ publicClient: { redirectUris: ["http://localhost/back"] } });
  const code = await codeOf();
  expectRefused(await redeem(door, code, { client_id: other.appId }), "invalid_grant", 70000);
  expectRefused(await redeem(door, code, { redirect_uri: WEB_REDIRECT }), "invalid_grant", 500112);
  expectRefused(await redeem(door, code, {}, { tenant: door.otherTenantId }), "invalid_grant", 700005);
  expectRefused(await redeem(door, "made-up"), "invalid_grant", 9002313);
  expect((await redeem(door, code)).status).toBe(200);
});

test("a web application's code needs its secret, and a page elsewhere cannot redeem it", async () => {
  const request = { redirect_uri: WEB_REDIRECT };
  const code = await codeOf(request);
  expectRefused(await redeem(door, code, request), "invalid_client", 7000218);
  const headers = { origin: "https://web.example" };
  expectRefused(await redeem(door, code, request, { headers }), "invalid_request", 9002326);
  const secret = await door.secretFor(door.app.appId);
  expectRefused(await redeem(door, code, { ...request, client_secret: "wrong" }), "invalid_client", 7000215);
  expect((await redeem(door, code, { ...request, client_secret: secret })).status).toBe(200);
});

// Authorization requests: shown, or sent back

test.each([
  ["http://localhost@evil.example/back"],
  ["http://localhost:5005@evil.example/back"],
  ["http://localhost.evil.example/back"],
  ["http://localhost:5005/back/../evil"],
  ["http://localhost:5005/back/more"],
  ["http://localhost:5005/back%2F..%2Fevil"],
  ["http://localhost:5005//evil.example/back"],
  ["http://localhost:5005\\@evil.example/back"],
  ["http://localhost:5005/back?x=1"],
  ["http://localhost:5005/back#x"],
  ["https://localhost:5005/back"],
  ["HTTP://LOCALHOST:5005/back"],
  ["http://127.0.0.1:5005/back"],
  ["https://web.example/back/"],
  ["https://WEB.example/back"],
  ["https://web.example:8443/back"],
  ["https://sub.web.example/back"],
  ["//web.example/back"],
  ["javascript:alert(1)"],
  ["myapp://back/more"],
])("the redirect URI %s is not answered", async (uri) => {
  const visit = await new TestBrowser(door).open(authorizeUrl(door, { redirect_uri: uri }));
  expect([visit.status, visit.left]).toEqual([400, undefined]);
  expect(visit.text).toContain("AADSTS50011");
});

test.each([
  ["no client", { client_id: "" }, 900144],
  ["an unknown client", { client_id: randomUUID() }, 700016],
  ["several redirect URIs and none named", { redirect_uri: undefined }, 900144],
])("%s is told on a page", async (_, parameters, code) => {
  const visit = await new TestBrowser(door).open(authorizeUrl(door, parameters));
  expect([visit.status, visit.left]).toEqual([400, undefined]);
  expect(visit.text).toContain(`AADSTS${code}`);
  expect(visit.text).toMatch(/Correlation ID<\/dt><dd>[0-9a-f-]{36}</);
});

test("a parameter twice, or too much of it, is told on a page", async () => {
  const twice = await new TestBrowser(door).open(`${authorizeUrl(door)}&state=other`);
  expect([twice.status, twice.left]).toEqual([400, undefined]);
  expect(twice.text).toContain("AADSTS9000411");
  const long = await new TestBrowser(door).open(authorizeUrl(door, { state: "x".repeat(40_000) }));
  expect([long.status, long.left]).toEqual([431, undefined]);
});

test.each([
  ["no response type", { response_type: undefined }, "invalid_request", 900144],
  ["another response type", { response_type: "magic" }, "unsupported_response_type", 70005],
  ["an implicit token", { response_type: "token" }, "unsupported_response_type", 700051],
  ["another response mode", { response_mode: "smoke" }, "invalid_request", 90013],
  ["another prompt", { prompt: "maybe" }, "invalid_request", 90023],
  ["a challenge of another size", { code_challenge: "short" }, "invalid_request", 50147],
  [
    "another challenge method",
    { code_challenge: "x".repeat(43), code_challenge_method: "S1" },
    "invalid_request",
    501491,
  ],
  ["a page's URI without a challenge", { redirect_uri: SPA_REDIRECT }, "invalid_request", 9002325],
  [
    "a page's URI with a plain challenge",
    { redirect_uri: SPA_REDIRECT, code_challenge: "x".repeat(43), code_challenge_method: "plain" },
    "invalid_request",
    9002325,
  ],
  [
    "two resources",
    { scope: `${BATCH}/.default https://graph.microsoft.com/.default` },
    "invalid_scope",
    28000,
  ],
  ["a scope that is none", { scope: "https://" }, "invalid_scope", 70011],
  [
    "default and named together",
    { scope: `${BATCH}/.default ${BATCH}/user_impersonation` },
    "invalid_scope",
    70011,
  ],
])("%s goes back to the application", async (_, parameters, error, code) => {
  const { left } = await new TestBrowser(door).open(authorizeUrl(door, parameters));
  const answer = left?.hash ? new URLSearchParams(left.hash.slice(1)) : left?.searchParams;
  expect(answer?.get("error")).toBe(error);
  expect(answer?.get("error_description")).toMatch(new RegExp(`^AADSTS${code}: `));
  expect(answer?.get("state")).toBe("s t&te");
});

test("an id token needs a nonce, and a place where no log keeps it", async () => {
  const hybrid = { response_type: "id_token", redirect_uri: WEB_REDIRECT };
  const { left } = await new TestBrowser(door).open(authorizeUrl(door, hybrid));
  expect(decodeURIComponent(left?.hash ?? "")).toContain("AADSTS900144");
  const query = await new TestBrowser(door).open(
    authorizeUrl(door, { ...hybrid, nonce: "n", response_mode: "query" }),
  );
  expect(query.left?.searchParams.get("error_description")).toContain("AADSTS70007");
});

test("a single-tenant application serves neither /common nor another tenant", async () => {
  const { appId } = await door.register({ publicClient: { redirectUris: ["http://localhost/back"] } });
  const open = (tenant: string) =>
    new TestBrowser(door).open(authorizeUrl(door, { client_id: appId }, tenant));
  expect((await open("common")).text).toContain("AADSTS50194");
  expect((await open(door.otherTenantId)).text).toContain("AADSTS700016");
  const form = { ...passwordForm("ann@test.example"), client_id: appId };
  expectRefused(await tokenRequest(door, form, "organizations"), "invalid_request", 50194);
  expectRefused(await tokenRequest(door, form, door.otherTenantId), "unauthorized_client", 700016);
});

// Refresh tokens

test("a refresh token brings another and stays good itself, as long as it would have been", async () => {
  const first = await refreshTokenOf();
  door.advance(60 * 86_400_000);
  // Of two clients with one cache, both at once.
  const both = await Promise.all([refresh(door, first), refresh(door, first)]);
  const [second, third] = both.map(({ json }) => json.refresh_token);
  expect(new Set([first, second, third]).size).toBe(3);
  door.advance(31 * 86_400_000);
  expectRefused(await refresh(door, first), "invalid_grant", 700082);
  for (const token of [second, third]) expect((await refresh(door, token)).status).toBe(200);
});

test("a refresh token of another client, at another tenant, made up, or too old", async () => {
  const token = await refreshTokenOf();
  expectRefused(await refresh(door, token, { client_id: AZURE_CLI_APP_ID }), "invalid_grant", 70000);
  expectRefused(await refresh(door, token, {}, door.otherTenantId), "invalid_grant", 50020);
  expectRefused(await refresh(door, "made-up"), "invalid_grant", 9002313);
  door.advance(91 * 86_400_000);
  expectRefused(await refresh(door, token), "invalid_grant", 700082);
});

test("a new password and a disabled account end refresh tokens and sessions", async () => {
  const name = `${randomUUID()}@test.example`;
  const person = { userPrincipalName: name, displayName: "Temp", password: door.password };
  const { objectId } = await userCreate(door.directory, door.tenantId, person, door.clock());
  const signIn = () => tokenRequest(door, passwordForm(name));
  const use = (reply: RawReply) => refresh(door, reply.json.refresh_token, { client_id: AZURE_CLI_APP_ID });
  const before = await signIn();
  door.advance(1000);
  await userPasswordSet(door.directory, door.tenantId, objectId, door.password, door.clock());
  expectRefused(await use(before), "invalid_grant", 50173);
  const after = await signIn();
  await userUpdate(door.directory, door.tenantId, objectId, { enabled: false });
  expectRefused(await use(after), "invalid_grant", 50057);
  expectRefused(await signIn(), "invalid_grant", 50057);
});

// Passwords

test("unknown users, users of other tenants and wrong passwords", async () => {
  expectRefused(await tokenRequest(door, passwordForm("nobody@test.example")), "invalid_grant", 50034);
  expectRefused(
    await tokenRequest(door, passwordForm("ann@test.example"), door.otherTenantId),
    "invalid_grant",
    50020,
  );
  expectRefused(await tokenRequest(door, passwordForm("ann@test.example", "wrong")), "invalid_grant", 50126);
});

test("the tenth wrong password locks the account for a minute, whatever is tried, at once or one by one", async () => {
  const name = `${randomUUID()}@test.example`;
  const person = { userPrincipalName: name, displayName: "Temp", password: door.password };
  await userCreate(door.directory, door.tenantId, person, door.clock());
  const wrong = await Promise.all(
    Array.from({ length: 10 }, () => tokenRequest(door, passwordForm(name, "wrong"))),
  );
  const codes = wrong.map(({ json }) => json.error_codes[0]).sort();
  expect(codes).toEqual([50053, ...Array(9).fill(50126)]);
  expectRefused(await tokenRequest(door, passwordForm(name)), "invalid_grant", 50053);
  door.advance(60_000);
  expect((await tokenRequest(door, passwordForm(name))).status).toBe(200);
});

test("a crowd of password checks is told to come back", async () => {
  const tries = Array.from({ length: 16 }, () =>
    tokenRequest(door, passwordForm("admin@test.example", door.password)),
  );
  const replies = await Promise.all(tries);
  const refused = replies.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(0);
  expect(refused[0]?.json).toMatchObject({ error: "temporarily_unavailable", error_codes: [90055] });
  expect(refused[0]?.headers["retry-after"]).toBe("1");
});

// API permission is not a role

test("without the registered permission: 650057 by v1, 65001 by /.default", async () => {
  const { appId } = await door.register({
    publicClient: { redirectUris: ["http://localhost/back"] },
    isFallbackPublicClient: true,
  });
  const account = { ...passwordForm("ann@test.example"), client_id: appId };
  const v1 = await tokenRequest(door, { ...account, scope: undefined, resource: BATCH });
  expectRefused(v1, "invalid_resource", 650057);
  expect(v1.json.error_description).toContain("API permission, not a role");
  const v2 = await tokenRequest(door, account);
  expectRefused(v2, "invalid_grant", 65001);
  expect(v2.json.error_description).toContain("does not list that API permission");
  for (const [parameters, code] of [
    [{ scope: undefined, resource: BATCH }, 650057],
    [{}, 65001],
  ] as const) {
    const { answer } = await signInForCode(door, { client_id: appId, ...parameters });
    expect(answer.get("error_description")).toContain(`AADSTS${code}`);
  }
  // A named permission may be added at consent.
  const { answer } = await signInForCode(door, { client_id: appId, scope: `${BATCH}/user_impersonation` });
  expect(answer.get("code")).toBeTruthy();
});

test("registered but not consented to is 65001, and a scope that Batch does not have 650053", async () => {
  const { appId } = await door.register({
    isFallbackPublicClient: true,
    requiredResourceAccess: door.app.registration.requiredResourceAccess,
  });
  const account = { ...passwordForm("ann@test.example"), client_id: appId };
  const reply = await tokenRequest(door, account);
  expectRefused(reply, "invalid_grant", 65001);
  expect(reply.json.suberror).toBe("consent_required");
  expect(reply.json.error_description).toContain("a role on the Batch account is needed besides");
  expectRefused(
    await tokenRequest(door, { ...account, scope: `${BATCH}/everything` }),
    "invalid_scope",
    650053,
  );
});

test("an application that admits assigned users only refuses the others", async () => {
  const { appId } = await door.register({ isFallbackPublicClient: true });
  await servicePrincipalUpdate(door.directory, door.tenantId, appId, { assignmentRequired: true });
  const form = { ...passwordForm("ann@test.example"), client_id: appId, scope: "openid profile" };
  expectRefused(await tokenRequest(door, form), "invalid_grant", 50105);
  await servicePrincipalUpdate(door.directory, door.tenantId, appId, { enabled: false });
  expectRefused(await tokenRequest(door, form), "unauthorized_client", 7000112);
});

// Applications' own credentials

test("a confidential application must prove itself, and a public one cannot", async () => {
  const { appId } = await door.register({ isFallbackPublicClient: false });
  const form = { ...passwordForm("ann@test.example"), client_id: appId };
  expectRefused(await tokenRequest(door, form), "invalid_client", 7000218);
  const cli = { ...passwordForm("ann@test.example"), client_secret: "anything" };
  expectRefused(await tokenRequest(door, cli), "invalid_client", 700025);
});

test("a secret of a deleted application is worth nothing, at once", async () => {
  const { appId } = await door.register({});
  const form = {
    grant_type: "client_credentials",
    client_id: appId,
    client_secret: await door.secretFor(appId),
    scope: `${BATCH}/.default`,
  };
  expect((await tokenRequest(door, form)).status).toBe(200);
  const { objectId } = (await door.directory.client(door.tenantId, appId)) ?? {};
  await servicePrincipalDelete(door.directory, door.tenantId, objectId ?? "", Date.now());
  expectRefused(await tokenRequest(door, form), "invalid_client", 7000229);
  await applicationDelete(door.directory, door.tenantId, appId, Date.now());
  expectRefused(await tokenRequest(door, form), "unauthorized_client", 700016);
});

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

function jwt(header: object, claims: object, key: KeyObject, pss = false): string {
  const signed = `${encode(header)}.${encode(claims)}`;
  const input = pss ? { key, padding: 6, saltLength: 32 } : key;
  return `${signed}.${sign("sha256", Buffer.from(signed), input).toString("base64url")}`;
}

test("a certificate's assertion in the encodings that clients use, and each way in which it is wrong", async () => {
  const { appId } = await door.register({});
  const { certificate, privateKey, publicKey } = applicationCertificate(door.clock());
  await certificateAdd(door.directory, appId, certificate);
  const sha1 = createHash("sha1").update(certificate).digest();
  const sha256 = createHash("sha256").update(certificate).digest();
  const now = door.clock() / 1000;
  const aud = `https://localhost:${door.main.port}/${door.tenantId}/oauth2/v2.0/token`;
  const claims = {
    iss: appId,
    sub: appId,
    aud,
    jti: randomUUID(),
    nbf: now,
    exp: now + 600.5,
    iat: now + 0.25,
  };
  const rs256 = { alg: "RS256", typ: "JWT", x5t: sha1.toString("base64url") };
  const both = { ...rs256, "x5t#S256": sha256.toString("base64url") };
  const x5c = (chain: readonly Buffer[]) => ({ x5c: chain.map((each) => each.toString("base64")) });
  const unregistered = applicationCertificate(door.clock());
  const ofUnregistered = createHash("sha1").update(unregistered.certificate).digest("base64url");
  const present = (client_assertion: string) =>
    tokenRequest(door, {
      grant_type: "client_credentials",
      client_id: appId,
      client_assertion,
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      scope: `${BATCH}/.default`,
    });
  const good = [
    jwt(rs256, claims, privateKey),
    jwt({ ...rs256, x5t: `${rs256.x5t}=` }, claims, privateKey),
    jwt({ alg: "RS256", x5t: sha1.toString("base64") }, claims, privateKey),
    jwt({ alg: "RS256", kid: sha1.toString("hex").toUpperCase() }, claims, privateKey),
    jwt({ alg: "PS256", "x5t#S256": sha256.toString("base64url") }, claims, privateKey, true),
    jwt({ alg: "RS256", "x5t#S256": sha256.toString("base64url") }, claims, privateKey),
    jwt({ ...rs256, alg: "PS256" }, claims, privateKey, true),
    // As MSAL for .NET writes times, and with a chain as all of MSAL send it when they are asked to.
    jwt(
      both,
      {
        ...claims,
        jti: randomUUID(),
        nbf: `${Math.floor(now)}`,
        exp: `${Math.floor(now) + 600}`,
        iat: undefined,
      },
      privateKey,
    ),
    jwt({ ...rs256, ...x5c([certificate]) }, claims, privateKey),
    jwt({ ...both, alg: "PS256", ...x5c([certificate, unregistered.certificate]) }, claims, privateKey, true),
    jwt(rs256, { ...claims, aud: `https://login.microsoftonline.com/${door.tenantId}/v2.0` }, privateKey),
    jwt(rs256, { ...claims, aud: `https://sts.windows.net/${door.tenantId}/` }, privateKey),
  ];
  for (const assertion of good) expect((await present(assertion)).json.error_description).toBeUndefined();

  const stranger = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  const hmacHeader = `${encode({ ...rs256, alg: "HS256" })}.${encode(claims)}`;
  const pem = publicKey.export({ type: "spki", format: "pem" });
  const hmac = createHmac("sha256", pem).update(hmacHeader).digest("base64url");
  const bad: [string, string, number][] = [
    ["another key", jwt(rs256, claims, stranger), 700027],
    ["an unknown certificate", jwt({ alg: "RS256", x5t: "AAAA" }, claims, privateKey), 700027],
    ["alg none", `${encode({ ...rs256, alg: "none" })}.${encode(claims)}.`, 700027],
    ["HS256 with the public key", `${hmacHeader}.${hmac}`, 700027],
    ["another audience", jwt(rs256, { ...claims, aud: "https://evil.example/token" }, privateKey), 700023],
    [
      "another tenant's audience",
      jwt(rs256, { ...claims, aud: aud.replace(door.tenantId, door.otherTenantId) }, privateKey),
      700023,
    ],
    ["expired", jwt(rs256, { ...claims, exp: now - 301 }, privateKey), 700024],
    ["no end", jwt(rs256, { ...claims, exp: undefined }, privateKey), 700024],
    ["not yet valid", jwt(rs256, { ...claims, nbf: now + 400 }, privateKey), 700024],
    ["expired, as text", jwt(rs256, { ...claims, exp: `${Math.floor(now) - 301}` }, privateKey), 700024],
    ["a time that is none", jwt(rs256, { ...claims, exp: "tomorrow" }, privateKey), 700024],
    ["a time in hexadecimal", jwt(rs256, { ...claims, exp: "0x7fffffff" }, privateKey), 700024],
    ["RS256 said to be PS256", jwt({ ...rs256, alg: "PS256" }, claims, privateKey), 700027],
    // A chain vouches for nothing: what counts is what is registered.
    [
      "a chain of a certificate that is not registered",
      jwt(
        { alg: "RS256", x5t: ofUnregistered, ...x5c([unregistered.certificate, certificate]) },
        claims,
        unregistered.privateKey,
      ),
      700027,
    ],
    [
      "the registered thumbprint over another chain's key",
      jwt({ ...rs256, ...x5c([unregistered.certificate]) }, claims, unregistered.privateKey),
      700027,
    ],
    [
      "an audience of Graph",
      jwt(rs256, { ...claims, aud: "https://graph.microsoft.com" }, privateKey),
      700023,
    ],
    ["another subject", jwt(rs256, { ...claims, sub: randomUUID() }, privateKey), 700021],
    ["no JWT", "x.y", 50027],
    ["no JSON", "eA.eA.eA", 50027],
  ];
  for (const [what, assertion, code] of bad)
    expect([what, (await present(assertion)).json.error_codes]).toEqual([what, [code]]);
});

test("another issuer's assertion counts where issuer, subject and audience are registered", async () => {
  const { appId } = await door.register({});
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  door.issuerKeys.push({ ...(await exportJWK(publicKey)), kid: "k1" });
  const issuer = "https://token.actions.example";
  const credential = { issuer, subject: "repo:a/b", audience: "api://AzureADTokenExchange" };
  await federatedCredentialAdd(door.directory, appId, { name: "actions", description: null, ...credential });
  const now = door.clock() / 1000;
  const claims = { iss: issuer, sub: "repo:a/b", aud: credential.audience, exp: now + 600 };
  const present = async (changed: object, header: object = { alg: "RS256", kid: "k1" }) => {
    const reply = await tokenRequest(door, {
      grant_type: "client_credentials",
      client_id: appId,
      client_assertion: jwt(header, { ...claims, ...changed }, privateKey),
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      scope: `${BATCH}/.default`,
    });
    return reply.json.error_codes?.[0] ?? reply.status;
  };
  expect(await present({})).toBe(200);
  expect(await present({ iss: "https://evil.example" })).toBe(700211);
  expect(await present({ aud: "x" })).toBe(700212);
  expect(await present({ sub: "repo:a/c" })).toBe(700213);
  expect(await present({ exp: now - 400 })).toBe(700024);
  expect(await present({}, { alg: "none", kid: "k1" })).toBe(700027);
});

test("an application's own token, another's, and none cannot be exchanged on behalf of", async () => {
  const { appId } = await door.register({});
  const secret = await door.secretFor(appId);
  const own = { client_id: appId, client_secret: secret };
  const appToken = async (resource: string): Promise<string> =>
    (
      await tokenRequest(door, {
        ...own,
        grant_type: "client_credentials",
        scope: `${resource}/.default`,
      })
    ).json.access_token;
  const exchange = async (assertion: string) =>
    (
      await tokenRequest(door, {
        ...own,
        grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
        requested_token_use: "on_behalf_of",
        assertion,
        scope: `${BATCH}/.default`,
      })
    ).json.error_codes;
  expect(await exchange(await appToken(appId))).toEqual([7000114]);
  expect(await exchange(await appToken(BATCH))).toEqual([500131]);
  expect(await exchange("a.b.c")).toEqual([50013]);
});

test("an application's own policy decides how long its tokens live", async () => {
  const { appId } = await door.register({});
  const secret = await door.secretFor(appId);
  const registration = { accessTokenLifetimeSeconds: 600 };
  await applicationUpdate(door.directory, door.tenantId, appId, { registration });
  const form = { grant_type: "client_credentials", client_id: appId, client_secret: secret };
  const { json } = await tokenRequest(door, { ...form, scope: `${BATCH}/.default` });
  expect(json.expires_in).toBe(599);
});
