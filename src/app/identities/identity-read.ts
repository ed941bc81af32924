/** Reads of user-assigned managed identities. Each sees the last commit. */
import { asciiLowerCase } from "../../core/access/ascii-lower-case.ts";
import type { Connection } from "../../store/engine/connection.ts";
import type { Store } from "../../store/engine/store.ts";
import {
  identitiesOfResourceGroup,
  identitiesOfSubscription,
  identityById,
  identityByName,
} from "../../store/identities.ts";
import type { ResourceGroup } from "../subscriptions/resource-group-read.ts";
import type { Subscription } from "../subscriptions/subscription-read.ts";
import { type Identity, identityOf } from "./identity.ts";

type Stored = { readonly store: Store };

/** @param name in any case */
export async function identityFind(
  { store }: Stored,
  { key }: ResourceGroup,
  name: string,
): Promise<Identity | undefined> {
  const parent = { resource_group_key: key, name_lower: asciiLowerCase(name) };
  const row = await identityByName.first(store.read, parent);
  return row && identityOf(row);
}

export async function identityList(
  { store }: Stored,
  parent: { readonly subscription: Subscription } | { readonly group: ResourceGroup },
): Promise<Identity[]> {
  const rows =
    "group" in parent
      ? await identitiesOfResourceGroup.all(store.read, { resource_group_key: parent.group.key })
      : await identitiesOfSubscription.all(store.read, {
          subscription_id: parent.subscription.subscriptionId,
        });
  return rows.map(identityOf);
}

const RESOURCE_ID =
  /^\/subscriptions\/([^/]+)\/resourcegroups\/([^/]+)\/providers\/microsoft\.managedidentity\/userassignedidentities\/([^/]+)\/?$/;

/** @param resourceId in any case. @returns undefined for what is no identity's id, or an unknown one's */
export async function identityByResourceId(c: Connection, resourceId: string): Promise<Identity | undefined> {
  const [, subscription = "", group = "", name = ""] = RESOURCE_ID.exec(asciiLowerCase(resourceId)) ?? [];
  if (name === "") return undefined;
  const parent = { subscription_id: subscription, group_lower: group, name_lower: name };
  const row = await identityById.first(c, parent);
  return row && identityOf(row);
}
