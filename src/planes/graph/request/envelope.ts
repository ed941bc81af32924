/** How Microsoft Graph replies, and how it says that something went wrong. Source: "Microsoft Graph error responses". */
import type { Fault } from "../../../core/fault.ts";
import type { Exchange } from "../../../http/exchange.ts";
import type { GraphReply } from "./context.ts";

/** As Graph says it of every reply with a body. */
const CONTENT_TYPE =
  "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";

export function replySuccess(exchange: Exchange, status: number, { json, text, location }: GraphReply): void {
  const { headers } = commonHeaders(exchange);
  if (location !== undefined) headers.push("Location", versionUrl(exchange) + location);
  headers.push("OData-Version", "4.0");
  if (text !== undefined) exchange.reply(status, [...headers, "content-type", "text/plain"], text);
  else if (json === undefined) exchange.reply(status, headers);
  else exchange.reply(status, [...headers, "content-type", CONTENT_TYPE], JSON.stringify(json));
}

/** Only a fault's public half leaves. @param now milliseconds since the epoch */
export function replyFault(
  exchange: Exchange,
  { code, message, values, status = 500 }: Fault,
  now: number,
): void {
  const { headers, clientId } = commonHeaders(exchange);
  if (status === 401) headers.push("WWW-Authenticate", "Bearer");
  // Graph writes the time without milliseconds and without a zone.
  const date = new Date(now).toISOString().slice(0, 19);
  const innerError = { date, "request-id": exchange.id, "client-request-id": clientId };
  const details = values.map(({ key, value, code: own = code }) => ({
    code: own,
    message: value,
    target: key,
  }));
  const error = { code, message, ...(details.length > 0 && { details }), innerError };
  exchange.reply(status, [...headers, "content-type", CONTENT_TYPE], JSON.stringify({ error }));
}

/** The base of Graph's own URLs, as the client sees them. */
export function versionUrl(exchange: Exchange): string {
  return `${exchange.origin}/${exchange.segments.find((segment) => segment !== "")?.toLowerCase() ?? "v1.0"}`;
}

const CLIENT_ID = /^[\w-]{1,64}$/;

function commonHeaders({ id, headers: sent }: Exchange): { headers: string[]; clientId: string } {
  const { "client-request-id": asked } = sent;
  const clientId = typeof asked === "string" && CLIENT_ID.test(asked) ? asked : id;
  return {
    headers: ["request-id", id, "client-request-id", clientId, "Cache-Control", "no-store"],
    clientId,
  };
}
