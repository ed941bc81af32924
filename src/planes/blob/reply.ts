/** The reply of the program behind, as the Blob service gives it: under the request's own id and version, and with a code and a body where it refuses. */
import type { IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import type { Exchange } from "../../http/exchange.ts";
import type { BlobErrorCode } from "../../wire/storage/error-codes.ts";
import { blobFault } from "./blob-fault.ts";
import type { BlobRequest } from "./blob-request.ts";
import { exposedHeaders } from "./cross-origin.ts";
import { commonHeaders } from "./envelope.ts";

/** Between two hops only (RFC 9110 section 7.6.1), of the program behind, or said anew. */
const DROPPED = new Set([
  "connection",
  "keep-alive",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "server",
  "vary",
  "x-ms-request-id",
  "x-ms-version",
  "x-ms-client-request-id",
]);

/** What a signature may say that the reply's headers are. */
const OVERRIDES: Readonly<Record<string, string>> = {
  rscc: "cache-control",
  rscd: "content-disposition",
  rsce: "content-encoding",
  rscl: "content-language",
  rsct: "content-type",
};

export interface ReplyOptions {
  /** A right signature may speak of the reply's headers. */
  readonly isOverridden?: boolean;
  /** Patterns of headers that a script of another origin may read. */
  readonly exposed?: readonly string[] | undefined;
}

/** Names and values in turn. */
export function replyHeaders(
  request: Pick<BlobRequest, "id" | "headers" | "query">,
  { rawHeaders }: IncomingMessage,
  { isOverridden = false, exposed }: ReplyOptions = {},
): string[] {
  const overrides = Object.entries(OVERRIDES)
    .map(([parameter, header]) => [header, isOverridden ? request.query.get(parameter) : undefined] as const)
    .filter((pair): pair is readonly [string, string] => pair[1] !== undefined && isHeaderText(pair[1]));
  const overridden = new Set(overrides.map(([header]) => header));
  const headers = [...commonHeaders(request), ...overrides.flat()];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name = "", value = ""] = rawHeaders.slice(at, at + 2);
    const small = name.toLowerCase();
    const isHere = DROPPED.has(small) || overridden.has(small) || small.startsWith("access-control-");
    if (!isHere) headers.push(name, value);
  }
  if (exposed) {
    const names = headers.filter((_, at) => at % 2 === 0);
    headers.push("access-control-expose-headers", exposedHeaders(exposed, names));
  }
  return headers;
}

const isHeaderText = (value: string): boolean => /^[\t\x20-\x7e\x80-\xff]*$/.test(value);

const ERROR_MAX_BYTES = 64 * 1024;

/**
 * The program's own error with the request's id in it.
 * @throws Fault instead of one without a code or a body
 */
export async function refuseAsBackend(
  exchange: Exchange,
  reply: IncomingMessage,
  { hasXmlBody, exposed }: { readonly hasXmlBody: boolean } & ReplyOptions,
): Promise<void> {
  const status = reply.statusCode ?? 500;
  const code = reply.headers["x-ms-error-code"];
  const isHead = exchange.method === "HEAD";
  const said = isHead ? "" : (await text(reply)).slice(0, ERROR_MAX_BYTES);
  if (isHead) reply.resume();
  if (code === undefined || (said === "" && !isHead)) throw blobFault(plainCode(status, hasXmlBody));
  const inner = String(reply.headers["x-ms-request-id"] ?? "");
  const body = inner === "" ? said : said.replaceAll(inner, exchange.id);
  const headers = replyHeaders(exchange, reply, { exposed });
  const kept: string[] = [];
  for (let at = 0; at < headers.length; at += 2) {
    if (headers[at]?.toLowerCase() !== "content-length") kept.push(headers[at] ?? "", headers[at + 1] ?? "");
  }
  if (isHead) exchange.response.writeHead(status, kept).end();
  else exchange.reply(status, kept, body);
}

/** For refusals that the program behind makes without a word. */
function plainCode(status: number, hasXmlBody: boolean): BlobErrorCode {
  if (status >= 500) return "InternalError";
  return hasXmlBody ? "InvalidXmlDocument" : "InvalidHeaderValue";
}
