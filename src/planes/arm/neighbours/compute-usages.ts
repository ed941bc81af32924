/**
 * Cores used and allowed in a location, which clients ask of Compute: here those of the subscription's Batch accounts, whose quotas they
 * are. Source: "Usage - List".
 */
import { accountScope } from "../../../app/accounts/account-handle.ts";
import { accountList } from "../../../app/management/account-read.ts";
import { poolListAll } from "../../../app/pools/pool-read.ts";
import { locationName } from "../../../core/management/location-name.ts";
import { CORE_QUOTA } from "../../../wire/arm/limits.ts";
import { VIRTUAL_MACHINE_SKUS } from "../../../wire/arm/virtual-machine-skus.ts";
import type { ArmContext } from "../request/context.ts";
import { operation } from "../request/operation.ts";

const SKUS = new Map(VIRTUAL_MACHINE_SKUS.map((sku) => [sku.name.toLowerCase(), sku]));

export const listUsages = operation("Microsoft.Compute/Usage_List", async (context) => {
  const { accounts, byFamily } = await coresUsed(context);
  const total = [...byFamily.values()].reduce((sum, cores) => sum + cores, 0);
  const limit = CORE_QUOTA * Math.max(accounts, 1);
  const families = [...new Set(VIRTUAL_MACHINE_SKUS.map(({ family }) => family))];
  return {
    json: {
      value: [
        usage("cores", "Total Regional vCPUs", total, limit),
        ...families.map((family) => usage(family, `${family} vCPUs`, byFamily.get(family) ?? 0, limit)),
      ],
    },
  };
});

async function coresUsed({ plane, parent, path, allowedAt }: ArmContext) {
  const location = locationName(path.location ?? "");
  const byFamily = new Map<string, number>();
  let accounts = 0;
  for (const { handle } of await accountList(plane, { subscription: parent.subscription })) {
    if (handle.location !== location || !allowedAt(accountScope(handle))) continue;
    accounts++;
    for (const { pool, nodes } of await poolListAll(plane, handle)) {
      const { vmSize } = JSON.parse(pool.spec) as { readonly vmSize: string };
      const sku = SKUS.get(vmSize.toLowerCase());
      const dedicated = nodes.filter(({ is_dedicated }) => is_dedicated === 1).length;
      const family = sku?.family ?? "other";
      byFamily.set(family, (byFamily.get(family) ?? 0) + (sku?.cores ?? 1) * dedicated);
    }
  }
  return { accounts, byFamily };
}

const usage = (value: string, localizedValue: string, currentValue: number, limit: number) => ({
  unit: "Count",
  currentValue,
  limit,
  name: { value, localizedValue },
});
