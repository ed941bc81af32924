/**
 * What becomes of a program's requests to `Microsoft.Batch` of Resource Manager in a later api-version: whether it still has their operations.
 * An older api-version alone is no finding there: none has been given up. Pure.
 */
import type { ArmOperation } from "../../wire/arm/operation.ts";
import { type ArmOperationId, armOperations } from "../../wire/arm/operations.ts";
import { ARM_OPERATION_SUCCESSORS } from "../../wire/arm/successors.ts";
import type { UsedManagement } from "../../wire/versions/versions-api.ts";
import { clientOf } from "./client-product.ts";

/** One operation that one client asked for, and how often. */
export interface CountedManagementUse {
  /** The `User-Agent`. */
  readonly client: string;
  readonly apiVersion: string;
  readonly operation: ArmOperationId;
  readonly count: number;
  readonly firstRequestId: string;
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

/** @param dataPlaneTarget the data plane's api-version to go to; Resource Manager's is the newest that is no younger */
export function managementReport(
  uses: readonly CountedManagementUse[],
  dataPlaneTarget: string,
): UsedManagement[] {
  const target = versions.findLast((version) => version <= dataPlaneTarget) ?? "";
  return uses
    .map((use) => told(use, target))
    .sort((one, other) => one.fate.localeCompare(other.fate) || one.operation.localeCompare(other.operation));
}

function told({ client, ...use }: CountedManagementUse, target: string): UsedManagement {
  const { apiVersions, method, path }: ArmOperation = armOperations[use.operation];
  const common = { ...use, target, method, path, userAgent: client, name: clientOf(client).name };
  if (use.apiVersion >= target || apiVersions.includes(target)) return { ...common, fate: "unchanged" };
  const { instead, retired } = ARM_OPERATION_SUCCESSORS[use.operation] ?? {};
  const last = apiVersions.filter((version) => versions.includes(version)).at(-1) ?? "";
  const since = versions.find((version) => version > last);
  return {
    ...common,
    fate: "gone",
    ...(since !== undefined && { since }),
    ...(instead !== undefined && { instead }),
    ...(retired !== undefined && { retired }),
  };
}
