/**
 * What a request to a node's metadata endpoint asks for, or why it is refused. Pure. Sources: "Azure Instance Metadata
 * Service"; "How to use managed identities for Azure resources on an Azure VM to acquire an access token".
 */
import type { IncomingHttpHeaders } from "node:http";
import type { IdentityName } from "../../wire/agent/messages.ts";
import { IDENTITY_API_VERSIONS, IMDS_API_VERSIONS, newestVersions } from "../../wire/imds/api-versions.ts";

export interface TokenAsk {
  readonly resource: string;
  readonly identity?: IdentityName;
  /** Not one that was issued before. */
  readonly isFresh: boolean;
}

export type MetadataWish =
  | { readonly kind: "token"; readonly ask: TokenAsk }
  /** A part of what is known of the machine, as JSON or as text. */
  | {
      readonly kind: "instance";
      readonly version: string;
      readonly path: readonly string[];
      readonly isText: boolean;
    }
  /** The tenant of the identities. */
  | { readonly kind: "identityInfo" }
  | { readonly kind: "versions" }
  | RefusedWish;

export interface RefusedWish {
  readonly kind: "refused";
  readonly status: number;
  readonly body: object;
  readonly reason: string;
  /** It was to get at an identity, or past somebody: the service is to know. */
  readonly isAttempt: boolean;
}

export interface MetadataRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  /** The form of a POST. */
  readonly form?: string;
}

const TOKEN_PATH = "/metadata/identity/oauth2/token";
const INSTANCE_PATH = "/metadata/instance";
/** Azure has these, and here they are not built. */
const UNBUILT = /^\/metadata\/(attested|loadbalancer|scheduledevents)(\/|$)/;
/** Paths of other endpoints that give tokens, and tries at ways round. */
const TOKEN_LIKE = /identity|token/;
const VALUE_MAX_CHARACTERS = 1024;
/** What proxies add, and clients of this address never send. Azure looks for the first of them only. */
const FORWARDING = /^(x-forwarded-.*|forwarded|via)$/;

const NAMES: Readonly<Record<string, IdentityName["by"]>> = {
  client_id: "client_id",
  object_id: "object_id",
  mi_res_id: "mi_res_id",
  msi_res_id: "mi_res_id",
};

/**
 * The endpoint inside a node that has an address of its own: every client knows it.
 * @param hosts what the Host header may be: a name that somebody made lead here is none of them
 */
export function metadataWish(
  { method, target, headers }: MetadataRequest,
  hosts: readonly string[],
): MetadataWish {
  const { path, query } = split(target);
  const refuse = path.startsWith("/metadata/identity") ? refused : refusedPlainly;
  const refusal = headerRefusal(headers, target, hosts, refuse);
  if (refusal) return refusal;
  const isInstance = path === INSTANCE_PATH || path.startsWith(`${INSTANCE_PATH}/`);
  const isKnown = isInstance || [TOKEN_PATH, "/metadata/identity/info", "/metadata/versions"].includes(path);
  if (UNBUILT.test(path))
    return refuse(501, "not_implemented", "This category of metadata is not built yet.");
  if (!isKnown) return refuse(404, "not_found", "Not found", TOKEN_LIKE.test(path));
  if (method !== "GET") return refuse(405, "method_not_allowed", "Method not allowed: only GET is");
  if (path === "/metadata/versions") return { kind: "versions" };
  if (isInstance) return instanceWish(target, query);
  const refusedVersion = versionRefusal(query, IDENTITY_API_VERSIONS);
  if (refusedVersion) return refusedVersion;
  return path === TOKEN_PATH ? tokenWish(query) : { kind: "identityInfo" };
}

/** App Service's endpoint: `IDENTITY_ENDPOINT` and `IDENTITY_HEADER`. @param isKnown whether the header holds the secret */
export function appServiceWish(
  { method, target, headers }: MetadataRequest,
  hosts: readonly string[],
  isKnown: boolean,
): MetadataWish {
  const refusal = forwardingRefusal(headers, target, hosts, refused);
  if (refusal) return refusal;
  if (!isKnown) return refused(401, "unauthorized", "X-IDENTITY-HEADER is missing or wrong.");
  if (method !== "GET") return refused(405, "method_not_allowed", "Method not allowed: only GET is");
  const { query } = split(target);
  return versionRefusal(query, ["2019-08-01"]) ?? tokenWish(query);
}

/** The older endpoint of `MSI_ENDPOINT`: a form, or the same in the query. */
export function formWish(
  { method, target, headers, form = "" }: MetadataRequest,
  hosts: readonly string[],
): MetadataWish {
  const refusal = headerRefusal(headers, target, hosts, refused);
  if (refusal) return refusal;
  if (method === "GET") return tokenWish(split(target).query);
  if (method !== "POST")
    return refused(405, "method_not_allowed", "Method not allowed: only GET and POST are");
  return tokenWish(new URLSearchParams(form));
}

type Refuse = (status: number, error: string, description: string, isAttempt?: boolean) => RefusedWish;

/** As OAuth writes errors (RFC 6749 section 5.2): where identities are concerned. */
export function refused(status: number, error: string, description: string, isAttempt = true): RefusedWish {
  return {
    kind: "refused",
    status,
    body: { error, error_description: description },
    reason: description,
    isAttempt,
  };
}

/** As the other categories do, which hold nothing that is worth an attempt. */
export function refusedPlainly(
  status: number,
  _error: string,
  description: string,
  isAttempt = false,
): RefusedWish {
  const text = status === 400 ? `Bad request. ${description}` : description;
  return { kind: "refused", status, body: { error: text }, reason: description, isAttempt };
}

/** A proxy, or a server that was made to fetch a URL, cannot send this header. */
function headerRefusal(
  headers: IncomingHttpHeaders,
  target: string,
  hosts: readonly string[],
  refuse: Refuse,
): RefusedWish | undefined {
  const refusal = forwardingRefusal(headers, target, hosts, refuse);
  if (refusal) return refusal;
  const { metadata } = headers;
  return typeof metadata === "string" && metadata.toLowerCase() === "true"
    ? undefined
    : refuse(400, "invalid_request", "Required metadata header not specified");
}

/** Proxies often send one of these headers or a whole URL; a browser that a name was made to lead here sends that name. */
function forwardingRefusal(
  headers: IncomingHttpHeaders,
  target: string,
  hosts: readonly string[],
  refuse: Refuse,
): RefusedWish | undefined {
  const header = Object.keys(headers).find((name) => FORWARDING.test(name));
  if (header !== undefined)
    return refuse(400, "invalid_request", `Forwarded requests are not answered: ${shown(header)}`, true);
  if (!target.startsWith("/"))
    return refuse(400, "invalid_request", "Forwarded requests are not answered: the target is a URL", true);
  return headers.host === undefined || hosts.includes(headers.host.toLowerCase())
    ? undefined
    : refuse(400, "invalid_request", "The Host header names another server", true);
}

function versionRefusal(query: URLSearchParams, known: readonly string[]): RefusedWish | undefined {
  if (isVersion(query, known)) return undefined;
  const said = query.has("api-version") ? "is not supported" : "is missing";
  const refusal = refused(400, "invalid_request", `api-version ${said}. Supported: ${known.join(", ")}`);
  return { ...refusal, body: { ...refusal.body, "newest-versions": newestVersions(known) } };
}

function isVersion(query: URLSearchParams, known: readonly string[]): boolean {
  const [version, ...more] = query.getAll("api-version");
  return version !== undefined && more.length === 0 && known.includes(version);
}

function instanceWish(target: string, query: URLSearchParams): MetadataWish {
  const refuse = (description: string) => refusedPlainly(400, "invalid_request", description);
  if (!isVersion(query, IMDS_API_VERSIONS)) {
    const refusal = refuse("api-version is invalid or was not specified in the request.");
    return { ...refusal, body: { ...refusal.body, "newest-versions": newestVersions(IMDS_API_VERSIONS) } };
  }
  const twice = duplicate(query);
  if (twice !== undefined) return refuse(`'${shown(twice)}' is given more than once.`);
  const format = query.get("format")?.toLowerCase() ?? "json";
  if (format !== "json" && format !== "text") return refuse("'format' is json or text.");
  const [path = ""] = target.split("?", 1);
  return {
    kind: "instance",
    version: query.get("api-version") ?? "",
    path: path
      .slice(INSTANCE_PATH.length)
      .split("/")
      .filter((name) => name !== ""),
    isText: format === "text",
  };
}

function tokenWish(query: URLSearchParams): MetadataWish {
  const twice = duplicate(query);
  if (twice !== undefined) return invalid(`'${shown(twice)}' is given more than once.`);
  for (const [name, value] of query)
    if (value.length > VALUE_MAX_CHARACTERS) return invalid(`The value of '${shown(name)}' is too long.`);
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

function duplicate(query: URLSearchParams): string | undefined {
  return [...query.keys()].find((name) => query.getAll(name).length > 1);
}

/** A slash at the path's end makes no difference: clients differ in it. */
function split(target: string): { readonly path: string; readonly query: URLSearchParams } {
  const [path = "", query = ""] = target.split("?", 2);
  return { path: path.replace(/\/$/, "").toLowerCase(), query: new URLSearchParams(query) };
}
