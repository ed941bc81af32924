/**
 * Finds the data-plane descriptions in the folder: one per api-version that has a description of its own, the closed list of
 * accepted api-versions, and the TypeSpec-generated pair from which 2025-06-01 is read.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { readJson } from "../specs-folder.ts";
import type { Swagger } from "../swagger.ts";
import { NEWEST, NEWEST_DESCRIBED_BY_TYPE_SPEC, OPERATIONS_GONE } from "./later-versions.ts";

/** Older versions are answered as unknown. */
export const OLDEST_ACCEPTED = "2017-01-01.4.0";

const STABLE = "specification/batch/data-plane/Microsoft.Batch/stable";

export interface ListedOperation {
  readonly operationId: string;
  readonly method: string;
  readonly path: string;
  readonly successStatus: readonly number[];
  readonly apiVersions: readonly string[];
}

export interface Descriptions {
  /** Oldest first. */
  readonly apiVersions: readonly string[];
  readonly swaggers: ReadonlyMap<string, Swagger>;
  readonly listed: readonly ListedOperation[];
  /** TypeSpec names: 2024-07-01.20.0, then 2025-06-01. */
  readonly typeSpec: { readonly before: Swagger; readonly after: Swagger };
}

export function readDescriptions(folder: string): Descriptions {
  const listed = readJson<ListedOperation[]>(folder, "derived/data-plane-operations.json").map(carriedOn);
  const apiVersions = [...new Set(listed.flatMap((operation) => operation.apiVersions))]
    .filter((version) => version >= OLDEST_ACCEPTED)
    .sort();
  const swaggers = new Map<string, Swagger>();
  for (const version of readdirSync(join(folder, STABLE)).sort()) {
    if (!apiVersions.includes(version)) continue;
    swaggers.set(version, readJson<Swagger>(folder, `${STABLE}/${version}/BatchService.json`));
  }
  return {
    apiVersions,
    swaggers,
    listed: listed.filter((operation) =>
      operation.apiVersions.some((version) => apiVersions.includes(version)),
    ),
    typeSpec: {
      before: readJson<Swagger>(
        folder,
        "specification/batch/data-plane/Azure.Batch/preview/2024-07-01.20.0/BatchService.json",
      ),
      after: readJson<Swagger>(folder, "derived/BatchService.2025-06-01.reconstructed.json"),
    },
  };
}

/** The list ends before the newest version, which has what the one before it had, but for what went. */
function carriedOn(listed: ListedOperation): ListedOperation {
  const { apiVersions, operationId } = listed;
  if (!apiVersions.includes(NEWEST_DESCRIBED_BY_TYPE_SPEC) || OPERATIONS_GONE.has(operationId)) return listed;
  return { ...listed, apiVersions: [...apiVersions, NEWEST] };
}
