/**
 * The SharedKey signature of the Blob service, and its service SAS. Pure. Source: "Authorize with Shared Key", sections "Blob, Queue, and
 * File Services (Shared Key authorization)" and "Shared Key format for 2009-09-19 and later"; "Create a service SAS", section "Construct the
 * signature string".
 */
import { createHmac } from "node:crypto";

export interface SignedStorageRequest {
  readonly method: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Still encoded, as it is sent. */
  readonly path: string;
  /** Still encoded, without the question mark. */
  readonly query: string;
}

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

/** The value of the Authorization header. */
export function storageSharedKey(account: string, key: Uint8Array, request: SignedStorageRequest): string {
  const { method, headers } = request;
  const standard = SIGNED_HEADERS.map((name) => {
    const value = headers[name] ?? "";
    return name === "content-length" && value === "0" ? "" : value;
  });
  const own = Object.keys(headers)
    .filter((name) => name.startsWith("x-ms-"))
    .sort()
    .map((name) => `${name}:${headers[name]}`);
  const lines = [method, ...standard, ...own, canonicalResource(account, request)];
  return `SharedKey ${account}:${hmac(key, lines.join("\n"))}`;
}

function canonicalResource(account: string, { path, query }: SignedStorageRequest): string {
  const parameters = Map.groupBy(new URLSearchParams(query.replaceAll("+", "%2B")), ([name]) =>
    name.toLowerCase(),
  );
  const lines = [...parameters]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([name, values]) =>
        `${name}:${values
          .map(([, value]) => value)
          .sort()
          .join(",")}`,
    );
  return [`/${account}${path}`, ...lines].join("\n");
}

export interface ServiceSas {
  readonly account: string;
  readonly container: string;
  /** Absent: the signature is for the whole container. */
  readonly blob?: string | undefined;
  /** Letters of `racwdl`. */
  readonly permissions: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

const SAS_VERSION = "2020-10-02";
/** The order in which permissions must stand. */
const PERMISSIONS = "racwdl";

/** The query that grants it, without a question mark. */
export function serviceSasQuery(sas: ServiceSas, key: Uint8Array): string {
  const permissions = [...PERMISSIONS].filter((letter) => sas.permissions.includes(letter)).join("");
  const expiry = `${new Date(sas.expiresAt).toISOString().slice(0, 19)}Z`;
  const resource = sas.blob === undefined ? "c" : "b";
  const path = [sas.account, sas.container, ...(sas.blob === undefined ? [] : [sas.blob])].join("/");
  const signed = [
    permissions,
    "",
    expiry,
    `/blob/${path}`,
    "",
    "",
    "https",
    SAS_VERSION,
    resource,
    // Snapshot time, then five response headers that it could replace.
    ...["", "", "", "", "", ""],
  ];
  return new URLSearchParams({
    sv: SAS_VERSION,
    sr: resource,
    sp: permissions,
    se: expiry,
    spr: "https",
    sig: hmac(key, signed.join("\n")),
  }).toString();
}

function hmac(key: Uint8Array, text: string): string {
  return createHmac("sha256", key).update(text, "utf8").digest("base64");
}
