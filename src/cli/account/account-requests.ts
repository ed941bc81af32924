/** What the commands ask Resource Manager about Batch accounts. */

import { CommandError } from "../command/exit-code.ts";
import type { ManagementSession } from "../connect/management-session.ts";

const VERSION = "api-version=2024-07-01";
const TYPE = "providers/Microsoft.Batch/batchAccounts";

export interface Account {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly properties: { readonly accountEndpoint: string; readonly provisioningState: string };
}

export interface AccountKeys {
  readonly primary: string;
  readonly secondary: string;
}

export async function listAccounts({ service, send }: ManagementSession): Promise<readonly Account[]> {
  const path = `/subscriptions/${service.subscriptionId}/${TYPE}?${VERSION}`;
  return (await send<{ readonly value: readonly Account[] }>("GET", path)).value;
}

/** Looks the account up in all groups of the subscription. @throws CommandError */
export async function findAccount(session: ManagementSession, name: string): Promise<Account> {
  const account = (await listAccounts(session)).find((known) => known.name === name.toLowerCase());
  if (account !== undefined) return account;
  throw new CommandError(`there is no account '${name}'; batchyard account list shows all`);
}

/** It is there when this resolves, though the service only says that it will be. */
export async function createAccount(
  { service, send }: ManagementSession,
  account: { readonly name: string; readonly group: string; readonly location: string },
): Promise<Account> {
  const { name, group, location } = account;
  const parent = `/subscriptions/${service.subscriptionId}/resourceGroups/${encodeURIComponent(group)}`;
  const path = `${parent}/${TYPE}/${encodeURIComponent(name)}?${VERSION}`;
  await send("PUT", path, { location });
  return send<Account>("GET", path);
}

export function accountKeys({ send }: ManagementSession, { id }: Account): Promise<AccountKeys> {
  return send<AccountKeys>("POST", `${id}/listKeys?${VERSION}`);
}

export function renewKey(
  { send }: ManagementSession,
  { id }: Account,
  keyName: "Primary" | "Secondary",
): Promise<AccountKeys> {
  return send<AccountKeys>("POST", `${id}/regenerateKeys?${VERSION}`, { keyName });
}
