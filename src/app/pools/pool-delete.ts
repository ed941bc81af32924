/** Deleting a pool over management: it goes as the data plane's do, and what was assigned on it goes at once. */
import { poolById, poolDeleting } from "../../store/work/pools.ts";
import { type AccessChanges, changeAccess } from "../access/access-change.ts";
import { scopeAssignmentsDelete } from "../access/scope-assignments.ts";
import { type AccountHandle, accountScope } from "../accounts/account-handle.ts";
import type { Records } from "../records.ts";

/** @returns the key of the pool that is going; undefined when there is none of this name */
export async function managedPoolDelete(
  changes: AccessChanges & Pick<Records, "nudge">,
  account: AccountHandle,
  name: string,
): Promise<number | undefined> {
  const { clock, nudge } = changes;
  return changeAccess(changes, account.tenantId, async (c) => {
    const pool = await poolById.first(c, { account_key: account.key, id_lower: name.toLowerCase() });
    if (!pool) return undefined;
    await scopeAssignmentsDelete(c, account.tenantId, `${accountScope(account)}/pools/${pool.id}`);
    if (pool.state !== "deleting") await poolDeleting.run(c, { key: pool.key, now: clock() });
    nudge.nodes();
    return pool.key;
  });
}
