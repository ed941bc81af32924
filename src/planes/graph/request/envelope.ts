/** How Microsoft Graph replies, and how it says that something went wrong. Source: "Microsoft Graph error responses". */
import type { Fault } from "../../../core/fault.ts";
import type { Exchange } from "../../../http/exchange.ts";

/** @param location below the version */
export function replySuccess(exchange: Exchange, status: number, json?: object, location?: string): void {
  const { headers } = commonHeaders(exchange);
  if (location !== undefined) headers.push("Location", versionUrl(exchange) + location);
  headers.push("OData-Version", "4.0");
  if (json === undefined) exchange.reply(status, headers);
  else exchange.replyJson(status, headers, json);
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
  const details = values.map(({ key, value }) => ({ code, message: value, target: key }));
  const error = { code, message, ...(details.length > 0 && { details }), innerError };
  exchange.replyJson(status, headers, { error });
}

/** The base of Graph's own URLs, as the client sees them. */
export function versionUrl(exchange: Exchange): string {
  return `${exchange.origin}/${exchange.segments[0]?.toLowerCase() ?? "v1.0"}`;
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
