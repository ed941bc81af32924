/**
 * The SharedKey and SharedKeyLite signatures of the Blob service. Pure. Source: "Authorize with Shared Key", sections "Blob, Queue, and File
 * Services (Shared Key authorization)", "… (Shared Key Lite authorization)" and "Shared Key format for 2009-09-19 and later".
 */
import { isSignedBy } from "../signature/signed-by.ts";

export interface SignedStorageRequest {
  readonly method: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Still encoded, as it is sent. */
  readonly path: string;
  /** Still encoded, without the question mark. */
  readonly query: string;
}

export type SharedKeyScheme = "sharedkey" | "sharedkeylite";

/** How far a client's clock may be off. Milliseconds. */
export const STORAGE_CLOCK_SKEW_MS = 15 * 60_000;

/** In the order in which they are signed. */
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
];
const SIGNED_LITE = ["content-md5", "content-type", "date"];

type Order = (a: string, b: string) => number;
const byCode: Order = (a, b) => (a < b ? -1 : 1);
/** Some of Azure's clients sort as people do: an underscore before a hyphen, both before letters. */
const byCollation: Order = (a, b) => a.localeCompare(b);

/**
 * Whether one of the keys signed the request.
 * @param signature base64
 */
export function sharedKeyMatches(
  scheme: SharedKeyScheme,
  account: string,
  keys: readonly Uint8Array[],
  signature: string,
  request: SignedStorageRequest,
): boolean {
  const given = Buffer.from(signature, "base64");
  // A plus sign in a query is a blank to some clients, and a plus sign to others.
  const readings = [request, { ...request, query: request.query.replaceAll("+", "%20") }];
  const texts = new Set(
    readings.flatMap((reading) =>
      [byCode, byCollation].map((order) => sharedKeyText(scheme, account, reading, order)),
    ),
  );
  return isSignedBy(keys, texts, given);
}

/** What is signed. */
export function sharedKeyText(
  scheme: SharedKeyScheme,
  account: string,
  request: SignedStorageRequest,
  order: Order = byCode,
): string {
  const { method, headers } = request;
  const names = scheme === "sharedkey" ? SIGNED_HEADERS : SIGNED_LITE;
  const standard = names.map((name) => {
    if (name === "date" && headers["x-ms-date"] !== undefined) return "";
    const value = headers[name] ?? "";
    return name === "content-length" && value === "0" ? "" : value;
  });
  const own = Object.keys(headers)
    .filter((name) => name.startsWith("x-ms-"))
    .sort(order)
    .map((name) => `${name}:${headers[name]}`);
  const resource = scheme === "sharedkey" ? canonicalResource : canonicalResourceLite;
  return [method, ...standard, ...own, resource(account, request)].join("\n");
}

function canonicalResource(account: string, { path, query }: SignedStorageRequest): string {
  const lines = [...parametersOf(query)]
    .sort(([a], [b]) => byCode(a, b))
    .map(([name, values]) => `${name}:${values.sort().join(",")}`);
  return [`/${account}${path}`, ...lines].join("\n");
}

function canonicalResourceLite(account: string, { path, query }: SignedStorageRequest): string {
  const [comp] = parametersOf(query).get("comp") ?? [];
  return `/${account}${path}${comp === undefined ? "" : `?comp=${comp}`}`;
}

function parametersOf(query: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(query.replaceAll("+", "%2B"))) {
    const known = found.get(name.toLowerCase());
    if (known) known.push(value);
    else found.set(name.toLowerCase(), [value]);
  }
  return found;
}
