/** How Microsoft Graph says that something went wrong. Only a fault's public half leaves. Source: "Microsoft Graph error responses". */
import type { Fault } from "../../core/fault.ts";
import type { Exchange } from "../../http/exchange.ts";

const CLIENT_ID = /^[\w-]{1,64}$/;

/** @param now milliseconds since the epoch */
export function replyFault(exchange: Exchange, { code, message, status = 500 }: Fault, now: number): void {
  const { id } = exchange;
  const { "client-request-id": sent } = exchange.headers;
  const clientId = typeof sent === "string" && CLIENT_ID.test(sent) ? sent : id;
  const headers = ["request-id", id, "client-request-id", clientId, "Cache-Control", "no-store"];
  if (status === 401) headers.push("WWW-Authenticate", "Bearer");
  // Graph writes the time without milliseconds and without a zone.
  const date = new Date(now).toISOString().slice(0, 19);
  const innerError = { date, "request-id": id, "client-request-id": clientId };
  exchange.replyJson(status, headers, { error: { code, message, innerError } });
}
