/** Tasks of an account that ended, by the hour: kept for as long as a metric is. */
import { hourOf } from "../../core/usage/metric-query.ts";
import { accountHours } from "../../store/work/usage.ts";
import type { AccountHandle } from "../accounts/account-handle.ts";
import type { App } from "../app.ts";

export interface TaskEnds {
  /** Since 1970. */
  readonly hour: number;
  readonly completed: number;
  /** Of those that completed. */
  readonly failed: number;
}

/** Of the hours from one instant to the other, epoch milliseconds; those in which they lie count whole. */
export async function taskEndsBetween(
  { store }: Pick<App, "store">,
  account: AccountHandle,
  from: number,
  to: number,
): Promise<readonly TaskEnds[]> {
  return accountHours.all(store.read, { account_key: account.key, first: hourOf(from), last: hourOf(to) });
}
