/**
 * Deleting a Batch account. What is in it goes first: jobs stop their tasks, pools give up their nodes, each in its own way; the data
 * plane refuses the account meanwhile. A reconciler takes the last step, so that a restart needs no special path.
 */

import { Fault } from "../../core/fault.ts";
import { storedAccountSpec } from "../../core/management/account-spec.ts";
import {
  type AccountRow,
  accountByKey,
  accountDelete,
  accountRecordsDelete,
  accountStateSet,
  accountsAll,
} from "../../store/accounts.ts";
import type { Connection } from "../../store/engine/connection.ts";
import { schedulesOfAccount, schedulesOfAccountToDelete } from "../../store/work/job-schedules.ts";
import { jobsOfAccount, jobsOfAccountToDelete } from "../../store/work/jobs.ts";
import { poolDeleting, poolsOfAccount, poolsOfAccountToDelete } from "../../store/work/pools.ts";
import { scopeAssignmentsDelete } from "../access/scope-assignments.ts";
import { accountHandle, accountScope } from "../accounts/account-handle.ts";
import { systemIdentityDrop } from "../identities/system-identity.ts";
import { jobDelete } from "../jobs/job-change-state.ts";
import { scheduleMove } from "../schedules/schedule-requests.ts";
import type { ResourceGroup } from "../subscriptions/resource-group-read.ts";
import { WriteSlice } from "../write-slice.ts";
import { accountRow } from "./account-read.ts";
import type { Management } from "./management.ts";

/** Some may have a megabyte. */
const ROWS_PER_READ = 20;

export type Deletion = "absent" | "deleted" | "deleting";

/** @param name in any case */
export async function accountRequestDelete(
  management: Management,
  group: ResourceGroup,
  name: string,
): Promise<Deletion> {
  const row = await management.store.write(async (c) => {
    const known = await accountRow(c, group, name);
    if (known?.state === "active") await refuseLast(c, (row) => row.key === known.key);
    if (known) await accountStateSet.run(c, { key: known.key, state: "deleting", now: management.clock() });
    return known;
  });
  if (!row) return "absent";
  await management.accounts.refresh(row.key);
  return (await accountAdvance(management, row.key)) ? "deleted" : "deleting";
}

/**
 * A service without any account could not say where Batch is. Ours: Azure has no such rule.
 * @param isGoing whether an account is among those to be deleted
 * @throws Fault LastAccount
 */
export async function refuseLast(c: Connection, isGoing: (row: AccountRow) => boolean): Promise<void> {
  const rows = await accountsAll.all(c, {});
  if (rows.some((row) => row.state === "active" && !isGoing(row))) return;
  throw new Fault("LastAccount", "The last Batch account of an installation cannot be deleted.", {
    status: 409,
  });
}

/** Takes an account that is being deleted one step further; true when that was the last one. Idempotent. */
export async function accountAdvance(management: Management, key: number): Promise<boolean> {
  const { store, clock, nudge, access, accounts } = management;
  const gone = await store.write(async (c) => {
    const row = await accountByKey.first(c, { key });
    if (row?.state !== "deleting") return undefined;
    if (!(await emptied(c, row, clock()))) {
      nudge.schedules();
      nudge.jobs();
      nudge.nodes();
      return undefined;
    }
    await scopeAssignmentsDelete(c, row.tenant_id, accountScope(accountHandle(row)));
    const { systemIdentity } = storedAccountSpec(row.spec);
    if (systemIdentity) await systemIdentityDrop(c, systemIdentity);
    for (const records of accountRecordsDelete) await records.run(c, { key });
    await accountDelete.run(c, { key });
    return row;
  });
  if (!gone) return false;
  access.invalidate(gone.tenant_id);
  await accounts.refresh(key);
  return true;
}

/** Asks what is left in the account to go, a slice at a time; true when nothing is left. */
async function emptied(c: Connection, { key: account_key }: AccountRow, now: number): Promise<boolean> {
  const slice = new WriteSlice();
  const some = { account_key, limit: ROWS_PER_READ };
  const steps = [
    async () => {
      const schedules = await schedulesOfAccountToDelete.all(c, some);
      for (const schedule of schedules) await scheduleMove(c, schedule, "deleting", now);
      return schedules.length;
    },
    async () => {
      const jobs = await jobsOfAccountToDelete.all(c, some);
      for (const job of jobs) await jobDelete(c, job, now);
      return jobs.length;
    },
    async () => {
      const pools = await poolsOfAccountToDelete.all(c, some);
      for (const { key } of pools) await poolDeleting.run(c, { key, now });
      return pools.length;
    },
  ];
  for (const step of steps) while ((await step()) > 0) if (slice.isOver) return false;
  for (const left of [schedulesOfAccount, jobsOfAccount, poolsOfAccount])
    if (await left.first(c, { account_key })) return false;
  return true;
}
