/** Subscriptions and their locations. */
import { locationList } from "../../../app/management/location-list.ts";
import { roleScopesOf } from "../../../app/management/role-assignment-read.ts";
import {
  type Subscription,
  subscriptionScope,
  subscriptionsWithRoles,
} from "../../../app/subscriptions/subscription-read.ts";
import { operation } from "../request/operation.ts";

export const listSubscriptions = operation(
  "Microsoft.Resources/Subscriptions_List",
  async ({ plane, principal: { tenantId, objectId } }) => {
    const roleScopes = await roleScopesOf(plane, tenantId, objectId);
    const subscriptions = await subscriptionsWithRoles(plane, tenantId, roleScopes);
    return { json: { value: subscriptions.map(subscriptionView) } };
  },
);

export const getSubscription = operation("Microsoft.Resources/Subscriptions_Get", async ({ parent }) => ({
  json: subscriptionView(parent.subscription),
}));

export const listLocations = operation(
  "Microsoft.Resources/Subscriptions_ListLocations",
  async ({ plane, parent: { subscription } }) => {
    const value = locationList(plane).map(({ name, displayName, geographyGroup }) => ({
      id: `${subscriptionScope(subscription)}/locations/${name}`,
      name,
      type: "Region",
      displayName,
      regionalDisplayName: geographyGroup === "Other" ? name : `(${geographyGroup}) ${displayName}`,
      metadata: {
        regionType: "Physical",
        regionCategory: geographyGroup === "Other" ? "Other" : "Recommended",
        geographyGroup,
      },
    }));
    return { json: { value } };
  },
);

function subscriptionView(subscription: Subscription): object {
  const { subscriptionId, tenantId, displayName } = subscription;
  return {
    id: subscriptionScope(subscription),
    subscriptionId,
    tenantId,
    displayName,
    state: "Enabled",
    subscriptionPolicies: {
      locationPlacementId: "Internal_2014-09-01",
      quotaId: "Internal_2014-09-01",
      spendingLimit: "Off",
    },
    authorizationSource: "RoleBased",
    managedByTenants: [],
  };
}
