/**
 * The answer to "is it done?" about a deletion or a creation. What the client polls with is sealed: it needs no row in the store, cannot be made
 * up, and serves only the principal that it was given to.
 */
import { accountByKey, resourceGroupByKey } from "../../store/accounts.ts";
import { certificateByKey } from "../../store/certificates.ts";
import { poolByKey } from "../../store/work/pools.ts";
import type { AccessAuthor } from "../access/access-change.ts";
import { SealBroken } from "../secrets/sealing.ts";
import type { StorageAccount } from "../storage/storage-account.ts";
import { type ManagedAccount, managedAccount } from "./account-read.ts";
import type { Management } from "./management.ts";

export interface PendingOperation {
  readonly kind: keyof typeof DELETIONS | (typeof DONE_AT_ONCE)[number];
  readonly key: number;
}

const DELETIONS = {
  account: accountByKey,
  certificate: certificateByKey,
  pool: poolByKey,
  resourceGroup: resourceGroupByKey,
};
/** What is made or moved is there before the answer that it will be. */
const DONE_AT_ONCE = ["newAccount", "newStorageAccount", "move"] as const;

const purposeOf = ({ tenantId, objectId }: AccessAuthor) => `operation_result/${tenantId}/${objectId}`;

export function operationToken(
  { sealing }: Management,
  author: AccessAuthor,
  pending: PendingOperation,
): string {
  return sealing.seal(Buffer.from(JSON.stringify(pending)), purposeOf(author));
}

/** What a creation made stands beside its end. */
export interface OperationResult {
  readonly state: "pending" | "done";
  readonly isMove?: true;
  readonly account?: ManagedAccount;
  readonly storageAccount?: StorageAccount;
}

/** Undefined for a token that is not this principal's, and for a creation whose resource has gone again. */
export async function operationResult(
  { sealing, storage, store }: Management,
  author: AccessAuthor,
  token: string,
): Promise<OperationResult | undefined> {
  let pending: PendingOperation;
  try {
    pending = JSON.parse(sealing.unseal(token, purposeOf(author)).toString());
  } catch (error) {
    if (error instanceof SealBroken) return undefined;
    throw error;
  }
  const { kind, key } = pending;
  if (kind === "move") return { state: "done", isMove: true };
  if (kind === "newAccount") {
    const row = await accountByKey.first(store.read, { key });
    return row && { state: "done", account: managedAccount(row) };
  }
  if (kind === "newStorageAccount") {
    const storageAccount = storage.all.find((account) => account.key === key);
    return storageAccount && { state: "done", storageAccount };
  }
  const row = await DELETIONS[kind].first(store.read, { key });
  // A certificate that pools refer to stays after all: its own state says so.
  return { state: row === undefined || isKept(row) ? "done" : "pending" };
}

const isKept = (row: object): boolean => "delete_error" in row && row.delete_error !== null;
