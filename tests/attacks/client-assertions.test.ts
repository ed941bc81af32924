/** Client assertions bent: algorithms that are words of JavaScript, times without end, one name for two, audiences that are not ours. */
import { generateKeyPairSync, hash, type KeyObject, randomUUID, sign } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { certificateAdd } from "../../src/app/directory/certificate-credential.ts";
import { applicationCertificate } from "../wire/entra/application-certificate.fixture.ts";
import { BATCH, openSignInDoor, type SignInDoor, tokenRequest } from "../wire/entra/sign-in.fixture.ts";

let door: SignInDoor;
let own: { readonly appId: string; readonly thumbprint: string; readonly privateKey: KeyObject };
beforeAll(async () => {
  door = await openSignInDoor();
  const { appId } = await door.register({});
  const { certificate, privateKey } = applicationCertificate(door.clock());
  await certificateAdd(door.directory, appId, certificate);
  own = { appId, privateKey, thumbprint: hash("sha1", certificate, "base64url") };
});
afterAll(() => door?.close());

const encode = (value: object | string) =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
const seconds = () => Math.floor(door.clock() / 1000);
const claims = (changed: object = {}) => ({
  iss: own.appId,
  sub: own.appId,
  aud: `https://login.microsoftonline.com/${door.tenantId}/oauth2/v2.0/token`,
  jti: randomUUID(),
  nbf: seconds(),
  exp: seconds() + 600,
  ...changed,
});

function signed(payload: object | string, header: object = {}, key: KeyObject = own.privateKey): string {
  const text = `${encode({ alg: "RS256", typ: "JWT", x5t: own.thumbprint, ...header })}.${encode(payload)}`;
  return `${text}.${sign("sha256", Buffer.from(text), key).toString("base64url")}`;
}

async function present(assertion: string): Promise<string> {
  const { status, json } = await tokenRequest(door, {
    grant_type: "client_credentials",
    client_id: own.appId,
    client_assertion: assertion,
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    scope: `${BATCH}/.default`,
  });
  return status === 200 ? "200" : `${status} ${json.error_codes}`;
}

test("an algorithm that is a word of JavaScript fells the service, or counts as RS256", async () => {
  expect(await present(signed(claims()))).toBe("200");
  for (const alg of [
    "toString",
    "__proto__",
    "valueOf",
    "constructor",
    "hasOwnProperty",
    "none",
    "HS256",
    1,
    null,
  ])
    expect([alg, await present(signed(claims(), { alg }))]).toEqual([alg, "401 700027"]);
});

test("one assertion is good for ever: it ends in a hundred years, never, or where no number reaches", async () => {
  const century = seconds() + 100 * 365 * 86_400;
  for (const exp of [
    century,
    1e308,
    Number.MAX_SAFE_INTEGER,
    String(century),
    undefined,
    "soon",
    null,
    {},
    [],
    true,
  ])
    expect([exp, await present(signed(claims({ exp })))]).toEqual([exp, "401 700024"]);
  const text = JSON.stringify(claims()).replace(/"exp":\d+/, '"exp":1e999');
  expect(await present(signed(text))).toBe("401 700024");
});

test("an assertion is made today for a day to come", async () => {
  const tomorrow = seconds() + 86_400;
  for (const early of [
    { nbf: tomorrow },
    { iat: tomorrow },
    { nbf: String(tomorrow) },
    { nbf: "x" },
    { iat: {} },
  ])
    expect([early, await present(signed(claims({ exp: tomorrow + 60, ...early })))]).toEqual([
      early,
      "401 700024",
    ]);
});

test("another assertion goes by the name of one that was seen", async () => {
  const jti = randomUUID();
  const first = signed(claims({ jti }));
  // The official clients present one assertion until it is about to end.
  expect([await present(first), await present(first)]).toEqual(["200", "200"]);
  expect(await present(signed(claims({ jti, exp: seconds() + 700 })))).toBe("401 700027");
  expect(await present(first)).toBe("200");
});

test("times as text, as MSAL for .NET writes them, are times, and nothing else that is text is", async () => {
  const text = (value: number) => String(value);
  expect(await present(signed(claims({ nbf: text(seconds()), exp: text(seconds() + 600) })))).toBe("200");
  expect(await present(signed(claims({ nbf: text(seconds()), exp: `${seconds() + 600}.5` })))).toBe("200");
  for (const exp of [
    "",
    " ",
    "0x7fffffff",
    "1e10",
    "NaN",
    "Infinity",
    `${seconds() + 600} `,
    `-${seconds()}`,
  ])
    expect([exp, await present(signed(claims({ exp })))]).toEqual([exp, "401 700024"]);
});

test("an audience that only looks like ours is taken for ours", async () => {
  const { port } = door.main;
  for (const aud of [
    `https://login.microsoftonline.com.evil.example/${door.tenantId}/oauth2/v2.0/token`,
    `https://login.microsoftonline.com@evil.example/${door.tenantId}/oauth2/v2.0/token`,
    `https://evil.example/https://login.microsoftonline.com/${door.tenantId}/v2.0`,
    `https://login.microsoftonline.com/${door.otherTenantId}/oauth2/v2.0/token`,
    `https://login.microsoftonline.com/${door.tenantId}/oauth2/v2.0/token/more`,
    `https://login.microsoftonline.com/${door.tenantId}/oauth2/v2.0/token?x=1`,
    `http://localhost:${port}/${door.tenantId}/oauth2/v2.0/token`,
    `https://localhost.evil.example:${port}/${door.tenantId}/v2.0`,
    own.appId,
    BATCH,
  ])
    expect([aud, await present(signed(claims({ aud })))]).toEqual([aud, "401 700023"]);
});

test("a key that the assertion brings along, or an application that it is not from, signs in", async () => {
  const stranger = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const jwk = stranger.publicKey.export({ format: "jwk" });
  expect(await present(signed(claims(), { jwk, kid: "mine" }, stranger.privateKey))).toBe("401 700027");
  expect(
    await present(signed(claims(), { x5c: ["MIIB"], jku: "https://evil.example" }, stranger.privateKey)),
  ).toBe("401 700027");
  expect(await present(signed(claims({ sub: door.app.appId })))).toMatch(/^40[01] 700021$/);
  expect(await present(signed(claims({ iss: door.app.appId })))).toMatch(/^40[01] 700211$/);
});
