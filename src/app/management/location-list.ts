/** The locations of a subscription. A location is no more than a name here: those are listed in which something stands. */

import { resourceGroupList } from "../subscriptions/resource-group-read.ts";
import type { Subscription } from "../subscriptions/subscription-read.ts";
import { accountList } from "./account-read.ts";
import type { Management } from "./management.ts";

export async function locationList(management: Management, subscription: Subscription): Promise<string[]> {
  const [groups, accounts] = await Promise.all([
    resourceGroupList(management, subscription),
    accountList(management, { subscription }),
  ]);
  return [
    ...new Set([...groups, ...accounts.map(({ handle }) => handle)].map(({ location }) => location)),
  ].sort();
}
