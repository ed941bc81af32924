/** The Batch account that a path names. */
import { accountFind, type ManagedAccount } from "../../../app/management/account-read.ts";
import type { Fault } from "../../../core/fault.ts";
import { armFault } from "../request/arm-fault.ts";
import type { ArmContext } from "../request/context.ts";

export const accountName = ({ path }: ArmContext): string => path.accountName ?? "";

/** @throws Fault ResourceNotFound */
export async function namedAccount(context: ArmContext): Promise<ManagedAccount> {
  const account = await accountFind(context.plane, context.parent.group, accountName(context));
  if (!account) throw accountNotFound(context);
  return account;
}

/** For a request that changes what is in the account. @throws Fault ResourceNotFound, AccountBeingDeleted */
export async function changingAccount(context: ArmContext): Promise<ManagedAccount> {
  const account = await namedAccount(context);
  if (!account.isDeleting) return account;
  throw armFault("AccountBeingDeleted", `The Batch account '${account.handle.name}' is being deleted.`);
}

export function accountNotFound(context: ArmContext): Fault {
  return armFault(
    "ResourceNotFound",
    `The Resource 'Microsoft.Batch/batchAccounts/${accountName(context)}' under resource group '${context.parent.group.name}' was not found.`,
  );
}
