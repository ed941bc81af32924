/**
 * The SharedKey signature of a request. Source: Azure page "Authenticate requests to the Azure Batch service", section
 * "Authentication via shared key", and what official clients were seen to sign.
 */
import type { IncomingHttpHeaders } from "node:http";
import { isSignedBy } from "../../../core/signature/signed-by.ts";

const SIGNED_HEADERS = [
  "content-encoding",
  "content-language",
  "content-length",
  "content-md5",
  "content-type",
  "date",
  "if-modified-since",
  "if-match",
  "if-none-match",
  "if-unmodified-since",
  "range",
] as const;

/** How far a client's clock may be off. Milliseconds. */
export const MAX_CLOCK_SKEW_MS = 15 * 60_000;

export interface SignedRequest {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  /** As sent, still encoded. */
  readonly rawPath: string;
  /** Decoded names and values, each name once. */
  readonly query: readonly (readonly [name: string, value: string])[];
}

export function sharedKeyStringToSign(
  account: string,
  { method, headers, rawPath, query }: SignedRequest,
  nameOf: (name: string) => string = (name) => name.toLowerCase(),
): string {
  const standard = SIGNED_HEADERS.map((name) => headers[name] ?? "");
  const custom = Object.keys(headers)
    .filter((name) => name.startsWith("ocp-"))
    .sort()
    .map((name) => `${name}:${String(headers[name]).trim()}`);
  const parameters = query
    .map(([name, value]) => [nameOf(name), value] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, value]) => `\n${name}:${value}`);
  return `${[method, ...standard, ...custom].join("\n")}\n/${account}${rawPath}${parameters.join("")}`;
}

/**
 * What clients were seen to sign for one request: names of query parameters in small letters or as they are sent, and, by the .NET and
 * Node libraries until 2018, a path with its encoded slashes and backslashes as slashes.
 */
function textsToSign(account: string, request: SignedRequest): ReadonlySet<string> {
  const rawPath = request.rawPath.replace(/%2f|%5c/gi, "/");
  return new Set(
    [request, { ...request, rawPath }].flatMap((each) => [
      sharedKeyStringToSign(account, each),
      sharedKeyStringToSign(account, each, (name) => name),
    ]),
  );
}

export type SharedKeyRefusal = "malformed" | "otherAccount" | "noDate" | "skewed" | "badSignature";

/**
 * @param authorization the header's value after `SharedKey `
 * @param keys both keys of the account, decoded
 */
export function sharedKeyVerify(
  account: string,
  keys: readonly Uint8Array[],
  authorization: string,
  request: SignedRequest,
  now: number,
): "ok" | SharedKeyRefusal {
  const colon = authorization.indexOf(":");
  if (colon < 0) return "malformed";
  if (authorization.slice(0, colon).toLowerCase() !== account.toLowerCase()) return "otherAccount";
  const signature = Buffer.from(authorization.slice(colon + 1), "base64");
  if (signature.length !== 32) return "malformed";
  const texts = textsToSign(authorization.slice(0, colon), request);
  if (!isSignedBy(keys, texts, signature)) return "badSignature";
  const date = Date.parse(String(request.headers["ocp-date"] ?? request.headers.date ?? ""));
  if (Number.isNaN(date)) return "noDate";
  return Math.abs(now - date) <= MAX_CLOCK_SKEW_MS ? "ok" : "skewed";
}
