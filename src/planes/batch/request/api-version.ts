/** The api-version of a data-plane request: known ones as described, newer ones as the newest, others refused by the name of the nearest. */
import { Fault } from "../../../core/fault.ts";
import { invalidQueryParameter } from "../../../core/odata/invalid-query-parameter.ts";
import type { VersionDoor } from "../../../core/version/version-door.ts";
import type { Query } from "../../../http/query.ts";
import { batchApiVersions } from "../../../wire/batch/api-versions.gen.ts";

const KNOWN: readonly string[] = batchApiVersions.map(({ version }) => version);
const INDEXES = new Map<string, number>(KNOWN.map((version, index) => [version, index]));

/** @returns the index into `batchApiVersions`. @throws Fault MissingRequiredQueryParameter, InvalidQueryParameterValue */
export function apiVersionIndex(door: VersionDoor, query: Query): number {
  const asked = query.get("api-version");
  if (asked === undefined) {
    throw new Fault("MissingRequiredQueryParameter", "", {
      values: [{ key: "QueryParameterName", value: "api-version" }],
    });
  }
  const known = INDEXES.get(asked);
  if (known !== undefined) return known;
  const served = door.serve("Azure Batch", asked, KNOWN);
  if ("version" in served) return INDEXES.get(served.version) ?? 0;
  throw invalidQueryParameter("api-version", asked, refusalReason(served.refusal, asked));
}

function refusalReason(refusal: "malformed" | "unknown" | "newer", asked: string): string {
  if (refusal === "malformed") return "It is no api-version; they read as 2024-07-01.20.0 and 2025-06-01";
  if (refusal === "newer")
    return `It is newer than ${KNOWN.at(-1)}, the newest known here (--strict-versions)`;
  return `Nothing is known of it; the nearest known version is ${nearest(asked)}`;
}

function nearest(asked: string): string {
  const dayOf = (version: string) => Date.parse(version.slice(0, 10));
  const distance = (version: string) => Math.abs(dayOf(version) - dayOf(asked));
  return KNOWN.reduce((best, version) => (distance(version) < distance(best) ? version : best));
}
