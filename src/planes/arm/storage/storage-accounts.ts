/** Storage accounts and their keys. Source: the reference pages "Storage Accounts - …". */

import { storageAccountFind, storageAccountList } from "../../../app/management/storage-account-read.ts";
import {
  storageAccountKeyRegenerate,
  storageAccountPatch,
  storageAccountPut,
  storageAccountRemove,
  storageNameAvailability,
} from "../../../app/management/storage-account-write.ts";
import { type StorageAccount, storageAccountScope } from "../../../app/storage/storage-account.ts";
import { requiredText } from "../../../core/management/json-body.ts";
import { storageCreationAccepted } from "../operation-results.ts";
import { readJsonBody } from "../request/json-body.ts";
import { filteredList, operation } from "../request/operation.ts";
import { namedStorageAccount } from "./named-storage-account.ts";
import { storageAccountView } from "./storage-account-view.ts";

const OPERATIONS = "Microsoft.Storage/StorageAccounts";

export const listStorageAccounts = filteredList(`${OPERATIONS}_List`, {
  fetch: async ({ plane, parent: { subscription } }) => storageAccountList(plane, { subscription }),
  scopeOf: storageAccountScope,
  view: storageAccountView,
});

export const listStorageAccountsOfGroup = filteredList(`${OPERATIONS}_ListByResourceGroup`, {
  fetch: async ({ plane, parent: { group } }) => storageAccountList(plane, { group }),
  scopeOf: storageAccountScope,
  view: storageAccountView,
});

export const getStorageAccount = operation(`${OPERATIONS}_GetProperties`, async (context) => ({
  json: storageAccountView(namedStorageAccount(context), context),
}));

export const putStorageAccount = operation(`${OPERATIONS}_Create`, async (context) => {
  const { plane, parent, path, exchange } = context;
  const body = await readJsonBody(exchange);
  const { account, isNew } = await storageAccountPut(plane, parent.group, path.accountName ?? "", body);
  if (isNew) return storageCreationAccepted(context, account);
  return { status: 200, json: storageAccountView(account, context) };
});

export const patchStorageAccount = operation(`${OPERATIONS}_Update`, async (context) => {
  const body = await readJsonBody(context.exchange);
  return {
    json: storageAccountView(
      await storageAccountPatch(context.plane, namedStorageAccount(context), body),
      context,
    ),
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
