/**
 * The one place where this plane's replies take their shape: JSON that no cache keeps, and the error body whose description
 * ends in the ids that a support request would name. Only a fault's public half leaves.
 */
import { randomUUID } from "node:crypto";
import type { Fault } from "../../../core/fault.ts";
import { isGuid } from "../../../core/guid.ts";
import type { Exchange } from "../../../http/exchange.ts";
import { ENTRA_ERRORS, type EntraErrorCode } from "../../../wire/entra/error-codes.ts";

/** A reply that holds, or refuses, a token (RFC 6749 section 5.1). */
export function replyUncached(exchange: Exchange, status: number, body: unknown): void {
  const headers = idHeaders(exchange);
  headers.push("cache-control", "no-store", "pragma", "no-cache");
  if (status === 429) headers.push("retry-after", "1");
  exchange.replyJson(status, headers, body);
}

/** A public document, which clients may keep for a while. */
export function replyDocument(exchange: Exchange, body: unknown): void {
  const headers = [...idHeaders(exchange), "cache-control", "max-age=86400, private"];
  headers.push("access-control-allow-origin", "*");
  exchange.replyJson(200, headers, body);
}

/** @param now epoch milliseconds */
export function replyFault(exchange: Exchange, fault: Fault, now: number, isDiscovery: boolean): void {
  const code = entraErrorCode(fault);
  const known = code === undefined ? undefined : ENTRA_ERRORS[code];
  const { timestamp, traceId, correlationId, text } = faultDescription(exchange, fault, now);
  // A page that looks for a tenant that is not there is to read that, too.
  if (isDiscovery) exchange.response.setHeader("access-control-allow-origin", "*");
  replyUncached(exchange, fault.status ?? 400, {
    error: (isDiscovery ? known?.errorOfDiscovery : undefined) ?? known?.error ?? "invalid_request",
    error_description: text,
    error_codes: code === undefined ? [] : [code],
    timestamp,
    trace_id: traceId,
    correlation_id: correlationId,
    ...(code !== undefined && { error_uri: `https://login.microsoftonline.com/error?code=${code}` }),
    ...(known?.suberror !== undefined && { suberror: known.suberror }),
  });
}

export interface FaultDescription {
  /** As clients print it, one line: with the ids that a support request would name. */
  readonly text: string;
  readonly timestamp: string;
  readonly traceId: string;
  readonly correlationId: string;
}

export function faultDescription(exchange: Exchange, fault: Fault, now: number): FaultDescription {
  const timestamp = `${new Date(now).toISOString().slice(0, 19).replace("T", " ")}Z`;
  const traceId = exchange.id;
  const correlationId = clientRequestId(exchange) ?? randomUUID();
  const about = `Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`;
  return { text: `${fault.code}: ${fault.message} ${about}`, timestamp, traceId, correlationId };
}

/** OAuth's word for a fault that goes back to a redirect URI. */
export function authorizeError(fault: Fault): string {
  const code = entraErrorCode(fault);
  const known = code === undefined ? undefined : ENTRA_ERRORS[code];
  return known?.errorOfAuthorize ?? known?.error ?? "server_error";
}

/** Undefined for what is no fault of the token service's own. */
export function entraErrorCode({ code }: Fault): EntraErrorCode | undefined {
  const number = Number(/^AADSTS(\d+)$/.exec(code)?.[1]);
  return Object.hasOwn(ENTRA_ERRORS, number) ? (number as EntraErrorCode) : undefined;
}

function idHeaders(exchange: Exchange): string[] {
  const headers = ["x-ms-request-id", exchange.id];
  if (exchange.headers["return-client-request-id"] === "true") {
    const id = clientRequestId(exchange);
    if (id !== undefined) headers.push("client-request-id", id);
  }
  return headers;
}

/** MSAL for JavaScript sends it as a parameter, everyone else as a header. Only a GUID is repeated to the client. */
function clientRequestId(exchange: Exchange): string | undefined {
  const id = exchange.headers["client-request-id"] ?? exchange.query.get("client-request-id");
  return typeof id === "string" && isGuid(id) ? id : undefined;
}
