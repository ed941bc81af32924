/** Whether nodes can be reached as a pool wants its public addresses. Source: Azure Batch REST, "PublicIPAddressConfiguration". */
import { Fault } from "../../core/fault.ts";
import { isDualStack } from "../../core/pools/node-endpoints.ts";
import type { PoolAddParameter } from "../../wire/batch/models-types.gen.ts";
import type { Records } from "../records.ts";

/** @throws Fault NotImplemented for IPv6 where the machine has none */
export function refuseFamilies(
  { hasIPv6 }: Records,
  pool: Pick<PoolAddParameter, "networkConfiguration">,
): void {
  if (hasIPv6 !== false || !isDualStack(pool)) return;
  throw new Fault("NotImplemented", "This machine has no IPv6, so that no node can be reached by it.", {
    values: [
      { key: "PropertyName", value: "ipFamilies" },
      { key: "PropertyPath", value: "networkConfiguration.publicIPAddressConfiguration.ipFamilies" },
    ],
  });
}
