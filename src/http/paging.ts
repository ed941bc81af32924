/**
 * Continuation of long lists: an opaque token that carries the last key of a page, and the absolute link that carries the
 * token. Lists are paged by key, so a page costs the same wherever it lies.
 */
import type { Exchange } from "./exchange.ts";

/** The sort key of the last item of a page. */
export type PageKey = readonly (string | number | null)[];

export function encodeSkipToken(key: PageKey): string {
  return Buffer.from(JSON.stringify(key)).toString("base64url");
}

/** @returns undefined for a token that this module did not write: it comes from a client */
export function decodeSkipToken(token: string): PageKey | undefined {
  try {
    const key: unknown = JSON.parse(Buffer.from(token, "base64url").toString("utf8"));
    return Array.isArray(key) && key.every(isKeyPart) ? key : undefined;
  } catch {
    return undefined;
  }
}

const isKeyPart = (part: unknown): boolean =>
  part === null || typeof part === "string" || (typeof part === "number" && Number.isFinite(part));

/**
 * The same request for the next page. Clients follow it verbatim, adding nothing, so that it is absolute, on the host they
 * reached us by, and keeps every other parameter as it was sent.
 * @param parameter the plane's name of the token, e.g. `$skiptoken`
 */
export function nextLink(exchange: Exchange, parameter: string, key: PageKey): string {
  const encodedName = encodeURIComponent(parameter);
  const kept = exchange.rawQuery.split("&").filter((pair) => {
    const name = pair.split("=", 1)[0] ?? "";
    return pair !== "" && name !== parameter && name.toLowerCase() !== encodedName.toLowerCase();
  });
  kept.push(`${parameter}=${encodeSkipToken(key)}`);
  return `${exchange.origin}${exchange.rawPath}?${kept.join("&")}`;
}
