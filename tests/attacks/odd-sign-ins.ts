/** Requests to every endpoint of the token service, each with right values among wrong ones: parameters, bodies, headers, assertions, cookies. */
import { AZURE_CLI_APP_ID, PORTAL_APP_ID } from "../../src/wire/entra/first-party.ts";
import type { SeededRandom } from "../e2e/chaos/seeded-random.ts";
import type { PlaneRequest } from "./plane-sender.ts";

/** What there is in the service, of which a stranger may know some. */
interface Known {
  readonly tenantId: string;
  readonly clientId: string | null;
  readonly clientSecret: string | null;
}

const ENDPOINTS = [
  ".well-known/openid-configuration",
  "v2.0/.well-known/openid-configuration",
  "discovery/instance",
  "discovery/keys",
  "discovery/v2.0/keys",
  "oauth2/token",
  "oauth2/v2.0/token",
  "oauth2/token",
  "oauth2/v2.0/token",
  "oauth2/authorize",
  "oauth2/v2.0/authorize",
  "oauth2/v2.0/authorize/login.microsoftonline.com",
  "oauth2/devicecode",
  "oauth2/v2.0/devicecode",
  "oauth2/deviceauth",
  "adminconsent",
  "v2.0/adminconsent",
  "oauth2/logout",
  "oauth2/v2.0/logout",
  "oauth2/form-post.js",
  "oauth2/signed-out.js",
  "openid/userinfo",
  "userrealm/somebody@example.com",
] as const;

const GRANTS = [
  "client_credentials",
  "password",
  "authorization_code",
  "refresh_token",
  "device_code",
  "urn:ietf:params:oauth:grant-type:device_code",
  "urn:ietf:params:oauth:grant-type:jwt-bearer",
  "__proto__",
] as const;

const ODD = [
  "",
  " ",
  "\u0000",
  "__proto__",
  "constructor",
  "toString",
  "1e308",
  "-1",
  "[]",
  "{",
  "null",
  "\ud800",
  "<script>alert(1)</script>",
  "%ff",
  "../..",
  "a b  c",
  "://",
  "https://[::1",
  "javascript:alert(1)",
  `api://${"x".repeat(3_000)}`,
  "/.default ".repeat(400),
  "a".repeat(20_000),
  `${"(".repeat(900)}x`,
  "\r\nset-cookie: a=b",
  "é".repeat(300),
] as const;

type Values = readonly [string, ...string[]];

/** Each parameter with values that mean something. */
function parameters({ tenantId, ...known }: Known): Readonly<Record<string, Values>> {
  const [clientId, clientSecret] = [known.clientId ?? "a", known.clientSecret ?? "b"];
  const client = [clientId, AZURE_CLI_APP_ID, PORTAL_APP_ID, tenantId] as const;
  return {
    grant_type: GRANTS,
    client_id: client,
    client_secret: [clientSecret, "wrong"],
    scope: ["https://batch.core.windows.net//.default openid", "openid", "User.Read", "a/b c/d", "/.default"],
    resource: ["https://management.azure.com/", clientId, "https://localhost"],
    username: ["admin@contoso.example", "nobody"],
    password: ["wrong"],
    code: ["x".repeat(43), "made-up"],
    refresh_token: ["y".repeat(43), "made-up"],
    device_code: ["z".repeat(43)],
    user_code: ["ABCD1234"],
    redirect_uri: ["http://localhost", "http://localhost:1/x?y", "https://web.example/back"],
    response_type: ["code", "id_token", "code id_token token"],
    response_mode: ["query", "fragment", "form_post"],
    code_challenge: ["c".repeat(43)],
    code_challenge_method: ["S256", "plain"],
    code_verifier: ["v".repeat(43)],
    state: ["s"],
    nonce: ["n"],
    prompt: ["none", "login", "consent", "select_account", "admin_consent none"],
    login_hint: ["admin@contoso.example"],
    claims: [
      '{"access_token":{"xms_cc":{"values":["cp1"]}}}',
      `${'{"a":'.repeat(4_000)}1${"}".repeat(4_000)}`,
    ],
    client_assertion_type: ["urn:ietf:params:oauth:client-assertion-type:jwt-bearer"],
    client_assertion: ["a.b.c"],
    assertion: ["a.b.c"],
    requested_token_use: ["on_behalf_of"],
    client_info: ["1"],
    post_logout_redirect_uri: ["http://localhost", "https://web.example/back"],
    id_token_hint: ["a.b.c"],
    authorization_endpoint: ["https://login.microsoftonline.com/common/oauth2/authorize"],
    step: ["sign-in", "change-password", "accept", "confirm", "code", "decline"],
    csrf: ["x"],
    new_password: ["long enough"],
    token_type: ["Bearer", "pop"],
    req_cnf: ["e30"],
  };
}

export function oddSignIn(random: SeededRandom, known: Known): PlaneRequest {
  const tenant = random.pick([
    known.tenantId,
    known.tenantId,
    "common",
    "organizations",
    "adfs",
    "consumers",
    "contoso.example",
    "%00",
    "..%2f",
    "a".repeat(300),
  ]);
  const path = random.chance(0.02) ? "/devicelogin" : `/${tenant}/${random.pick(ENDPOINTS)}`;
  const isPost = random.chance(path.includes("token") ? 0.95 : 0.4);
  const query = random.chance(isPost ? 0.2 : 0.95) ? `?${form(random, known)}` : "";
  const request = {
    plane: "entra",
    path: `${path}${query}`.slice(0, 12_000),
    headers: headers(random),
  } as const;
  if (!isPost) return { ...request, method: random.pick(["GET", "GET", "HEAD", "OPTIONS", "DELETE"]) };
  return { ...request, method: "POST", body: body(random, known) };
}

function form(random: SeededRandom, known: Known): string {
  const all = Object.entries(parameters(known));
  const chosen = all.filter(() => random.chance(0.35));
  // Most requests are right but for one thing, so that they come far.
  const pairs = chosen.map(([name, values]) => {
    const value = random.chance(0.85) ? random.pick(values) : random.pick(ODD);
    const isJwt = name.endsWith("assertion") || name === "id_token_hint";
    return `${name}=${encoded(random, isJwt && random.chance(0.9) ? jwt(random, known) : value)}`;
  });
  if (random.chance(0.05)) pairs.push(...pairs.slice(0, 1));
  if (random.chance(0.02)) pairs.push("p=1&".repeat(random.upTo(3_000)));
  return pairs.join("&");
}

function encoded(random: SeededRandom, value: string): string {
  if (random.chance(0.03)) return value.replaceAll(/[^\x21-\x7e]|[#&]/g, "");
  return encodeURIComponent(value.toWellFormed()).replaceAll("%20", random.chance(0.5) ? "+" : "%20");
}

function jwt(random: SeededRandom, { clientId, tenantId }: Known): string {
  const odd = () =>
    random.pick<unknown>(["", 0, -1, 1e308, null, [], {}, "1796000000", true, "__proto__", [[["a"]]]]);
  const right = <Value>(value: Value) => (random.chance(0.8) ? value : odd());
  const header = {
    alg: right("RS256"),
    typ: "JWT",
    kid: right("k"),
    x5t: right("x"),
    [String(odd())]: odd(),
  };
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: right(
      random.pick([
        clientId,
        `https://sts.windows.net/${tenantId}/`,
        "https://127.0.0.1/x",
        "https://issuer.example",
      ]),
    ),
    sub: right(clientId),
    aud: right(`https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`),
    exp: right(now + 300),
    nbf: right(now),
    jti: right("j"),
    tid: right(tenantId),
    ver: right("2.0"),
  };
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const deep = random.chance(0.03) ? Buffer.from("[".repeat(9_000)).toString("base64url") : part(claims);
  return `${part(header)}.${deep}.${random.pick(["", "c2ln", "!!", "a".repeat(4_000)])}`;
}

function headers(random: SeededRandom): Readonly<Record<string, string>> {
  const all: Readonly<Record<string, Values>> = {
    "content-type": [
      "application/x-www-form-urlencoded",
      "application/x-www-form-urlencoded",
      "application/json",
      "text/plain; charset=x",
    ],
    authorization: [
      "Basic !!!",
      "Basic YTpi",
      "Bearer a.b.c",
      `Basic ${"QQ".repeat(4_000)}`,
      `Bearer ${" ".repeat(2_000)}x`,
    ],
    origin: ["https://spa.example", "null", "http://localhost:5005"],
    cookie: [
      "batchyard-session=x; batchyard-browser=y",
      `${"a=b; ".repeat(1_500)}`,
      "=;=;;=",
      "batchyard-browser=%00",
    ],
    "client-request-id": ["a", "00000000-0000-0000-0000-000000000000"],
    "return-client-request-id": ["true"],
    "sec-fetch-site": ["same-origin", "cross-site"],
    "access-control-request-headers": ["authorization", "a,,b", `${"x,".repeat(2_000)}x`],
    "accept-language": ["de, en;q=0.5"],
  };
  const chosen = Object.entries(all).filter(([name]) => random.chance(name === "content-type" ? 0.95 : 0.15));
  return Object.fromEntries(chosen.map(([name, values]) => [name, random.pick(values)]));
}

function body(random: SeededRandom, known: Known): string {
  const kind = random.pick([
    "form",
    "form",
    "form",
    "form",
    "form",
    "form",
    "form",
    "form",
    "json",
    "large",
    "torn",
  ]);
  switch (kind) {
    case "json":
      return random.chance(0.5) ? "{}" : "[".repeat(20_000);
    case "large":
      return random.pick([
        `scope=${"%20".repeat(40_000)}`,
        `client_assertion=${"e30.".repeat(30_000)}`,
        "a=1&".repeat(30_000),
        `grant_type=password&password=${"x".repeat(125_000)}`,
        "%".repeat(100_000),
      ]);
    case "torn":
      return "grant_type=client_credentials&client_id=%";
    default:
      return form(random, known);
  }
}
