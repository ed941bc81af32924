/**
 * The part of `Microsoft.Storage` that is about accounts and their keys, written by hand in the generated table's form. Source: the reference
 * pages "Storage Accounts - …".
 */
import type { ArmOperation } from "./operation.ts";

const apiVersions: readonly string[] = [
  "2019-06-01",
  "2021-01-01",
  "2021-02-01",
  "2021-04-01",
  "2021-06-01",
  "2021-08-01",
  "2021-09-01",
  "2022-05-01",
  "2022-09-01",
  "2023-01-01",
  "2023-04-01",
  "2023-05-01",
  "2024-01-01",
];

const SUBSCRIPTION = "/subscriptions/{subscriptionId}";
const PROVIDER = "providers/Microsoft.Storage";
const OF_GROUP = `${SUBSCRIPTION}/resourceGroups/{resourceGroupName}/${PROVIDER}/storageAccounts`;
const ACCOUNT = `${OF_GROUP}/{accountName}`;

const row = (method: ArmOperation["method"], path: string, success: readonly number[] = [200]) => ({
  method,
  path,
  success,
  apiVersions,
});

export const storageOperations = {
  "Microsoft.Storage/StorageAccounts_CheckNameAvailability": row(
    "POST",
    `${SUBSCRIPTION}/${PROVIDER}/checkNameAvailability`,
  ),
  "Microsoft.Storage/StorageAccounts_Create": row("PUT", ACCOUNT, [200, 202]),
  "Microsoft.Storage/StorageAccounts_Delete": row("DELETE", ACCOUNT, [200, 204]),
  "Microsoft.Storage/StorageAccounts_GetProperties": row("GET", ACCOUNT),
  "Microsoft.Storage/StorageAccounts_Update": row("PATCH", ACCOUNT),
  "Microsoft.Storage/StorageAccounts_List": row("GET", `${SUBSCRIPTION}/${PROVIDER}/storageAccounts`),
  "Microsoft.Storage/StorageAccounts_ListByResourceGroup": row("GET", OF_GROUP),
  "Microsoft.Storage/StorageAccounts_ListKeys": row("POST", `${ACCOUNT}/listKeys`),
  "Microsoft.Storage/StorageAccounts_RegenerateKey": row("POST", `${ACCOUNT}/regenerateKey`),
} as const satisfies Readonly<Record<string, ArmOperation>>;
