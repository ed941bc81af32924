/** The named users of a pool that is there: its nodes have them from their first start on. Source: Azure Batch REST, "Pool - Patch". */
import { isDeepStrictEqual } from "node:util";
import { Fault } from "../../core/fault.ts";
import { asStored } from "../../core/model/written-only.ts";
import { checkUserAccounts } from "../../core/users/user-account-check.ts";
import type { Connection } from "../../store/engine/connection.ts";
import { nodesOfPool } from "../../store/work/nodes.ts";
import type { PoolRow } from "../../store/work/pools.ts";
import type { PoolAddParameter } from "../../wire/batch/models-types.gen.ts";

/** @throws Fault OperationNotValidOnPool for a pool with nodes, InvalidPropertyValue, NotImplemented */
export async function checkAccountsChange(
  c: Connection,
  pool: Pick<PoolRow, "key">,
  before: PoolAddParameter,
  after: PoolAddParameter,
): Promise<void> {
  checkUserAccounts(after);
  const [had, has] = [before, after].map(({ userAccounts = [] }) => asStored(userAccounts));
  if (isDeepStrictEqual(had, has)) return;
  const nodes = await nodesOfPool.all(c, { pool_key: pool.key });
  if (nodes.length === 0) return;
  // Azure names no code; this is the one of a pool that is not in the state for an operation.
  throw new Fault("OperationNotValidOnPool", "", {
    values: [
      { key: "PropertyName", value: "userAccounts" },
      { key: "Reason", value: "User accounts can be changed while the pool has no nodes only." },
    ],
  });
}
