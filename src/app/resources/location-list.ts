/** The locations of a subscription. A location is no more than a name here: those are listed in which something stands. */
import type { Store } from "../../store/store.ts";
import { accountList } from "./account-read.ts";
import { resourceGroupList } from "./resource-group-read.ts";
import type { Subscription } from "./subscription-read.ts";

export async function locationList(store: Store, subscription: Subscription): Promise<string[]> {
  const [groups, accounts] = await Promise.all([
    resourceGroupList(store, subscription),
    accountList(store, { subscription }),
  ]);
  return [...new Set([...groups, ...accounts].map(({ location }) => location))].sort();
}
