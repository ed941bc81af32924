/**
 * What becomes of a program's requests to `Microsoft.Batch` of Resource Manager in a later api-version: whether it still has their operations,
 * and what of their bodies and replies. An older api-version alone is no finding there: none has been given up. Pure.
 */
import type { ArmOperation } from "../../wire/arm/operation.ts";
import { type ArmOperationId, armOperations } from "../../wire/arm/operations.ts";
import {
  ARM_OPERATION_SUCCESSORS,
  ARM_PROPERTY_SUCCESSORS,
  DATED_PATHS,
  NEXT_MANAGEMENT_VERSION,
} from "../../wire/arm/successors.ts";
import { DATED_VALUES } from "../../wire/batch/dated-values.ts";
import type { ManagementFinding, UsedManagement } from "../../wire/versions/versions-api.ts";
import { clientOf } from "./client-product.ts";
import type { ManagementPart } from "./management-uses.ts";

/** Something in the bodies of an operation; the count is of requests. */
export interface CountedPart extends ManagementPart {
  readonly count: number;
  readonly firstRequestId: string;
}

/** One operation that one client asked for, and how often. */
export interface CountedManagementUse {
  /** The `User-Agent`. */
  readonly client: string;
  readonly apiVersion: string;
  readonly operation: ArmOperationId;
  readonly count: number;
  readonly firstRequestId: string;
  readonly parts: readonly CountedPart[];
}

export const BATCH_PROVIDER = "Microsoft.Batch/";

/** Of the provider's operations, oldest first. */
const versions: readonly string[] = [
  ...new Set(
    (Object.entries(armOperations) as [ArmOperationId, ArmOperation][])
      .filter(([id]) => id.startsWith(`${BATCH_PROVIDER}BatchAccount`))
      .flatMap(([, { apiVersions }]) => apiVersions),
  ),
].sort();
const withNext: readonly string[] = [...versions, NEXT_MANAGEMENT_VERSION];

/** @param dataPlaneTarget the data plane's api-version to go to; Resource Manager's is the newest that is no younger */
export function managementReport(
  uses: readonly CountedManagementUse[],
  dataPlaneTarget: string,
): UsedManagement[] {
  const target = withNext.findLast((version) => version <= dataPlaneTarget) ?? "";
  return uses
    .map((use) => told(use, target))
    .sort((one, other) => one.fate.localeCompare(other.fate) || one.operation.localeCompare(other.operation));
}

function told({ client, parts, ...use }: CountedManagementUse, target: string): UsedManagement {
  const { apiVersions, method, path }: ArmOperation = armOperations[use.operation];
  const common = { ...use, target, method, path, userAgent: client, name: clientOf(client).name };
  const described = versions.findLast((version) => version <= target) ?? "";
  if (use.apiVersion >= target || apiVersions.includes(described)) {
    const findings = parts.flatMap((part) => found(part, use.apiVersion, target) ?? []);
    return { ...common, fate: "unchanged", findings: withoutInner(findings) };
  }
  const { instead, retired } = ARM_OPERATION_SUCCESSORS[use.operation] ?? {};
  const last = apiVersions.filter((version) => versions.includes(version)).at(-1) ?? "";
  const since = versions.find((version) => version > last);
  return {
    ...common,
    fate: "gone",
    findings: [],
    ...(since !== undefined && { since }),
    ...(instead !== undefined && { instead }),
    ...(retired !== undefined && { retired }),
  };
}

/** Undefined: the later api-version has it, or the one that was asked for did not. */
function found(part: CountedPart, apiVersion: string, target: string): ManagementFinding | undefined {
  const { kind, index, count, firstRequestId } = part;
  if (kind === "dated") return datedFinding(part);
  const successor = ARM_PROPERTY_SUCCESSORS[index];
  if (successor === undefined) return undefined;
  const { path, word, last, fate, instead, retired } = successor;
  if (last < apiVersion || last >= target) return undefined;
  const since = withNext.find((version) => version > last);
  return {
    kind: kind === "shown" ? "shown" : word === undefined ? "property" : "value",
    fate,
    path,
    ...(word !== undefined && { word }),
    count,
    firstRequestId,
    ...(since !== undefined && { since }),
    instead,
    ...(retired !== undefined && { retired }),
  };
}

function datedFinding({ index, count, firstRequestId }: CountedPart): ManagementFinding | undefined {
  const dated = DATED_VALUES[index];
  if (dated === undefined) return undefined;
  const { property, date, what, instead } = dated;
  const path = DATED_PATHS[property] ?? property;
  const retired = `${date}: ${what}`;
  return { kind: "dated", fate: "changed", path, count, firstRequestId, instead, retired };
}

/** What lies in something that is gone is not told again. */
function withoutInner(findings: readonly ManagementFinding[]): ManagementFinding[] {
  const order = { gone: 0, renamed: 1, changed: 2 };
  return findings
    .filter(
      ({ kind, path }) => !findings.some((outer) => outer.kind === kind && path.startsWith(`${outer.path}.`)),
    )
    .sort((one, other) => order[one.fate] - order[other.fate] || one.path.localeCompare(other.path));
}
