/** Requests to Microsoft Graph and to the token service with each list or text at its limit. */
import { graphOperations } from "../../../src/wire/graph/operations.ts";
import { filters, HEADER_VALUES, LONG_QUERY, oddBodies, type WideRequest } from "./wide-texts.ts";

const GRAPH_BODY_BYTES = 1_048_576;
const BATCH_BODY_BYTES = 1024 * 1024;
const FORM_BYTES = 128 * 1024;
const JSON_TYPE = { "content-type": "application/json" };
const FORM_TYPE = { "content-type": "application/x-www-form-urlencoded" };
const GUID = (n: number) => `00000000-0000-4000-8000-${n.toString(16).padStart(12, "0")}`;

/** @param objectId of an application */
export function* widestOfGraph(objectId: string): Generator<WideRequest> {
  for (const [id, { method, path }] of Object.entries(graphOperations)) {
    const filled = (value: string) => `/v1.0${path.replaceAll(/\{(\w+)\}/g, value)}`;
    // What would take away what the others need is tried on what is not there.
    const target = method === "DELETE" || /Remove/.test(id) ? GUID(0) : objectId;
    const request = (what: string, target: string, headers: Record<string, string>, body?: () => string) => ({
      what: `${id}: ${what}`,
      plane: "graph" as const,
      method,
      path: target,
      headers,
      ...(body !== undefined && { body }),
    });
    yield request("ids", filled("x".repeat(12_000)), {});
    yield request("key", filled(`a(b='${"'".repeat(12_000)}')`), {});
    yield request("parameters", `${filled(target)}?${LONG_QUERY}`, {});
    if (method === "GET") {
      for (const [what, text] of filters("displayName"))
        yield request(`$filter ${what}`, `${filled(objectId)}?$filter=${text}`, {
          consistencylevel: "eventual",
        });
      for (const name of ["$select", "$orderby", "$expand", "$search", "$skiptoken", "$top", "$count"])
        for (const piece of ["displayName,", '"a:b" AND ', "(", "9"])
          yield request(
            `${name} ${piece}`,
            `${filled(objectId)}?${name}=${encodeURIComponent(piece).repeat(1_200)}`,
            {
              consistencylevel: "eventual",
            },
          );
    } else if (method !== "DELETE") {
      for (const [what, body] of oddBodies(GRAPH_BODY_BYTES))
        yield request(what, filled(target), JSON_TYPE, body);
      for (const [what, body] of bodiesOf(id))
        yield request(what, filled(target), JSON_TYPE, () => JSON.stringify(body));
    }
  }
  yield* batches();
}

function* bodiesOf(id: string): Generator<readonly [string, object]> {
  const [resource = ""] = id.split("_");
  for (const [path, value] of Object.entries(LONG_OF[resource] ?? {}))
    yield [path, { ...SMALLEST_OF[resource], [path]: value }];
}

const many = <Each>(each: (n: number) => Each, count: number) =>
  Array.from({ length: count }, (_, n) => each(n));
const text = "a".repeat(GRAPH_BODY_BYTES - 1_000);
/** As many as the page on manifests allows, and as many as a body holds. */
const lists = <Each>(name: string, each: (n: number) => Each, most: number) => ({
  [name]: many(each, 1_200),
  [`${name} `]: many(each, most),
});
const scope = (n: number) => ({
  id: GUID(n),
  value: `v${n}`,
  type: "User",
  isEnabled: true,
  adminConsentDisplayName: "a",
  adminConsentDescription: "b",
});
const role = (n: number) => ({
  id: GUID(n),
  value: `v${n}`,
  displayName: `r${n}`,
  description: "d",
  isEnabled: true,
  allowedMemberTypes: ["User"],
});

const LONG_OF: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  Applications: {
    displayName: text,
    ...lists("appRoles", role, 5_000),
    ...lists("identifierUris", (n) => `api://a${n}`, 40_000),
    ...lists("tags", (n) => `t${n}`, 90_000),
    ...lists(
      "requiredResourceAccess",
      (n) => ({ resourceAppId: GUID(n), resourceAccess: [{ id: GUID(n), type: "Scope" }] }),
      6_000,
    ),
    ...lists("keyCredentials", () => ({ type: "AsymmetricX509Cert", usage: "Verify", key: "aaaa" }), 12_000),
    web: { redirectUris: many((n) => `https://a.example/${n}`, 1_200) },
    spa: { redirectUris: many((n) => `https://a.example/${n}`, 30_000) },
    api: { oauth2PermissionScopes: many(scope, 1_200) },
    "api ": {
      preAuthorizedApplications: many(
        (n) => ({ appId: GUID(n), delegatedPermissionIds: many(GUID, 1_200) }),
        10,
      ),
    },
  },
  ServicePrincipals: { displayName: text, ...lists("tags", (n) => `t${n}`, 90_000), appId: text },
  FederatedIdentityCredentials: { ...lists("audiences", (n) => `a${n}`, 90_000), subject: text, name: text },
  Users: {
    displayName: text,
    passwordProfile: { password: text },
    ...lists("securityEnabledGroups", GUID, 20_000),
    ...lists("businessPhones", (n) => `${n}`, 90_000),
  },
  Groups: {
    displayName: text,
    ...lists(
      "members@odata.bind",
      (n) => `https://graph.microsoft.com/v1.0/directoryObjects/${GUID(n)}`,
      11_000,
    ),
    ...lists("groupTypes", (n) => `g${n}`, 90_000),
  },
  OAuth2PermissionGrants: { scope: "a ".repeat(500_000) },
  DirectoryObjects: {
    ...lists("ids", GUID, 26_000),
    ...lists("groupIds", GUID, 26_000),
    ...lists("types", (n) => `t${n}`, 90_000),
  },
};

const SMALLEST_OF: Readonly<Record<string, object>> = {
  Applications: { displayName: "wide" },
  ServicePrincipals: { appId: GUID(1) },
  FederatedIdentityCredentials: { name: "wide", issuer: "https://a.example", subject: "s", audiences: ["a"] },
  Users: {
    displayName: "wide",
    mailNickname: "wide",
    accountEnabled: true,
    userPrincipalName: "wide@a.example",
    passwordProfile: { password: "Aa1!aaaaaaaa" },
  },
  Groups: { displayName: "wide", mailEnabled: false, mailNickname: "wide", securityEnabled: true },
  OAuth2PermissionGrants: { clientId: GUID(1), consentType: "AllPrincipals", resourceId: GUID(2) },
};

function* batches(): Generator<WideRequest> {
  const batch = (what: string, body: () => string): WideRequest => ({
    what: `$batch: ${what}`,
    plane: "graph",
    method: "POST",
    path: "/v1.0/$batch",
    headers: JSON_TYPE,
    body,
  });
  for (const [what, body] of oddBodies(BATCH_BODY_BYTES)) yield batch(what, body);
  const steps = (each: (n: number) => object) => () =>
    JSON.stringify({ requests: many((n) => ({ id: `${n}`, method: "GET", url: "/users", ...each(n) }), 20) });
  yield batch(
    "20 lists",
    steps(() => ({})),
  );
  yield batch(
    "20 long filters",
    steps(() => ({ url: `/users?$filter=${filters("displayName")[0]?.[1]}` })),
  );
  yield batch(
    "dependsOn",
    steps((n) => ({ dependsOn: n === 0 ? [] : many(() => `${n - 1}`, 9_000) })),
  );
  yield batch(
    "url",
    steps(() => ({ url: `/${"a/".repeat(24_000)}` })),
  );
  yield batch(
    "query",
    steps(() => ({ url: `/users?${many((n) => `a${n}=b`, 5_000).join("&")}` })),
  );
  yield batch(
    "headers",
    steps(() => ({ headers: Object.fromEntries(many((n) => [`h${n}`, "v"], 3_500)) })),
  );
  const roles = { displayName: "wide", appRoles: many(role, 1_200) };
  yield batch(
    "bodies",
    steps(() => ({ method: "POST", url: "/applications", headers: JSON_TYPE, body: roles })),
  );
}

export function* widestOfTokenService(tenantId: string): Generator<WideRequest> {
  const words = (name: string, value: string) => `&${name}=${value}`;
  const grants: Readonly<Record<string, readonly string[]>> = {
    client_credentials: ["client_id", "client_secret", "scope", "resource", "client_assertion"],
    password: ["username", "password", "scope", "client_id"],
    refresh_token: ["refresh_token", "scope", "client_id"],
    authorization_code: ["code", "redirect_uri", "code_verifier", "client_id"],
    "urn:ietf:params:oauth:grant-type:device_code": ["device_code", "client_id"],
    "urn:ietf:params:oauth:grant-type:jwt-bearer": ["assertion", "requested_token_use", "scope"],
  };
  const long = ["a", "%20", "a.", "e30.", "a+", "%25", "/", "=", "https://a/"];
  const post = (
    what: string,
    path: string,
    body: () => string,
    headers: Record<string, string> = FORM_TYPE,
  ) => ({
    what: `token service: ${what}`,
    plane: "entra" as const,
    method: "POST",
    path: `/${tenantId}/${path}`,
    headers,
    body,
  });
  for (const [grant, names] of Object.entries(grants))
    for (const name of names)
      for (const piece of long) {
        const room = FORM_BYTES - 1_000;
        const others = names
          .filter((each) => each !== name && each !== "client_assertion")
          .map((each) => words(each, "a"));
        const assertion = "&client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
        const form = `grant_type=${grant}${others.join("")}${name === "client_assertion" ? assertion : ""}`;
        const body = () => form + words(name, piece.repeat(Math.floor(room / piece.length)));
        yield post(`${grant} ${name} ${piece}`, "oauth2/v2.0/token", body);
      }
  yield post("parameters", "oauth2/v2.0/token", () => many((n) => `p${n}=a`, 14_000).join("&"));
  for (const piece of long) {
    const scope = piece.repeat(Math.floor((FORM_BYTES - 1_000) / piece.length));
    yield post(`devicecode ${piece}`, "oauth2/v2.0/devicecode", () => `client_id=a&scope=${scope}`);
    const query = ["client_id", "redirect_uri", "scope", "state", "nonce", "login_hint", "prompt", "claims"];
    for (const name of query) {
      const value = piece.repeat(Math.floor(25_000 / piece.length));
      const path = `/${tenantId}/oauth2/v2.0/authorize?response_type=code${words(name, value)}`;
      yield { what: `authorize ${name} ${piece}`, plane: "entra", method: "GET", path, headers: {} };
    }
  }
  for (const name of ["authorization", "cookie", "origin", "accept-language", "user-agent"])
    for (const [what, value] of HEADER_VALUES) {
      const headers = { ...FORM_TYPE, [name]: name === "authorization" ? `Basic ${value}` : value };
      yield post(`${name} ${what}`, "oauth2/v2.0/token", () => "grant_type=client_credentials", headers);
    }
  const cookie = many((n) => `c${n}=a`, 3_000).join("; ");
  yield post("cookies", "oauth2/v2.0/token", () => "grant_type=client_credentials", { ...FORM_TYPE, cookie });
}
