/** How many storage accounts a subscription has in a region, and may have there by Azure's default. Source: "Usages - List By Location". */
import { storageAccountList } from "../../../app/management/storage-account-read.ts";
import { asciiLowerCase } from "../../../core/access/ascii-lower-case.ts";
import { operation } from "../request/operation.ts";

const ACCOUNTS_MAX = 250;

export const listStorageUsages = operation(
  "Microsoft.Storage/Usages_ListByLocation",
  async ({ plane, parent: { subscription }, path }) => {
    const location = asciiLowerCase(path.location ?? "");
    const here = storageAccountList(plane, { subscription }).filter(
      (account) => account.location === location,
    );
    const name = { value: "StorageAccounts", localizedValue: "Storage Accounts" };
    return { json: { value: [{ unit: "Count", currentValue: here.length, limit: ACCOUNTS_MAX, name }] } };
  },
);
