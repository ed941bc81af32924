/** The api-version of a management request: every operation has its own closed list. */
import type { Query } from "../../../http/query.ts";
import { type ArmOperationId, armOperations } from "../../../wire/arm/operations.ts";
import { armFault } from "./arm-fault.ts";

/** @throws Fault MissingApiVersionParameter, InvalidApiVersionParameter naming what is supported */
export function apiVersionOf(query: Query, id: ArmOperationId): string {
  return supportedApiVersion(query, armOperations[id].apiVersions);
}

/** @throws Fault MissingApiVersionParameter, InvalidApiVersionParameter naming what is supported */
export function supportedApiVersion(query: Query, supported: readonly string[]): string {
  const version = query.get("api-version");
  if (!version) throw armFault("MissingApiVersionParameter", "The query parameter 'api-version' is missing.");
  if (supported.includes(version)) return version;
  throw armFault(
    "InvalidApiVersionParameter",
    `The api-version '${version}' is not supported here. Supported: ${supported.map((known) => `'${known}'`).join(", ")}.`,
  );
}
