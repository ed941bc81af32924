/**
 * Decides the four conditional headers (RFC 9110 section 13) for a resource that has an ETag and a time of change. Pure:
 * the plane looks the resource up, and turns the decision into its own 304 or 412.
 */
import type { IncomingHttpHeaders } from "node:http";

/** The resource as it is now. */
export interface Validators {
  /** The opaque tag without quotes, e.g. `0x8D4BCC2E4835CD0`. */
  readonly etag: string;
  /** Epoch milliseconds; compared in whole seconds, all that an HTTP date can say. */
  readonly lastModified: number;
}

/** `notModified` is for reads alone (304); everything else that does not hold has `failed` (412). */
export type ConditionDecision = "ok" | "notModified" | "failed";

/**
 * The order is RFC 9110's, section 13.2.2: an ETag condition silences the date condition of its kind. One difference, which
 * Batch makes: If-Modified-Since counts for changes too ("only if the resource has been modified since").
 * @param current absent when the resource does not exist
 */
export function conditionsHold(
  method: string,
  headers: IncomingHttpHeaders,
  current: Validators | undefined,
): ConditionDecision {
  const ifMatch = headers["if-match"];
  const ifNoneMatch = headers["if-none-match"];
  const unchanged = method === "GET" || method === "HEAD" ? "notModified" : "failed";

  if (ifMatch !== undefined) {
    if (!listHolds(ifMatch, current, "strong")) return "failed";
  } else if (current !== undefined) {
    const since = httpDate(headers["if-unmodified-since"]);
    if (since !== undefined && wholeSeconds(current.lastModified) > since) return "failed";
  }

  if (ifNoneMatch !== undefined) {
    if (listHolds(ifNoneMatch, current, "weak")) return unchanged;
  } else if (current !== undefined) {
    const since = httpDate(headers["if-modified-since"]);
    if (since !== undefined && wholeSeconds(current.lastModified) <= since) return unchanged;
  }
  return "ok";
}

/** `*` stands for any existing resource; else one tag of the list must be the current one. */
function listHolds(list: string, current: Validators | undefined, comparison: "strong" | "weak"): boolean {
  if (current === undefined) return false;
  if (list.trim() === "*") return true;
  return list.split(",").some((member) => {
    const tag = member.trim();
    const isWeak = tag.startsWith("W/");
    if (isWeak && comparison === "strong") return false;
    return unquoted(isWeak ? tag.slice(2) : tag) === current.etag;
  });
}

/** Clients hand back the tag as they got it, some without the quotes. */
const unquoted = (tag: string): string =>
  tag.length >= 2 && tag.startsWith('"') && tag.endsWith('"') ? tag.slice(1, -1) : tag;

const wholeSeconds = (epochMs: number): number => Math.floor(epochMs / 1000);

/** Seconds since the epoch. A date that does not parse is no condition (RFC 9110 section 13.1.3). */
function httpDate(text: string | undefined): number | undefined {
  const epochMs = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(epochMs) ? undefined : wholeSeconds(epochMs);
}
