/** Resource groups as management sees them. */
import { asciiLowerCase } from "../../core/access/ascii-lower-case.ts";
import type { Tags } from "../../core/management/tags.ts";
import { resourceGroupByName, resourceGroupsOfSubscription } from "../../store/accounts.ts";
import type { Row } from "../../store/schema.ts";
import type { Records } from "../records.ts";
import { type Subscription, subscriptionScope } from "./subscription-read.ts";

export interface ResourceGroup {
  readonly key: number;
  readonly subscriptionId: string;
  /** The name as it was created; compared without case. */
  readonly name: string;
  readonly location: string;
  readonly tags: Tags;
  /** The resource that manages the group. */
  readonly managedBy: string | undefined;
  readonly isDeleting: boolean;
}

export function resourceGroupScope(group: Pick<ResourceGroup, "subscriptionId" | "name">): string {
  return `${subscriptionScope(group)}/resourceGroups/${group.name}`;
}

/** @param name in any case */
export async function resourceGroupFind(
  { store }: Pick<Records, "store">,
  { subscriptionId }: Subscription,
  name: string,
): Promise<ResourceGroup | undefined> {
  const names = { subscription_id: subscriptionId, name_lower: asciiLowerCase(name) };
  const row = await resourceGroupByName.first(store.read, names);
  return row && resourceGroup(row);
}

export async function resourceGroupList(
  { store }: Pick<Records, "store">,
  { subscriptionId }: Subscription,
): Promise<ResourceGroup[]> {
  const rows = await resourceGroupsOfSubscription.all(store.read, { subscription_id: subscriptionId });
  return rows.map(resourceGroup);
}

export function resourceGroup(row: Row<"resource_group">): ResourceGroup {
  return {
    key: row.key,
    subscriptionId: row.subscription_id,
    name: row.name,
    location: row.location,
    tags: JSON.parse(row.tags) as Tags,
    managedBy: row.managed_by ?? undefined,
    isDeleting: row.state === "deleting",
  };
}
