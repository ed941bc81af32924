/** Adds a pool. Its nodes come by the nodes reconciler. Source: Azure Batch REST, "Pool - Add". */
import { autoScaleInterval, type PoolAutoScale } from "../../core/autoscale/pool-autoscale.ts";
import { Fault } from "../../core/fault.ts";
import { poolResizeRequested } from "../../core/lifecycle/pool-resize.ts";
import type { ModifiedVersion } from "../../core/lifecycle/resource-version.ts";
import { checkKeyVaultExtensions } from "../../core/model/key-vault-extension.ts";
import { specText } from "../../core/model/written-only.ts";
import { checkMachines, checkResourceIds, namesResources } from "../../core/pools/pool-machines.ts";
import { checkUserAccounts } from "../../core/users/user-account-check.ts";
import { accountByKey } from "../../store/accounts.ts";
import type { Connection } from "../../store/engine/connection.ts";
import { type PoolRow, poolInsert } from "../../store/work/pools.ts";
import type { PoolAddParameter } from "../../wire/batch/models-types.gen.ts";
import type { AccountHandle } from "../accounts/account-handle.ts";
import { checkPackageReferences } from "../applications/package-references.ts";
import { checkCertificateReferences } from "../certificates/certificate-references.ts";
import { namedPoolIdentities, type PoolIdentity, poolIdentitiesColumn } from "../identities/pool-identity.ts";
import type { Records } from "../records.ts";
import { checkFormula, formulaMissing } from "./pool-autoscale.ts";
import { refuseFamilies } from "./pool-families.ts";
import { checkMounts } from "./pool-mounts.ts";

/**
 * @throws Fault PoolExists, InvalidPropertyValue without a configuration or with targets beside a formula,
 * AutoScalingFormulaSyntaxError
 */
export async function poolAdd(
  app: Records,
  account: AccountHandle,
  pool: PoolAddParameter,
): Promise<ModifiedVersion> {
  checkPool(pool);
  return app.store.grow((c) => poolInsertNew(app, c, account.key, pool));
}

/** Inside the caller's transaction; the pool has been checked. @throws Fault PoolExists, InvalidCertificateReferences */
export async function poolInsertNew(
  app: Records,
  c: Connection,
  accountKey: number,
  pool: PoolAddParameter,
  identities: readonly PoolIdentity[] = [],
): Promise<ModifiedVersion> {
  await checkCertificateReferences(c, accountKey, pool.certificateReferences);
  await checkPackageReferences(c, accountKey, pool.applicationPackageReferences);
  await checkExtensions(c, pool, identities);
  refuseContainers(app, pool);
  refuseFamilies(app, pool);
  await checkMounts(app, c, pool);
  if (namesResources(pool)) {
    const account = await accountByKey.first(c, { key: accountKey });
    checkResourceIds(pool, account?.subscription_id ?? "");
  }
  const { enableAutoScale, autoScaleFormula, autoScaleEvaluationInterval, ...spec } = pool;
  const now = app.clock();
  const scales = enableAutoScale === true && autoScaleFormula !== undefined;
  const autoScale: PoolAutoScale | null = scales
    ? // The 30 seconds between two requests to enable it count from none.
      { formula: autoScaleFormula, interval: autoScaleInterval(autoScaleEvaluationInterval), enabledAt: 0 }
    : null;
  const target_dedicated = pool.targetDedicatedNodes ?? 0;
  const target_low_priority = pool.targetLowPriorityNodes ?? 0;
  // A pool that wants no nodes has all that it wants: what changes it next need not wait.
  const isResizing = !scales && target_dedicated + target_low_priority > 0;
  const [row] = await poolInsert.all(c, {
    account_key: accountKey,
    id: pool.id,
    id_lower: pool.id.toLowerCase(),
    state: "active",
    state_at: now,
    allocation_state: isResizing ? "resizing" : "steady",
    allocation_at: now,
    created_at: now,
    modified_at: now,
    version: 1,
    ...poolColumns(spec),
    target_dedicated,
    target_low_priority,
    resize: JSON.stringify(poolResizeRequested(now, pool.resizeTimeout, "requeue")),
    autoscale: autoScale && JSON.stringify(autoScale),
    autoscale_at: autoScale && now,
    identities: poolIdentitiesColumn(identities),
  });
  if (!row) throw new Fault("PoolExists");
  app.nudge.nodes();
  if (scales) app.nudge.autoscale();
  return { created_at: now, version: 1, modified_at: now };
}

/** @throws Fault InvalidPropertyValue */
async function checkExtensions(
  c: Connection,
  { virtualMachineConfiguration }: PoolAddParameter,
  identities: readonly PoolIdentity[],
): Promise<void> {
  const extensions = virtualMachineConfiguration?.extensions ?? [];
  if (extensions.length === 0) return;
  const named = await namedPoolIdentities(c, { identities: poolIdentitiesColumn(identities) });
  checkKeyVaultExtensions(
    extensions,
    named.flatMap(({ clientId }) => clientId ?? []),
  );
}

/** A pool that could never have a node is told so at once. @throws Fault InvalidPropertyValue */
function refuseContainers(
  { containerObstacle }: Records,
  { virtualMachineConfiguration }: PoolAddParameter,
): void {
  if (containerObstacle === undefined || !virtualMachineConfiguration?.containerConfiguration) return;
  throw invalid("containerConfiguration", `There are no containers on nodes here: ${containerObstacle}.`);
}

/** What no single property says. @throws as `poolAdd` */
export function checkPool(pool: Omit<PoolAddParameter, "id">): void {
  checkPoolWithoutFormula(pool);
  if (pool.enableAutoScale && pool.autoScaleFormula !== undefined) checkFormula(pool.autoScaleFormula);
}

/** As `checkPool`, for a pool that is to be made with a job: the job tells what is wrong with its formula. */
export function checkPoolWithoutFormula(pool: Omit<PoolAddParameter, "id">): void {
  if (!pool.virtualMachineConfiguration === !pool.cloudServiceConfiguration) {
    throw invalid("virtualMachineConfiguration", "Exactly one of the two pool configurations must be given.");
  }
  checkMachines(pool);
  checkUserAccounts(pool);
  if (!pool.enableAutoScale) {
    for (const name of ["autoScaleFormula", "autoScaleEvaluationInterval"] as const) {
      if (pool[name] !== undefined) throw invalid(name, "It goes with enableAutoScale only.");
    }
    return;
  }
  // A resizeTimeout has no effect beside a formula, and is no fault.
  for (const name of ["targetDedicatedNodes", "targetLowPriorityNodes"] as const) {
    if (pool[name] !== undefined) throw invalid(name, "The formula of the pool decides this.");
  }
  if (pool.autoScaleFormula === undefined) throw formulaMissing();
}

function invalid(property: string, reason: string): Fault {
  return new Fault("InvalidPropertyValue", "", {
    values: [
      { key: "PropertyName", value: property },
      { key: "Reason", value: reason },
    ],
  });
}

/** The columns that stand in the document too, for those who schedule by them. */
export function poolColumns(
  pool: PoolAddParameter,
): Pick<PoolRow, "spec" | "slots_per_node" | "fill" | "job_order"> {
  return {
    spec: specText(pool),
    slots_per_node: pool.taskSlotsPerNode ?? pool.maxTasksPerNode ?? 1,
    fill: pool.taskSchedulingPolicy?.nodeFillType?.toLowerCase() ?? "spread",
    job_order: pool.taskSchedulingPolicy?.jobDefaultOrder?.toLowerCase() ?? "none",
  };
}
