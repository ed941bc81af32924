import { generateKeyPairSync, sign, X509Certificate } from "node:crypto";
import { createLocalJWKSet, jwtVerify } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type AccessTokens, accessTokens } from "./access-token.ts";
import { type AccessTokenVerifier, accessTokenVerifier } from "./access-token-verify.ts";
import {
  APP_ID,
  type DirectoryFixture,
  openDirectoryFixture,
  SERVICE_PRINCIPAL_ID,
  START,
  TENANT_ID,
  TOKEN_REQUEST,
} from "./directory.fixture.ts";
import type { Client } from "./directory.ts";
import { openSigningKeys, type SigningKeys } from "./signing-keys.ts";

const BATCH = "https://batch.core.windows.net/";
let fixture: DirectoryFixture;
let keys: SigningKeys;
let client: Client;
let resource: Client;
let issuer: AccessTokens;
let verifier: AccessTokenVerifier;
let now = START;

beforeAll(async () => {
  fixture = await openDirectoryFixture();
  const clock = () => now;
  keys = await openSigningKeys(fixture.store, fixture.sealing, clock);
  issuer = accessTokens(keys, clock);
  verifier = accessTokenVerifier(keys, clock);
  const found = await fixture.directory.client(TENANT_ID, APP_ID);
  const batch = await fixture.directory.resource(TENANT_ID, BATCH);
  if (found === undefined || batch === undefined) throw new Error("the client is not there");
  client = found;
  resource = batch;
});
afterAll(() => fixture.close());

const issue = async (audience = BATCH): Promise<string> =>
  (
    await issuer.issueToApplication({
      client,
      resource,
      audience,
      proof: "1",
      roles: [],
      request: TOKEN_REQUEST,
    })
  ).token;
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

test("a token holds the documented claims and verifies under the published key", async () => {
  const published = createLocalJWKSet({
    keys: keys.published.map(({ kty, kid, n, e }) => ({ kty, kid, n, e })),
  });
  const { payload, protectedHeader } = await jwtVerify(await issue(), published, {
    currentDate: new Date(now),
  });
  const { kid } = keys.active;
  expect(protectedHeader).toEqual({ typ: "JWT", alg: "RS256", x5t: kid, kid });
  const issuerUrl = `https://sts.windows.net/${TENANT_ID}/`;
  const at = START / 1000;
  expect(payload).toEqual({
    aud: BATCH,
    iss: issuerUrl,
    idp: issuerUrl,
    // Five minutes in the past, as the real ones.
    iat: at - 300,
    nbf: at - 300,
    exp: at + 3600,
    aio: expect.any(String),
    appid: APP_ID,
    appidacr: "1",
    idtyp: "app",
    oid: SERVICE_PRINCIPAL_ID,
    rh: expect.stringMatching(/^1\.A[\w-]{64}\.$/),
    sub: SERVICE_PRINCIPAL_ID,
    tid: TENANT_ID,
    // The request's id, as a GUID's bytes are written.
    uti: Buffer.from("0403020106050807090a0b0c0d0e0f10", "hex").toString("base64url"),
    ver: "1.0",
  });
});

test("within a second the same request gives the same token, and another request another", async () => {
  const [first, same, other] = [await issue(), await issue(), await issue(`${BATCH}x`)];
  expect(same).toBe(first);
  expect(other).not.toBe(first);
  now += 1000;
  expect(await issue()).not.toBe(first);
  now = START;
});

test("the verifier tells whom a token speaks for", async () => {
  expect(verifier.verify(await issue(), { audiences: [BATCH], tenantId: TENANT_ID })).toEqual({
    ok: true,
    principal: {
      tenantId: TENANT_ID,
      objectId: SERVICE_PRINCIPAL_ID,
      appId: APP_ID,
      kind: "ServicePrincipal",
      scopes: [],
      roles: [],
      authAt: START,
    },
  });
});

test("audience and tenant are judged at each call, remembered or not", async () => {
  const token = await issue();
  for (let round = 0; round < 2; round++) {
    expect(verifier.verify(token, { audiences: [BATCH] }).ok).toBe(true);
    expect(verifier.verify(token, { audiences: [BATCH.slice(0, -1)] })).toEqual({
      ok: false,
      reason: "wrongAudience",
      audience: BATCH,
    });
    expect(verifier.verify(token, { audiences: [BATCH], tenantId: "other" })).toEqual({
      ok: false,
      reason: "foreignTenant",
      tenantId: TENANT_ID,
    });
  }
});

test("a remembered token expires on time", async () => {
  const token = await issue();
  const at = START / 1000 + 3600;
  expect(verifier.verify(token, { audiences: [BATCH] }).ok).toBe(true);
  now = START + 3_604_999;
  expect(verifier.verify(token, { audiences: [BATCH] }).ok).toBe(true);
  now = START + 3_605_000;
  expect(verifier.verify(token, { audiences: [BATCH] })).toEqual({ ok: false, reason: "expired", at });
  now = START - 306_000;
  expect(verifier.verify(token, { audiences: [BATCH] })).toMatchObject({ reason: "notYetValid" });
  now = START;
});

test("a forged token is refused, however it is forged", async () => {
  const token = await issue();
  const [header = "", payload = "", signature = ""] = token.split(".");
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const signedBy = (head: string) =>
    `${head}.${payload}.${sign("sha256", Buffer.from(`${head}.${payload}`), privateKey).toString("base64url")}`;
  const { kid } = keys.active;
  const forged = [
    signedBy(header),
    signedBy(encode({ typ: "JWT", alg: "RS256", kid: "unknown" })),
    signedBy(encode({ typ: "JWT", alg: "RS256", kid, jwk: publicKey.export({ format: "jwk" }) })),
    `${encode({ typ: "JWT", alg: "none" })}.${payload}.${signature}`,
    `${encode({ typ: "JWT", alg: "HS256", kid })}.${payload}.${signature}`,
    `${header}.${encode({ aud: BATCH, tid: TENANT_ID, oid: "someone else" })}.${signature}`,
    `${header}.${payload}.${signature.replace(/^./, (c) => (c === "A" ? "B" : "A"))}`,
  ];
  for (const candidate of forged) {
    expect(verifier.verify(candidate, { audiences: [BATCH] })).toEqual({ ok: false, reason: "badSignature" });
  }
});

test.each(["", "a", "a.b", "a.b.", "a.b.c.d", "a.b.c ", "ü.b.c", `${"a".repeat(20_000)}.b.c`])(
  "%j is no token",
  (text) => {
    expect(verifier.verify(text, { audiences: [BATCH] })).toEqual({ ok: false, reason: "malformed" });
  },
);

test("a token of our own key that is no access token opens nothing", () => {
  const body = `${keys.active.header2}.${encode({ aud: BATCH, sub: "someone", exp: START, nbf: 0 })}`;
  const signature = sign("sha256", Buffer.from(body), keys.active.privateKey).toString("base64url");
  expect(verifier.verify(`${body}.${signature}`, { audiences: [BATCH] })).toEqual({
    ok: false,
    reason: "malformed",
  });
});

test("a key is named after a certificate of its own, which it signed", () => {
  const [key] = keys.published;
  const certificate = new X509Certificate(Buffer.from(key?.x5c?.[0] ?? "", "base64"));
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(certificate.publicKey.export({ format: "jwk" }).n).toBe(key?.n);
  const thumbprint = Buffer.from(certificate.fingerprint.replaceAll(":", ""), "hex").toString("base64url");
  expect([key?.kid, key?.x5t, thumbprint.length]).toEqual([thumbprint, thumbprint, 27]);
  expect(certificate.validToDate.getTime()).toBeGreaterThan(START);
});

test("the key outlives a restart and is stored sealed", async () => {
  const again = await openSigningKeys(fixture.store, fixture.sealing, () => now);
  expect(again.active.kid).toBe(keys.active.kid);
  expect(accessTokenVerifier(again, () => now).verify(await issue(), { audiences: [BATCH] }).ok).toBe(true);
});
