/**
 * A request to the Blob service as the front judges it: a whole exchange, or one part of a batch. What two readers could read in two ways
 * is refused here, before anything is decided.
 */
import type { IncomingHttpHeaders } from "node:http";
import type { AnsweredAuthority, Exchange } from "../../http/exchange.ts";
import { plainAddress } from "../../http/plain-address.ts";
import { Query } from "../../http/query.ts";
import { UNBUILT_HEADERS, UNBUILT_PARAMETERS } from "../../wire/storage/blob-headers.ts";
import { isBlobApiVersion } from "../../wire/storage/blob-version.ts";
import { blobFault } from "./blob-fault.ts";

export interface BlobRequest {
  /** A GUID. */
  readonly id: string;
  readonly method: string;
  /** Still encoded, as sent. */
  readonly rawPath: string;
  readonly rawQuery: string;
  readonly query: Query;
  readonly headers: IncomingHttpHeaders;
  readonly authority: AnsweredAuthority;
  /** IPv4 where there is one; this machine's own is `127.0.0.1`. */
  readonly clientAddress: string;
  /** For logs. */
  readonly shortPath: string;
  /** Calls back with the reply's status, 0 for none. */
  onEnd(listener: (status: number) => void): void;
}

/** No operation has half as many, also not with a signature's. */
const PARAMETERS_MAX = 40;
const PARAMETER_NAME = /^[A-Za-z0-9_.$-]{1,64}$/;
/** Visible ASCII but the fragment's sign, and whole escapes. */
const QUERY = /^(?:[!"$&-~]|%[0-9a-f]{2})*$/i;

export function blobRequest(exchange: Exchange): BlobRequest {
  const { id, method, rawPath, rawQuery, headers, authority, shortPath, request } = exchange;
  refuseDuplicates(request.rawHeaders);
  return {
    id,
    method,
    rawPath,
    rawQuery,
    query: readQuery(rawQuery),
    headers,
    authority,
    shortPath,
    clientAddress: plainAddress(request.socket.remoteAddress),
    onEnd: (listener) => exchange.onEnd(listener),
  };
}

/** @throws Fault InvalidUri, InvalidQueryParameterValue */
export function readQuery(rawQuery: string): Query {
  if (!QUERY.test(rawQuery)) throw blobFault("InvalidUri");
  try {
    decodeURIComponent(rawQuery);
  } catch {
    throw blobFault("InvalidUri");
  }
  const query = new Query(rawQuery);
  const names = query.names();
  if (names.length > PARAMETERS_MAX) {
    throw blobFault("InvalidQueryParameterValue", {
      Reason: `A request has at most ${PARAMETERS_MAX} parameters.`,
    });
  }
  const odd = query.duplicated() ?? names.find((name) => !PARAMETER_NAME.test(name));
  if (odd !== undefined || new Set(names.map((name) => name.toLowerCase())).size < names.length) {
    throw blobFault("InvalidQueryParameterValue", { QueryParameterName: (odd ?? "").slice(0, 64) });
  }
  return query;
}

/** @throws Fault InvalidHeaderValue for one of the service's own headers that is there twice */
function refuseDuplicates(rawHeaders: readonly string[]): void {
  const seen = new Set<string>();
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? "").toLowerCase();
    if (seen.has(name) && isOwn(name))
      throw blobFault("InvalidHeaderValue", { HeaderName: name.slice(0, 64) });
    seen.add(name);
  }
}

const OWN = new Set([
  "authorization",
  "content-length",
  "content-md5",
  "content-type",
  "content-encoding",
  "content-language",
  "date",
  "host",
  "origin",
  "range",
]);
const isOwn = (name: string) => name.startsWith("x-ms-") || name.startsWith("if-") || OWN.has(name);

/** @throws Fault UnsupportedQueryParameter for what is not built */
export function checkParameters(query: Query): void {
  const name = query.names().find((each) => Object.hasOwn(UNBUILT_PARAMETERS, each.toLowerCase()));
  if (name === undefined) return;
  const why = UNBUILT_PARAMETERS[name.toLowerCase()] ?? "";
  throw blobFault("UnsupportedQueryParameter", { QueryParameterName: name, Reason: why });
}

/** @throws Fault UnsupportedHeader, InvalidHeaderValue */
export function checkHeaders(headers: IncomingHttpHeaders): void {
  for (const [name, why] of Object.entries(UNBUILT_HEADERS)) {
    if (headers[name] !== undefined) throw blobFault("UnsupportedHeader", { HeaderName: name, Reason: why });
  }
  const version = headers["x-ms-version"];
  if (version !== undefined && (typeof version !== "string" || !isBlobApiVersion(version))) {
    throw blobFault("InvalidHeaderValue", { HeaderName: "x-ms-version" });
  }
}

/** The first and only value. */
export function headerOf({ headers }: Pick<BlobRequest, "headers">, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(",") : value;
}
