/**
 * Answers browsers that ask whether a script of another origin may call: the service's own pages always may, others as the account's rules say.
 * It grants no right: the request itself is authenticated and authorized like any other. Sources: "Preflight Blob Request"; "Fetch Standard".
 */
import { corsRules } from "../../app/storage/cors-rules.ts";
import type { Storage } from "../../app/storage/storage.ts";
import { type CorsRule, corsRuleFor } from "../../core/storage/cors.ts";
import type { Exchange } from "../../http/exchange.ts";
import { blobAddress } from "./address.ts";
import { blobFault } from "./blob-fault.ts";
import { commonHeaders } from "./envelope.ts";

const OWN_RULE: Omit<CorsRule, "origins"> = {
  methods: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"],
  headers: ["*"],
  exposed: [
    "content-range",
    "content-disposition",
    "content-encoding",
    "content-md5",
    "accept-ranges",
    "etag",
    "last-modified",
    "content-length",
    "x-ms-*",
  ],
  maxAgeSeconds: 600,
};
const HEADER_NAME = /^[\w-]{1,64}$/;
const HEADER_NAMES_MAX = 64;
const ORIGIN_MAX_CHARACTERS = 256;

export interface CrossOrigin {
  readonly isAnswered: boolean;
  readonly exposed: readonly string[] | undefined;
}

const OTHERS: CrossOrigin = { isAnswered: false, exposed: undefined };

/**
 * To be asked before anything else: refusals, too, are the page's to read.
 * @param ownOrigins those of the service's own pages
 * @returns whether the exchange was a preflight and is answered, and patterns of the headers that the script may read of the reply
 * @throws Fault CorsPreflightFailure, InvalidHeaderValue
 */
export async function crossOrigin(
  storage: Storage,
  exchange: Exchange,
  ownOrigins: readonly string[],
): Promise<CrossOrigin> {
  const { origin, "access-control-request-method": wanted } = exchange.headers;
  const isPreflight = exchange.method === "OPTIONS";
  if (isPreflight && (origin === undefined || wanted === undefined)) {
    throw blobFault("InvalidHeaderValue", {
      HeaderName: origin === undefined ? "Origin" : "Access-Control-Request-Method",
    });
  }
  if (origin === undefined || origin.length > ORIGIN_MAX_CHARACTERS) return OTHERS;
  const headers = isPreflight ? askedHeaders(exchange) : [];
  const method = isPreflight ? String(wanted) : exchange.method;
  const rules = ownOrigins.includes(origin)
    ? [{ ...OWN_RULE, origins: [origin] }]
    : await corsRules(storage, blobAddress(storage, exchange).account);
  const rule = corsRuleFor(rules, { origin, method, headers });
  if (!rule) {
    if (isPreflight) throw blobFault("CorsPreflightFailure");
    if (rules.length > 0) exchange.response.setHeader("vary", "Origin");
    return OTHERS;
  }
  const isAny = rule.origins.includes("*");
  const { response } = exchange;
  response.setHeader("access-control-allow-origin", isAny ? "*" : origin);
  if (!isAny) {
    response.setHeader("vary", "Origin");
    response.setHeader("access-control-allow-credentials", "true");
  }
  if (!isPreflight) {
    response.setHeader("access-control-expose-headers", exposedHeaders(rule.exposed, []));
    return { isAnswered: false, exposed: rule.exposed };
  }
  const allowed = [
    ...commonHeaders(exchange),
    ...["access-control-allow-methods", method, "access-control-max-age", String(rule.maxAgeSeconds)],
  ];
  if (headers.length > 0) allowed.push("access-control-allow-headers", headers.join(","));
  exchange.reply(200, allowed);
  return { isAnswered: true, exposed: undefined };
}

/** @throws Fault InvalidHeaderValue */
function askedHeaders({ headers }: Exchange): string[] {
  const given = headers["access-control-request-headers"];
  if (given === undefined || given.trim() === "") return [];
  const names = given.split(",").map((name) => name.trim());
  if (names.length > HEADER_NAMES_MAX || !names.every((name) => HEADER_NAME.test(name))) {
    throw blobFault("InvalidHeaderValue", { HeaderName: "Access-Control-Request-Headers" });
  }
  return names;
}

const ALWAYS_THERE = ["x-ms-request-id", "x-ms-version", "x-ms-error-code"];

/** @param names of a reply's headers. @returns those that the patterns let a script read, as a browser is told them: it knows no patterns */
export function exposedHeaders(patterns: readonly string[], names: readonly string[]): string {
  const known = [...names.map((name) => name.toLowerCase()), ...ALWAYS_THERE];
  const shown = patterns.flatMap((pattern) =>
    pattern.endsWith("*")
      ? known.filter((name) => name.startsWith(pattern.slice(0, -1).toLowerCase()))
      : [pattern.toLowerCase()],
  );
  return [...new Set(shown)].join(",");
}
