/** What tokens say: in the version and with the claims that the application asks for whose tokens they are. */
import { createPublicKey, X509Certificate } from "node:crypto";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Application, applicationUpdate } from "../../../src/app/directory/application.ts";
import { directoryRoleMemberAdd } from "../../../src/app/directory/directory-role.ts";
import { groupCreate, groupMemberAdd } from "../../../src/app/directory/group.ts";
import { userUpdate } from "../../../src/app/directory/user.ts";
import { APPLICATION_ADMINISTRATOR } from "../../../src/wire/entra/directory-roles.ts";
import { AZURE_CLI_APP_ID, AZURE_POWERSHELL_APP_ID } from "../../../src/wire/entra/first-party.ts";
import type { OptionalClaim, Registration } from "../../../src/wire/entra/registration.ts";
import { send } from "../raw-request.fixture.ts";
import {
  BATCH,
  BATCH_SCOPE,
  openSignInDoor,
  pkce,
  redeem,
  type SignInDoor,
  SPA_REDIRECT,
  signInForCode,
  tokenRequest,
} from "./sign-in.fixture.ts";

let door: SignInDoor;
let api: Application;
let secret: string;
beforeAll(async () => {
  door = await openSignInDoor();
  api = await door.register({});
  secret = await door.secretFor(api.appId);
  await change({ identifierUris: [`api://${api.appId}`] });
});
afterAll(() => door?.close());

const change = async (registration: Partial<Registration>) => {
  api = await applicationUpdate(door.directory, door.tenantId, api.appId, { registration });
};
const claim = (name: string, ...additionalProperties: string[]): OptionalClaim => ({
  name,
  source: null,
  essential: false,
  additionalProperties,
});
const claims = (idToken: OptionalClaim[], accessToken: OptionalClaim[]) => ({
  optionalClaims: { idToken, accessToken, saml2Token: [] },
});
/** A token of an application that acts as itself, for the API. */
const asItself = async (more: Record<string, string> = {}) => {
  const own = {
    grant_type: "client_credentials",
    client_id: door.clientId,
    client_secret: door.clientSecret,
  };
  const reply = await tokenRequest(door, { ...own, scope: `api://${api.appId}/.default`, ...more });
  return { reply, payload: decodeJwt(reply.json.access_token) };
};
/** Ann's, for the API that is its own client. */
const ofAnn = async (more: Record<string, string> = {}) => {
  const own = { grant_type: "password", client_id: api.appId, client_secret: secret };
  const account = { username: "ann@test.example", password: door.password };
  const scope = `openid profile api://${api.appId}/.default`;
  const { json } = await tokenRequest(door, { ...own, ...account, scope, ...more });
  return { access: decodeJwt(json.access_token), id: decodeJwt(json.id_token), json };
};

test("an API registered today gets tokens of version 2, and of version 1 where it asks for them", async () => {
  const { reply, payload } = await asItself();
  const issuer = `https://localhost:${door.main.port}/${door.tenantId}/v2.0`;
  expect(payload).toMatchObject({
    aud: api.appId,
    iss: issuer,
    azp: door.clientId,
    azpacr: "1",
    ver: "2.0",
    oid: door.servicePrincipalId,
    sub: door.servicePrincipalId,
  });
  for (const name of ["appid", "appidacr", "idp", "idtyp"]) expect(payload).not.toHaveProperty(name);
  const header = decodeProtectedHeader(reply.json.access_token);
  expect([header.kid?.length, header.x5t]).toEqual([27, undefined]);
  const user = (await ofAnn()).access;
  expect(user).toMatchObject({ ver: "2.0", preferred_username: "ann@test.example", name: "ann" });
  for (const name of ["upn", "unique_name", "ipaddr", "idtyp"]) expect(user).not.toHaveProperty(name);

  await change({ api: { ...api.registration.api, requestedAccessTokenVersion: null } });
  const { payload: one, reply: first } = await asItself();
  expect(one).toMatchObject({
    aud: `api://${api.appId}`,
    iss: `https://sts.windows.net/${door.tenantId}/`,
    appid: door.clientId,
    ver: "1.0",
  });
  // Azure's own APIs are told; one's own asks for it.
  expect(one).not.toHaveProperty("idtyp");
  expect(decodeProtectedHeader(first.json.access_token)).toMatchObject({ x5t: header.kid, kid: header.kid });
  expect((await ofAnn()).access).toMatchObject({ ver: "1.0", upn: "ann@test.example", ipaddr: "127.0.0.1" });
  await change({ api: { ...api.registration.api, requestedAccessTokenVersion: 2 } });
});

test("keys have a certificate, by whose thumbprint they go", async () => {
  const { json } = await send(door, { path: `/${door.tenantId}/discovery/v2.0/keys` });
  const [key] = json.keys;
  expect(Object.keys(key).sort()).toEqual(["e", "issuer", "kid", "kty", "n", "use", "x5c", "x5t"]);
  const certificate = new X509Certificate(Buffer.from(key.x5c[0], "base64"));
  expect(key.kid).toBe(key.x5t);
  const jwk = createPublicKey({ key: { kty: key.kty, n: key.n, e: key.e }, format: "jwk" });
  expect(certificate.publicKey.equals(jwk)).toBe(true);
});

test("a token's uti is the request's id, and an id token says when only if that is asked for", async () => {
  // Who asks within a second as the same application gets the same token.
  door.advance(1000);
  const { reply, payload } = await asItself();
  const bytes = Buffer.from(String(payload.uti), "base64url");
  const fields = [bytes.subarray(0, 4), bytes.subarray(4, 6), bytes.subarray(6, 8)].map((field) =>
    field.reverse(),
  );
  expect(Buffer.concat([...fields, bytes.subarray(8)]).toString("hex")).toBe(
    String(reply.headers["x-ms-request-id"]).replaceAll("-", ""),
  );
  expect([typeof payload.rh, typeof payload.aio]).toEqual(["string", "string"]);
  expect((await ofAnn()).id).not.toHaveProperty("auth_time");
});

test("optional claims come in the tokens of the kind that they are asked for, and in no other", async () => {
  await userUpdate(door.directory, door.tenantId, door.ann.objectId, {
    profile: { givenName: "Ann", surname: "Test", mail: "ann@mail.example", preferredLanguage: "en-US" },
  });
  await change(
    claims(
      [claim("auth_time"), claim("given_name"), claim("upn"), claim("acct"), claim("ctry")],
      [
        claim("idtyp"),
        claim("email"),
        claim("family_name"),
        claim("ipaddr"),
        claim("xms_cc"),
        claim("xms_pl"),
      ],
    ),
  );
  const { access, id } = await ofAnn();
  expect(id).toMatchObject({ given_name: "Ann", upn: "ann@test.example", acct: 0 });
  expect(Math.abs(Number(id.auth_time) - door.clock() / 1000)).toBeLessThan(60);
  for (const name of ["email", "family_name", "ctry"]) expect(id).not.toHaveProperty(name);
  expect(access).toMatchObject({
    email: "ann@mail.example",
    family_name: "Test",
    ipaddr: "127.0.0.1",
    xms_pl: "en-US",
  });
  for (const name of ["given_name", "upn", "idtyp", "xms_cc"]) expect(access).not.toHaveProperty(name);
  const capable = JSON.stringify({ access_token: { xms_cc: { values: ["cp1"] } } });
  expect((await asItself({ claims: capable })).payload).toMatchObject({ idtyp: "app", xms_cc: ["CP1"] });
  expect((await asItself({ scope: `${BATCH}/.default`, claims: capable })).payload.xms_cc).toEqual(["CP1"]);
  expect((await asItself()).payload).not.toHaveProperty("xms_cc");
  const own = { client_id: door.clientId, client_secret: door.clientSecret, scope: `${BATCH}/.default` };
  const wrong = await tokenRequest(door, { grant_type: "client_credentials", ...own, claims: "{" });
  expect(wrong.json.error_codes).toEqual([90013]);
  await change(claims([claim("email")], [claim("idtyp", "include_user_token")]));
  expect((await ofAnn()).access.idtyp).toBe("user");
  expect((await ofAnn()).id.email).toBe("ann@mail.example");
  await change({ optionalClaims: null });
});

test("groups and directory roles are told to whom the registration says", async () => {
  const { directory, tenantId, ann } = door;
  const inner = await groupCreate(directory, tenantId, { displayName: "Inner" }, door.clock());
  const outer = await groupCreate(directory, tenantId, { displayName: "Outer" }, door.clock());
  await groupMemberAdd(directory, tenantId, outer.objectId, inner.objectId);
  await groupMemberAdd(directory, tenantId, inner.objectId, ann.objectId);
  await groupMemberAdd(directory, tenantId, outer.objectId, door.servicePrincipalId);
  await directoryRoleMemberAdd(directory, tenantId, APPLICATION_ADMINISTRATOR.templateId, ann.objectId);
  expect((await ofAnn()).access).not.toHaveProperty("groups");
  await change({ groupMembershipClaims: "All" });
  const both = [inner.objectId, outer.objectId].sort();
  const told = await ofAnn();
  for (const token of [told.access, told.id])
    expect(token).toMatchObject({ groups: both, wids: [APPLICATION_ADMINISTRATOR.templateId] });
  expect((await asItself()).payload.groups).toEqual([outer.objectId]);
  await change(claims([], [claim("groups", "cloud_displayname", "emit_as_roles")]));
  expect((await ofAnn()).access.roles).toEqual(["Inner", "Outer"]);
  // Of the directory a token for somebody else's API tells nothing.
  const { payload } = await asItself({ scope: `${BATCH}/.default` });
  expect(payload).not.toHaveProperty("groups");
  await change({ groupMembershipClaims: null, optionalClaims: null });
});

test("Azure's own public clients are a family: one uses the other's refresh token, a stranger does not", async () => {
  const account = { username: "ann@test.example", password: door.password };
  const { json } = await tokenRequest(door, {
    grant_type: "password",
    client_id: AZURE_CLI_APP_ID,
    scope: BATCH_SCOPE,
    ...account,
  });
  expect(json.foci).toBe("1");
  const use = (client_id: string, refresh_token: string) =>
    tokenRequest(door, { grant_type: "refresh_token", client_id, refresh_token, scope: `${BATCH}/.default` });
  expect((await use(door.app.appId, json.refresh_token)).json.error_codes).toEqual([70000]);
  const next = (await use(AZURE_POWERSHELL_APP_ID, json.refresh_token)).json;
  expect(decodeJwt(next.access_token).appid).toBe(AZURE_POWERSHELL_APP_ID);
  // Who was signed in is told again, though `/.default` does not ask for it.
  expect([next.foci, decodeJwt(next.id_token).oid]).toEqual(["1", door.ann.objectId]);
  expect((await ofAnn()).json).not.toHaveProperty("foci");
});

test("a single-page application is told how long its refresh token has left, and a browser's session has a name", async () => {
  const { challenge, verifier } = pkce();
  const asked = { redirect_uri: SPA_REDIRECT, code_challenge: challenge, code_challenge_method: "S256" };
  const { answer } = await signInForCode(door, asked);
  expect(answer.get("session_state")).toMatch(/^[0-9a-f-]{36}$/);
  door.advance(60_000);
  const form = { redirect_uri: SPA_REDIRECT, code_verifier: verifier };
  const headers = { headers: { origin: new URL(SPA_REDIRECT).origin } };
  const { json } = await redeem(door, answer.get("code") ?? "", form, headers);
  expect(json.refresh_token_expires_in).toBeGreaterThan(86_400 - 120);
  expect(json.refresh_token_expires_in).toBeLessThanOrEqual(86_400 - 60);
});
