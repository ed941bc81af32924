/** Batch accounts and their keys. */
import { type AccountHandle, accountScope } from "../../app/accounts/account-handle.ts";
import { accountKeys } from "../../app/resources/account-keys.ts";
import { accountFind, accountList } from "../../app/resources/account-read.ts";
import type { Fault } from "../../core/fault.ts";
import { armFault } from "./arm-fault.ts";
import type { ArmContext } from "./context.ts";
import { filteredList, operation } from "./operation.ts";

export const listAccounts = filteredList("Microsoft.Batch/BatchAccount_List", {
  fetch: ({ plane, place: { subscription } }) => accountList(plane, { subscription }),
  scopeOf: accountScope,
  view: accountView,
});

export const listAccountsOfGroup = filteredList("Microsoft.Batch/BatchAccount_ListByResourceGroup", {
  fetch: ({ plane, place: { group } }) => accountList(plane, { group }),
  scopeOf: accountScope,
  view: accountView,
});

export const getAccount = operation("Microsoft.Batch/BatchAccount_Get", async (context) => {
  const { plane, place, path } = context;
  const account = await accountFind(plane, place.group, path.accountName ?? "");
  if (!account) throw accountNotFound(context);
  return { json: accountView(account, context) };
});

export const listAccountKeys = operation("Microsoft.Batch/BatchAccount_GetKeys", async (context) => {
  const { plane, place, path } = context;
  const keys = await accountKeys(plane, place.group, path.accountName ?? "");
  if (!keys) throw accountNotFound(context);
  return { json: keys };
});

function accountNotFound({ path, place }: ArmContext): Fault {
  return armFault(
    "ResourceNotFound",
    `There is no resource 'Microsoft.Batch/batchAccounts/${path.accountName}' in resource group '${place.group.name}'.`,
  );
}

function accountView(account: AccountHandle, context: ArmContext): object {
  const { name, location } = account;
  return {
    id: accountScope(account),
    name,
    type: "Microsoft.Batch/batchAccounts",
    location,
    identity: { type: "None" },
    properties: {
      accountEndpoint: accountEndpoint(account, context),
      provisioningState: "Succeeded",
      poolAllocationMode: "BatchService",
      publicNetworkAccess: "Enabled",
      allowedAuthenticationModes: ["SharedKey", "AAD", "TaskAuthenticationToken"],
    },
  };
}

/** Without scheme, and reachable the way the caller came: by Azure's name, or by the account's port on this machine. */
function accountEndpoint({ key, name, location }: AccountHandle, { plane, exchange }: ArmContext): string {
  const { authority } = exchange;
  const port = plane.accountPort(key);
  if (authority.answeredAs === "arm" || port === undefined) return `${name}.${location}.batch.azure.com`;
  return authority.name.includes(":") ? `[${authority.name}]:${port}` : `${authority.name}:${port}`;
}
