/**
 * What goes on to the program behind: of headers and parameters those that the operation's row has, written anew, and nothing else. So it
 * cannot read another operation out of the request than the one that was judged.
 */
import type { BlobOperation } from "../../wire/storage/blob-operations.ts";
import { BLOB_API_VERSION } from "../../wire/storage/blob-version.ts";
import { blobFault } from "./blob-fault.ts";
import { type BlobRequest, headerOf } from "./blob-request.ts";

/** Of every operation. */
const COMMON_HEADERS = ["x-ms-version", "x-ms-client-request-id"];
const COMMON_PARAMETERS = ["restype", "comp", "timeout"];
/** To take the request without them would be to do it where it was not to be done. */
const CONDITION_HEADERS = [
  "if-match",
  "if-none-match",
  "if-modified-since",
  "if-unmodified-since",
  "x-ms-if-tags",
];

/** Properties of a blob that a request sets, and its tier. Without a value they say nothing, as AzCopy sends those that it has not got. */
const isUnsaid = (name: string, value: string): boolean =>
  value === "" &&
  (/^x-ms-blob-(?:content-|cache-control$)/.test(name) ||
    name === "content-md5" ||
    name === "x-ms-access-tier");

/** By small names. @throws Fault ConditionHeadersNotSupported, MissingContentLengthHeader, RequestBodyTooLarge, InvalidHeaderValue */
export function forwardedHeaders(request: BlobRequest, operation: BlobOperation): Map<string, string> {
  const kept = new Map([["x-ms-version", BLOB_API_VERSION]]);
  for (const name of Object.keys(request.headers)) {
    const value = headerOf(request, name);
    if (value === undefined || isUnsaid(name, value)) continue;
    if (COMMON_HEADERS.includes(name) || isOf(operation, name)) kept.set(name, value);
  }
  const condition = CONDITION_HEADERS.find((name) => request.headers[name] !== undefined && !kept.has(name));
  // Browsers and caches send conditions with whatever they read; there they only save a reply.
  if (condition !== undefined && request.method !== "GET" && request.method !== "HEAD") {
    throw blobFault("ConditionHeadersNotSupported", { HeaderName: condition });
  }
  kept.set("content-length", String(bodyLength(request, operation)));
  return kept;
}

const isOf = ({ headers }: BlobOperation, name: string): boolean =>
  headers.some((own) =>
    own.endsWith("-") ? name.startsWith(own) && name.length > own.length : own === name,
  );

/** Bytes of the body that is to be sent on. */
export function bodyLength(request: BlobRequest, { body }: BlobOperation): number {
  if (request.headers["transfer-encoding"] !== undefined) throw blobFault("MissingContentLengthHeader");
  const given = headerOf(request, "content-length");
  if (body === undefined) {
    if (given !== undefined && Number(given) > 0) {
      throw blobFault("InvalidHeaderValue", {
        HeaderName: "content-length",
        Reason: "The operation has no body.",
      });
    }
    return 0;
  }
  if (given === undefined) throw blobFault("MissingContentLengthHeader");
  const length = Number(given);
  if (!Number.isSafeInteger(length)) throw blobFault("InvalidHeaderValue", { HeaderName: "content-length" });
  if (body !== "bytes" && length > body) throw blobFault("RequestBodyTooLarge", { MaxLimit: String(body) });
  return length;
}

/** Encoded, without the question mark. */
export function forwardedQuery({ query }: Pick<BlobRequest, "query">, operation: BlobOperation): string {
  return [...COMMON_PARAMETERS, ...operation.query]
    .map((name) => [name, query.get(name)] as const)
    .filter((pair): pair is readonly [string, string] => pair[1] !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join("&");
}
