/**
 * Lets scripts of any page call a plane from a browser, as Resource Manager and Microsoft Graph do: with a bearer token, for there is
 * nothing else that a browser could send along by itself. It grants no right. Source: "Fetch Standard", on the CORS protocol.
 */
import type { Exchange } from "./exchange.ts";

const METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
const MAX_AGE_SECONDS = "3600";

/** Names of headers, separated by commas. */
const HEADER_NAMES = /^[\w-]{1,64}(?:, ?[\w-]{1,64}){0,63}$/;

/**
 * To be asked before anything else: refusals, too, are the page's to read.
 * @param exposed names of headers of a reply that a script may read besides the few that every script may
 * @returns whether the exchange was a preflight and is answered
 */
export function answersAnyOrigin(exchange: Exchange, exposed: readonly string[]): boolean {
  const { origin, "access-control-request-headers": asked } = exchange.headers;
  if (origin === undefined) return false;
  const { response } = exchange;
  response.setHeader("access-control-allow-origin", "*");
  if (exchange.method !== "OPTIONS" || exchange.headers["access-control-request-method"] === undefined) {
    response.setHeader("access-control-expose-headers", exposed.join(", "));
    return false;
  }
  const allowed = ["access-control-allow-methods", METHODS, "access-control-max-age", MAX_AGE_SECONDS];
  if (asked !== undefined && HEADER_NAMES.test(asked)) allowed.push("access-control-allow-headers", asked);
  exchange.reply(200, allowed);
  return true;
}
