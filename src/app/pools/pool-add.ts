/** Adds a pool. Its nodes come by the nodes reconciler. Source: Azure Batch REST, "Pool - Add". */
import { Fault } from "../../core/fault.ts";
import { poolResizeRequested } from "../../core/lifecycle/pool-resize.ts";
import { poolInsert } from "../../store/pools.ts";
import type { PoolAddParameter } from "../../wire/batch/models-types.gen.ts";
import type { AccountHandle } from "../accounts/account-handle.ts";
import type { App } from "../app.ts";

export interface PoolVersion {
  readonly created_at: number;
  readonly version: number;
  readonly modified_at: number;
}

/** @throws Fault PoolExists, NotImplemented for automatic scaling, InvalidPropertyValue without a configuration */
export async function poolAdd(
  app: App,
  account: AccountHandle,
  pool: PoolAddParameter,
): Promise<PoolVersion> {
  if (pool.enableAutoScale) {
    throw new Fault("NotImplemented", "Automatic scaling is not implemented yet.", {
      values: [{ key: "PropertyName", value: "enableAutoScale" }],
    });
  }
  if (!pool.virtualMachineConfiguration === !pool.cloudServiceConfiguration) {
    throw new Fault("InvalidPropertyValue", "", {
      values: [
        { key: "PropertyName", value: "virtualMachineConfiguration" },
        { key: "Reason", value: "Exactly one of the two pool configurations must be given." },
      ],
    });
  }
  const now = app.clock();
  return app.store.write(async (c) => {
    const [row] = await poolInsert.all(c, {
      account_key: account.key,
      id: pool.id,
      id_lower: pool.id.toLowerCase(),
      state: "active",
      state_at: now,
      allocation_state: "resizing",
      allocation_at: now,
      created_at: now,
      modified_at: now,
      version: 1,
      ...poolColumns(pool),
      target_dedicated: pool.targetDedicatedNodes ?? 0,
      target_low_priority: pool.targetLowPriorityNodes ?? 0,
      resize: JSON.stringify(poolResizeRequested(now, pool.resizeTimeout, "requeue")),
      autoscale: null,
      autoscale_at: null,
    });
    if (!row) throw new Fault("PoolExists");
    app.nudge.nodes();
    return { created_at: now, version: 1, modified_at: now };
  });
}

/** The columns that stand in the document too, for those who schedule by them. */
export function poolColumns(pool: PoolAddParameter): { spec: string; slots_per_node: number; fill: string } {
  return {
    spec: JSON.stringify(pool),
    slots_per_node: pool.taskSlotsPerNode ?? pool.maxTasksPerNode ?? 1,
    fill: pool.taskSchedulingPolicy?.nodeFillType.toLowerCase() ?? "spread",
  };
}
