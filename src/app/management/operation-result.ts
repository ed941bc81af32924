/**
 * The answer to "is it done?" about a deletion. What the client polls with is sealed: it needs no row in the store, cannot be made
 * up, and serves only the principal that it was given to.
 */
import { accountByKey, resourceGroupByKey } from "../../store/accounts.ts";
import { poolByKey } from "../../store/work/pools.ts";
import type { AccessAuthor } from "../access/access-change.ts";
import { SealBroken } from "../secrets/sealing.ts";
import type { Management } from "./management.ts";

export interface PendingDeletion {
  readonly kind: "account" | "pool" | "resourceGroup";
  readonly key: number;
}

const PENDING = { account: accountByKey, pool: poolByKey, resourceGroup: resourceGroupByKey };

const purposeOf = ({ tenantId, objectId }: AccessAuthor) => `operation_result/${tenantId}/${objectId}`;

export function operationToken(
  { sealing }: Management,
  author: AccessAuthor,
  pending: PendingDeletion,
): string {
  return sealing.seal(Buffer.from(JSON.stringify(pending)), purposeOf(author));
}

/** Undefined for a token that is not this principal's. */
export async function operationResult(
  { sealing, store }: Management,
  author: AccessAuthor,
  token: string,
): Promise<"pending" | "done" | undefined> {
  let pending: PendingDeletion;
  try {
    pending = JSON.parse(sealing.unseal(token, purposeOf(author)).toString());
  } catch (error) {
    if (error instanceof SealBroken) return undefined;
    throw error;
  }
  const { kind, key } = pending;
  const row = await PENDING[kind].first(store.read, { key });
  return row === undefined ? "done" : "pending";
}
