/** Whether a scope that the plane has resolved down to its resource group names something: what roles are assigned on must exist. */
import { isManagementGroup, rootManagementGroup } from "../../core/access/management-group.ts";
import type { Scope } from "../../core/access/scope.ts";
import { accountsAll } from "../../store/accounts.ts";
import { accountHandle, accountScope } from "../accounts/account-handle.ts";
import type { Management } from "./management.ts";

const ACCOUNT =
  /^(\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/microsoft\.batch\/batchaccounts\/[^/]+)(\/|$)/;
const STORAGE =
  /^(\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/microsoft\.storage\/storageaccounts\/[^/]+)(\/|$)/;
/** Of providers that look after their own. */
const RESOURCE = /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/microsoft\.managedidentity\//;
const CONTAINER = /^\/(subscriptions\/[^/]+(\/resourcegroups\/[^/]+)?)?$/;

/** What lies below an account is its own affair: containers of blobs are known to whoever keeps them. */
export async function scopeExists(
  { store, storage }: Management,
  tenantId: string,
  scope: Scope,
): Promise<boolean> {
  if (isManagementGroup(scope)) return scope === rootManagementGroup(tenantId);
  if (CONTAINER.test(scope) || RESOURCE.test(scope)) return true;
  const blobs = STORAGE.exec(scope)?.[1];
  if (blobs !== undefined) return storage.byId(blobs) !== undefined;
  const account = ACCOUNT.exec(scope)?.[1];
  if (account === undefined) return false;
  const rows = await accountsAll.all(store.read, {});
  return rows.some((row) => accountScope(accountHandle(row)).toLowerCase() === account);
}
