/**
 * The part of `Microsoft.Storage` that is about accounts and their keys, written by hand in the generated table's form. Source: the reference
 * pages "Storage Accounts - …".
 */
import type { ArmOperation } from "./operation.ts";

const apiVersions: readonly string[] = [
  ..."2015-05-01-preview 2015-06-15 2016-01-01 2016-05-01 2016-12-01 2017-06-01 2017-10-01 2018-02-01".split(
    " ",
  ),
  ..."2018-03-01-preview 2018-07-01 2018-11-01 2019-04-01 2019-06-01 2020-08-01-preview 2021-01-01 2021-02-01".split(
    " ",
  ),
  ..."2021-04-01 2021-06-01 2021-08-01 2021-09-01 2022-05-01 2022-09-01 2023-01-01 2023-04-01".split(" "),
  ..."2023-05-01 2024-01-01 2025-01-01 2025-06-01 2025-08-01 2026-04-01 2026-06-01 2026-09-01".split(" "),
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
