/**
 * What a request to a node's metadata endpoint asks for, or why it is refused. Pure. Sources: "Azure Instance Metadata
 * Service"; "How to use managed identities for Azure resources on an Azure VM to acquire an access token".
 */
import type { IncomingHttpHeaders } from "node:http";
import type { IdentityName } from "../../wire/agent/messages.ts";

export interface TokenAsk {
  readonly resource: string;
  readonly identity?: IdentityName;
  /** Not one that was issued before. */
  readonly isFresh: boolean;
}

export type MetadataWish =
  | { readonly kind: "token"; readonly ask: TokenAsk }
  | { readonly kind: "versions" }
  | { readonly kind: "refused"; readonly status: number; readonly body: object };

export interface MetadataRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  /** The form of a POST. */
  readonly form?: string;
}

/** Those that clients are known to ask for; the oldest gives tokens. */
export const API_VERSIONS = [
  "2018-02-01",
  "2018-04-02",
  "2018-10-01",
  "2019-02-01",
  "2019-03-11",
  "2019-04-30",
  "2019-06-01",
  "2019-06-04",
  "2019-08-01",
  "2019-08-15",
  "2019-11-01",
  "2020-06-01",
  "2020-07-15",
  "2020-09-01",
  "2020-10-01",
  "2020-12-01",
  "2021-01-01",
  "2021-02-01",
  "2021-03-01",
  "2021-05-01",
  "2021-10-01",
  "2021-11-01",
  "2021-11-15",
  "2021-12-13",
] as const;

const TOKEN_PATH = "/metadata/identity/oauth2/token";
const VALUE_MAX_CHARACTERS = 1024;
const NEWEST = 3;

const NAMES: Readonly<Record<string, IdentityName["by"]>> = {
  client_id: "client_id",
  object_id: "object_id",
  mi_res_id: "mi_res_id",
  msi_res_id: "mi_res_id",
};

/** The endpoint inside a node that has an address of its own: every client knows it. */
export function metadataWish({ method, target, headers }: MetadataRequest): MetadataWish {
  const { path, query } = split(target);
  const refusal = headerRefusal(headers);
  if (refusal) return refusal;
  switch (path) {
    case TOKEN_PATH:
      if (method !== "GET") return refused(405, "method_not_allowed", "Only GET is allowed here.");
      return versionRefusal(query, API_VERSIONS) ?? tokenWish(query);
    case "/metadata/versions":
      if (method !== "GET") return refused(405, "method_not_allowed", "Only GET is allowed here.");
      return { kind: "versions" };
    case "/metadata/instance":
      return refused(501, "not_implemented", "Instance metadata is not built yet.");
    default:
      return path.startsWith("/metadata/instance/")
        ? refused(501, "not_implemented", "Instance metadata is not built yet.")
        : refused(404, "not_found", "There is no such metadata.");
  }
}

/** App Service's endpoint: `IDENTITY_ENDPOINT` and `IDENTITY_HEADER`. @param isKnown whether the header holds the secret */
export function appServiceWish({ method, target, headers }: MetadataRequest, isKnown: boolean): MetadataWish {
  if (headers["x-forwarded-for"] !== undefined) return FORWARDED;
  if (!isKnown) return refused(401, "unauthorized", "X-IDENTITY-HEADER is missing or wrong.");
  if (method !== "GET") return refused(405, "method_not_allowed", "Only GET is allowed here.");
  const { query } = split(target);
  return versionRefusal(query, ["2019-08-01"]) ?? tokenWish(query);
}

/** The older endpoint of `MSI_ENDPOINT`: a form, or the same in the query. */
export function formWish({ method, target, headers, form = "" }: MetadataRequest): MetadataWish {
  const refusal = headerRefusal(headers);
  if (refusal) return refusal;
  if (method === "GET") return tokenWish(split(target).query);
  if (method !== "POST") return refused(405, "method_not_allowed", "Only GET and POST are allowed here.");
  return tokenWish(new URLSearchParams(form));
}

/** As OAuth writes errors (RFC 6749 section 5.2). */
export function refused(status: number, error: string, error_description: string): MetadataWish {
  return { kind: "refused", status, body: { error, error_description } };
}

const FORWARDED = refused(400, "invalid_request", "Forwarded requests are not answered.");

/** A proxy, or a server that was made to fetch a URL, cannot send the one and often sends the other. */
function headerRefusal(headers: IncomingHttpHeaders): MetadataWish | undefined {
  if (headers["x-forwarded-for"] !== undefined) return FORWARDED;
  const { metadata } = headers;
  return typeof metadata === "string" && metadata.toLowerCase() === "true"
    ? undefined
    : refused(400, "invalid_request", "Required metadata header not specified");
}

function versionRefusal(query: URLSearchParams, known: readonly string[]): MetadataWish | undefined {
  const [version, ...more] = query.getAll("api-version");
  if (version !== undefined && more.length === 0 && known.includes(version)) return undefined;
  const said = version === undefined ? "is missing" : "is not supported";
  return {
    kind: "refused",
    status: 400,
    body: {
      error: "invalid_request",
      error_description: `api-version ${said}. Supported: ${known.join(", ")}`,
      "newest-versions": known.slice(-NEWEST).reverse(),
    },
  };
}

function tokenWish(query: URLSearchParams): MetadataWish {
  for (const [name, value] of query) {
    if (query.getAll(name).length > 1) return invalid(`'${shown(name)}' is given more than once.`);
    if (value.length > VALUE_MAX_CHARACTERS) return invalid(`The value of '${shown(name)}' is too long.`);
  }
  const resource = query.get("resource") ?? "";
  if (resource === "") return invalid("Required query variable 'resource' is missing");
  const named = Object.entries(NAMES).flatMap(([name, by]) => {
    const value = query.get(name);
    return value ? [{ by, value }] : [];
  });
  const [identity, ...others] = named;
  if (others.length > 0) return invalid("An identity is named by one parameter only.");
  const isFresh = query.get("bypass_cache")?.toLowerCase() === "true";
  return { kind: "token", ask: { resource, isFresh, ...(identity && { identity }) } };
}

const invalid = (description: string) => refused(400, "invalid_request", description);

const shown = (name: string) => name.slice(0, 40);

/** A slash at the path's end makes no difference: clients differ in it. */
function split(target: string): { readonly path: string; readonly query: URLSearchParams } {
  const [path = "", query = ""] = target.split("?", 2);
  return { path: path.replace(/\/$/, "").toLowerCase(), query: new URLSearchParams(query) };
}
