/** A storage account as management shows it. Source: "Storage Accounts - Get Properties". */
import {
  STORAGE_ACCOUNT_TYPE,
  type StorageAccount,
  storageAccountScope,
} from "../../../app/storage/storage-account.ts";
import type { ArmContext } from "../request/context.ts";
import { skuView } from "./named-storage-account.ts";

/** The endpoint by which this client comes here: Azure's name where it uses those, else this machine's. */
export function storageAccountView(
  account: StorageAccount,
  { plane, exchange }: Pick<ArmContext, "plane" | "exchange">,
): object {
  const { name, location, tags, createdAt } = account;
  const { sku, kind, ...settings } = account.spec;
  const address = exchange.authority.answeredAs === "local" ? "local" : "azure";
  const others = ["dfs", "file", "queue", "table", "web"].map((service) => [
    service,
    `https://${name}.${service}.core.windows.net/`,
  ]);
  const created = new Date(createdAt).toISOString();
  return {
    id: storageAccountScope(account),
    name,
    type: STORAGE_ACCOUNT_TYPE,
    location,
    tags,
    sku: skuView(account),
    kind,
    properties: {
      provisioningState: "Succeeded",
      creationTime: created,
      keyCreationTime: { key1: created, key2: created },
      primaryLocation: location,
      statusOfPrimary: "available",
      // The other services' names are those that Azure gives; nothing stands behind them here.
      primaryEndpoints: { blob: `${plane.storage.url(name, address)}/`, ...Object.fromEntries(others) },
      privateEndpointConnections: [],
      supportsHttpsTrafficOnly: true,
      allowBlobPublicAccess: false,
      allowCrossTenantReplication: false,
      minimumTlsVersion: "TLS1_2",
      publicNetworkAccess: "Enabled",
      ...(kind !== "Storage" && { accessTier: sku.startsWith("Premium") ? "Premium" : "Hot" }),
      networkAcls: { bypass: "AzureServices", defaultAction: "Allow", ipRules: [], virtualNetworkRules: [] },
      encryption: {
        keySource: "Microsoft.Storage",
        services: Object.fromEntries(
          ["blob", "file"].map((service) => [
            service,
            { enabled: true, keyType: "Account", lastEnabledTime: created },
          ]),
        ),
      },
      ...settings,
    },
  };
}
