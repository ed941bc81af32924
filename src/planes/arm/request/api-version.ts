/** The api-version of a management request: those that are known of an operation are those of its resource's type. */

import type { Fault } from "../../../core/fault.ts";
import { servedVersion } from "../../../core/version/served-version.ts";
import type { VersionDoor } from "../../../core/version/version-door.ts";
import type { Query } from "../../../http/query.ts";
import type { ArmOperation } from "../../../wire/arm/operation.ts";
import { type ArmOperationId, armOperations } from "../../../wire/arm/operations.ts";
import { armFault } from "./arm-fault.ts";

/**
 * The version as which the request is answered.
 * @throws Fault MissingApiVersionParameter, InvalidApiVersionParameter, NoRegisteredProviderFound, InvalidResourceType
 */
export function apiVersionOf(door: VersionDoor, query: Query, id: ArmOperationId): string {
  const { path, apiVersions, isDropped }: ArmOperation = armOperations[id];
  const asked = given(query);
  const below = path.slice(path.lastIndexOf("/providers/Microsoft."));
  const [, namespace, type = ""] = /^\/providers\/(Microsoft\.\w+)\/([^{]*)/.exec(below) ?? [];
  const served = isDropped
    ? servedVersion(asked, apiVersions, true)
    : door.serve(namespace ?? "Microsoft.Resources", asked, apiVersions);
  if ("version" in served) return served.version;
  if (isDropped && served.refusal === "newer") {
    throw armFault(
      "InvalidResourceType",
      `The resource type could not be found in the namespace '${namespace}' for api version '${asked}'. The supported api-versions are '${apiVersions.join(",")}'.`,
    );
  }
  if (served.refusal === "malformed" || namespace === undefined) throw invalidVersion(asked, apiVersions);
  throw armFault(
    "NoRegisteredProviderFound",
    `No registered resource provider found for API version '${asked}' and type '${type.replace(/\/$/, "")}'. The supported api-versions are '${apiVersions.join(", ")}'.`,
  );
}

/** @throws Fault MissingApiVersionParameter, InvalidApiVersionParameter naming what is supported */
export function supportedApiVersion(
  door: VersionDoor,
  query: Query,
  supported: readonly string[],
  service: string,
): string {
  const asked = given(query);
  // Some of these are no dates.
  if (supported.includes(asked)) return asked;
  const served = door.serve(service, asked, supported);
  if ("version" in served) return served.version;
  throw invalidVersion(asked, supported);
}

function given(query: Query): string {
  const version = query.get("api-version");
  if (version) return version;
  throw armFault("MissingApiVersionParameter", "The query parameter 'api-version' is missing.");
}

function invalidVersion(asked: string, supported: readonly string[]): Fault {
  return armFault(
    "InvalidApiVersionParameter",
    `The api-version '${asked.slice(0, 64)}' is invalid. The supported versions are '${supported.join(",")}'.`,
  );
}
