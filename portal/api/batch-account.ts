/** What Resource Manager does for one Batch account besides telling of it: the sizes at its location, and pools with identities. */
import { managementPool } from "./pool-management.ts";
import { all, arm, type BatchAccount } from "./resource-manager.ts";

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

/** What may be changed of an account. */
export interface AccountChange {
  readonly tags?: Readonly<Record<string, string>>;
  readonly identity?: object;
  readonly properties?: {
    readonly allowedAuthenticationModes?: readonly string[];
    readonly publicNetworkAccess?: string;
    readonly autoStorage?: { readonly storageAccountId: string; readonly authenticationMode?: string };
  };
}

export const accountChange = ({ id }: BatchAccount, change: AccountChange): Promise<unknown> =>
  arm("batch", id, { method: "PATCH", body: change });

export const storageKeysSync = ({ id }: BatchAccount): Promise<unknown> =>
  arm("batch", `${id}/syncAutoStorageKeys`, { method: "POST" });

export interface StorageAccount {
  readonly id: string;
  readonly name: string;
  readonly location: string;
}

export const storageAccountsList = ({ id }: BatchAccount): Promise<readonly StorageAccount[]> =>
  all("storage", `/subscriptions/${id.split("/")[2]}/providers/Microsoft.Storage/storageAccounts`);

export interface Certificate {
  readonly id: string;
  readonly name: string;
  readonly properties: {
    readonly thumbprint?: string;
    readonly provisioningState?: string;
    readonly format?: string;
    readonly deleteCertificateError?: { readonly code: string; readonly message: string };
  };
}

export const certificatesList = ({ id }: BatchAccount): Promise<readonly Certificate[]> =>
  all("batch", `${id}/certificates`);

/** @param data base64 */
export const certificateAdd = (
  { id }: BatchAccount,
  given: {
    readonly thumbprint: string;
    readonly data: string;
    readonly format: string;
    readonly password: string;
  },
): Promise<unknown> =>
  arm("batch", `${id}/certificates/sha1-${given.thumbprint}`, {
    method: "PUT",
    body: {
      properties: {
        thumbprintAlgorithm: "sha1",
        thumbprint: given.thumbprint,
        data: given.data,
        format: given.format,
        ...(given.password !== "" && { password: given.password }),
      },
    },
  });
export const certificateDelete = ({ id }: Certificate): Promise<unknown> =>
  arm("batch", id, { method: "DELETE" });

interface Metrics {
  readonly value: readonly {
    readonly timeseries: readonly { readonly data: readonly { readonly total: number }[] }[];
  }[];
}

/** Tasks that have ended in failure since an instant, by the hours in which they did. */
export async function failuresSince({ id }: BatchAccount, since: Date): Promise<number> {
  const timespan = `${since.toISOString()}/${new Date().toISOString()}`;
  const query = new URLSearchParams({ metricnames: "TaskFailEvent", timespan, interval: "PT1H" });
  const { value } = await arm<Metrics>("monitor", `${id}/providers/Microsoft.Insights/metrics?${query}`);
  return value[0]?.timeseries[0]?.data.reduce((sum, { total }) => sum + total, 0) ?? 0;
}
