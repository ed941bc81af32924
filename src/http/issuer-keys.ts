/**
 * Fetches another issuer's public keys (OpenID Connect Discovery 1.0 section 4, RFC 7517). The issuer comes from an
 * application's registration: the request must not be a way to this machine or its network, but to the hosts that whoever runs the service names.
 */

import type { JsonWebKey } from "node:crypto";
import { lookup } from "node:dns";
import { get } from "node:https";
import { BlockList, isIP, type LookupFunction } from "node:net";

const TIMEOUT_MS = 5_000;
const MAX_BYTES = 256 * 1024;
/** For this long an issuer's keys are kept: shorter than any issuer's overlap of keys. */
const KEEP_MS = 600_000;
const MAX_ISSUERS = 200;

/** RFC 6890: loopback, private, link-local, shared and unspecified. */
const NOT_PUBLIC = new BlockList();
for (const [network, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["224.0.0.0", 3],
] as const)
  NOT_PUBLIC.addSubnet(network, prefix, "ipv4");
for (const [network, prefix] of [
  ["::", 96],
  ["64:ff9b::", 96],
  ["fc00::", 7],
  ["fe80::", 10],
  ["ff00::", 8],
] as const)
  NOT_PUBLIC.addSubnet(network, prefix, "ipv6");

/** The address is none that may be asked. */
export class NotPublicAddress extends Error {}

/** @param allowedHosts besides public ones: `host` or `host:port`, lower-case */
export function issuerKeysFetcher(
  allowedHosts: readonly string[] = [],
): (issuer: string) => Promise<readonly JsonWebKey[]> {
  const kept = new Map<string, { readonly until: number; readonly keys: Promise<readonly JsonWebKey[]> }>();
  return (issuer) => {
    const known = kept.get(issuer);
    if (known !== undefined && known.until > Date.now()) return known.keys;
    if (kept.size >= MAX_ISSUERS) kept.clear();
    const keys = fetchKeys(issuer, new Set(allowedHosts));
    kept.set(issuer, { until: Date.now() + KEEP_MS, keys });
    keys.catch(() => kept.delete(issuer));
    return keys;
  };
}

async function fetchKeys(issuer: string, allowed: ReadonlySet<string>): Promise<readonly JsonWebKey[]> {
  const base = issuer.endsWith("/") ? issuer.slice(0, -1) : issuer;
  const document = (await fetchJson(`${base}/.well-known/openid-configuration`, allowed)) as Record<
    string,
    unknown
  >;
  if (document.issuer !== issuer || typeof document.jwks_uri !== "string")
    throw new Error("the discovery document is not the issuer's");
  const { keys } = (await fetchJson(document.jwks_uri, allowed)) as { keys?: unknown };
  if (!Array.isArray(keys)) throw new Error("the key document holds no keys");
  return keys as JsonWebKey[];
}

/** Follows no redirect. */
function fetchJson(url: string, allowed: ReadonlySet<string>): Promise<unknown> {
  const { protocol, hostname, host } = new URL(url);
  const literal = hostname.replace(/^\[|\]$/g, "");
  const isAllowed = allowed.has(host);
  if (protocol !== "https:" || (!isAllowed && isIP(literal) !== 0 && !isPublic(literal)))
    return Promise.reject(new NotPublicAddress("not a public https address"));
  return new Promise((resolve, reject) => {
    const request = get(
      url,
      { ...(!isAllowed && { lookup: publicLookup }), signal: AbortSignal.timeout(TIMEOUT_MS) },
      (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on("data", (chunk: Buffer) => {
          size += chunk.length;
          if (size > MAX_BYTES) request.destroy(new Error("too long"));
          else chunks.push(chunk);
        });
        response.on("error", reject);
        response.on("end", () => {
          if (response.statusCode !== 200) return reject(new Error(`answered ${response.statusCode}`));
          try {
            resolve(JSON.parse(Buffer.concat(chunks).toString("utf8")));
          } catch (error) {
            reject(error);
          }
        });
      },
    );
    request.on("error", reject);
  });
}

/** The address that was checked is the one that is connected to. */
const publicLookup: LookupFunction = (hostname, options, answer) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return answer(error, "", 0);
    const allowed = addresses.filter(({ address }) => isPublic(address));
    const [first] = allowed;
    if (first === undefined) return answer(new NotPublicAddress("not a public address"), "", 0);
    if (options.all) answer(null, allowed);
    else answer(null, first.address, first.family);
  });
};

const isPublic = (address: string): boolean =>
  !NOT_PUBLIC.check(address, isIP(address) === 6 ? "ipv6" : "ipv4") && !/^::ffff:/i.test(address);
