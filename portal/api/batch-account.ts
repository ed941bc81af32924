/** What Resource Manager does for one Batch account besides telling of it: the sizes at its location, and pools with identities. */
import { managementPool } from "./pool-management.ts";
import { arm, type BatchAccount } from "./resource-manager.ts";

export interface VirtualMachineSize {
  readonly name: string;
  readonly familyName: string;
  readonly capabilities: readonly { readonly name: string; readonly value: string }[];
}

export const sizesList = async ({ id, location }: BatchAccount): Promise<readonly VirtualMachineSize[]> =>
  (
    await arm<{ readonly value: readonly VirtualMachineSize[] }>(
      "batch",
      `/subscriptions/${id.split("/")[2]}/providers/Microsoft.Batch/locations/${location}/virtualMachineSkus`,
    )
  ).value;

/** @param body as the Batch service takes it */
export const managedPoolCreate = (
  { id }: BatchAccount,
  body: Readonly<Record<string, unknown>>,
  identities: readonly string[],
): Promise<unknown> =>
  arm("batch", `${id}/pools/${encodeURIComponent(String(body.id))}`, {
    method: "PUT",
    body: managementPool(body, id, identities),
  });
