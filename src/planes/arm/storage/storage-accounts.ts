/** Storage accounts and their keys. Source: the reference pages "Storage Accounts - …". */

import { storageAccountFind, storageAccountList } from "../../../app/management/storage-account-read.ts";
import {
  storageAccountKeyRegenerate,
  storageAccountPatch,
  storageAccountPut,
  storageAccountRemove,
  storageNameAvailability,
} from "../../../app/management/storage-account-write.ts";
import {
  STORAGE_ACCOUNT_TYPE,
  type StorageAccount,
  storageAccountScope,
} from "../../../app/storage/storage-account.ts";
import { requiredText } from "../../../core/management/json-body.ts";
import type { ArmContext } from "../request/context.ts";
import { readJsonBody } from "../request/json-body.ts";
import { filteredList, operation } from "../request/operation.ts";
import { namedStorageAccount, skuView } from "./named-storage-account.ts";

const OPERATIONS = "Microsoft.Storage/StorageAccounts";

export const listStorageAccounts = filteredList(`${OPERATIONS}_List`, {
  fetch: async ({ plane, parent: { subscription } }) => storageAccountList(plane, { subscription }),
  scopeOf: storageAccountScope,
  view: accountView,
});

export const listStorageAccountsOfGroup = filteredList(`${OPERATIONS}_ListByResourceGroup`, {
  fetch: async ({ plane, parent: { group } }) => storageAccountList(plane, { group }),
  scopeOf: storageAccountScope,
  view: accountView,
});

export const getStorageAccount = operation(`${OPERATIONS}_GetProperties`, async (context) => ({
  json: accountView(namedStorageAccount(context), context),
}));

export const putStorageAccount = operation(`${OPERATIONS}_Create`, async (context) => {
  const { plane, parent, path, exchange } = context;
  const body = await readJsonBody(exchange);
  return {
    json: accountView(await storageAccountPut(plane, parent.group, path.accountName ?? "", body), context),
  };
});

export const patchStorageAccount = operation(`${OPERATIONS}_Update`, async (context) => {
  const body = await readJsonBody(context.exchange);
  return {
    json: accountView(await storageAccountPatch(context.plane, namedStorageAccount(context), body), context),
  };
});

export const deleteStorageAccount = operation(`${OPERATIONS}_Delete`, async ({ plane, parent, path }) => {
  const account = storageAccountFind(plane, parent.group, path.accountName ?? "");
  if (!account) return { status: 204 };
  await storageAccountRemove(plane, account);
  return { status: 200 };
});

export const listStorageKeys = operation(`${OPERATIONS}_ListKeys`, async (context) => ({
  json: keysView(namedStorageAccount(context)),
}));

export const regenerateStorageKey = operation(`${OPERATIONS}_RegenerateKey`, async (context) => {
  const body = await readJsonBody(context.exchange);
  return {
    json: keysView(await storageAccountKeyRegenerate(context.plane, namedStorageAccount(context), body)),
  };
});

export const checkStorageName = operation(
  `${OPERATIONS}_CheckNameAvailability`,
  async ({ plane, exchange }) => {
    const problem = storageNameAvailability(plane, requiredText(await readJsonBody(exchange), "name"));
    return { json: problem ? { nameAvailable: false, ...problem } : { nameAvailable: true } };
  },
);

function keysView({ keys }: StorageAccount): object {
  return {
    keys: keys.map((key, index) => ({
      keyName: `key${index + 1}`,
      value: Buffer.from(key).toString("base64"),
      permissions: "FULL",
    })),
  };
}

/** The endpoint by which this client comes here: Azure's name where it uses those, else this machine's. */
function accountView(account: StorageAccount, { plane, exchange }: ArmContext): object {
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
