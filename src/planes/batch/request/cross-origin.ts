/**
 * Lets the scripts of the service's own pages call an account's endpoint from a browser, with bearer tokens; to the pages of
 * every other origin the browser shows nothing. It grants no right: the request is authenticated and authorized like any other.
 * Source: "Fetch Standard", on the CORS protocol.
 */
import type { Exchange } from "../../../http/exchange.ts";

const METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
const MAX_AGE_SECONDS = "600";

/** What a script may read of a reply besides the few headers that every script may. */
const EXPOSED = [
  "request-id",
  "client-request-id",
  "ETag",
  "Last-Modified",
  "Location",
  "DataServiceId",
  "DataServiceVersion",
  "Content-Length",
  "Retry-After",
  "ocp-creation-time",
  "ocp-batch-file-isdirectory",
  "ocp-batch-file-url",
  "ocp-batch-file-mode",
].join(", ");

/** Names of headers, separated by commas; a browser sends no more of them than a program's own and a few of the protocol's. */
const HEADER_NAMES = /^[\w-]{1,64}(?:, ?[\w-]{1,64}){0,63}$/;

/**
 * To be asked before anything else: refusals, too, are the page's to read.
 * @param origin that of the service's own pages; undefined where it serves none
 * @returns whether the exchange was a preflight and is answered
 */
export function crossOrigin(exchange: Exchange, origin: string | undefined): boolean {
  const { origin: asking, "access-control-request-headers": headers } = exchange.headers;
  if (asking === undefined || asking !== origin) return false;
  const { response } = exchange;
  response.setHeader("access-control-allow-origin", asking);
  response.setHeader("vary", "origin");
  if (exchange.method !== "OPTIONS" || exchange.headers["access-control-request-method"] === undefined) {
    response.setHeader("access-control-expose-headers", EXPOSED);
    return false;
  }
  const allowed = ["access-control-allow-methods", METHODS, "access-control-max-age", MAX_AGE_SECONDS];
  if (headers !== undefined && HEADER_NAMES.test(headers))
    allowed.push("access-control-allow-headers", headers);
  exchange.reply(204, allowed);
  return true;
}
