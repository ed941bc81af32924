/**
 * Which part of a list that is ordered by an id in small letters can match a filter, so that a store begins there and does not look at what
 * lies before. It may be too wide, never too narrow: the filter itself still runs over what is found.
 */
import type { FilterConstraint } from "./filter-constraints.ts";

export interface KeyRange {
  /** Nothing up to and including this key matches; empty where that is not known. */
  readonly after: string;
  /** Nothing from this key on matches; undefined where that is not known. */
  readonly until: string | undefined;
}

/** Behind every text of letters, digits, hyphens and underscores. */
const HIGHEST = "\u{10ffff}";

/** @param property whose small letters are the key: letters, digits, hyphens and underscores */
export function keyRange(constraints: readonly FilterConstraint[], property: string): KeyRange {
  let after = "";
  let until: string | undefined;
  for (const constraint of constraints) {
    // Text of other letters may equal an id once its case is ignored.
    if (constraint.property !== property || constraint.op === "in") continue;
    if (typeof constraint.value !== "string" || !/^[\w-]+$/.test(constraint.value)) continue;
    const key = constraint.value.toLowerCase();
    const { from, to } = RANGES[constraint.op](key);
    if (from !== undefined && from > after) after = from;
    if (to !== undefined && (until === undefined || to < until)) until = to;
  }
  return { after, until };
}

type Bounds = { readonly from?: string; readonly to?: string };

const RANGES: Readonly<Record<Exclude<FilterConstraint["op"], "in">, (key: string) => Bounds>> = {
  eq: (key) => ({ from: justBefore(key), to: `${key}\0` }),
  ge: (key) => ({ from: justBefore(key) }),
  gt: (key) => ({ from: key }),
  le: (key) => ({ to: `${key}\0` }),
  lt: (key) => ({ to: key }),
  startswith: (key) => ({ from: justBefore(key), to: key + HIGHEST }),
};

/** No key lies between this text and the given one. */
function justBefore(key: string): string {
  const last = key.length - 1;
  return key.slice(0, last) + String.fromCharCode(key.charCodeAt(last) - 1) + HIGHEST;
}
