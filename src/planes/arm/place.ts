/** The subscription and the resource group that a path begins with: looked up early, revealed only to whom they may be. */
import type { TokenPrincipal } from "../../app/directory/access-token-verify.ts";
import { type ResourceGroup, resourceGroupFind } from "../../app/resources/resource-group-read.ts";
import { type Subscription, subscriptionFind } from "../../app/resources/subscription-read.ts";
import { asciiLowerCase } from "../../core/access/ascii-lower-case.ts";
import { armFault } from "./arm-fault.ts";
import { foreignTenant } from "./authenticate.ts";
import type { ArmPlace, ArmPlane } from "./context.ts";

export interface NamedPlace {
  readonly subscriptionId: string | undefined;
  readonly subscription: Subscription | undefined;
  readonly groupName: string | undefined;
  readonly group: ResourceGroup | undefined;
}

/** @throws AuthenticationFault InvalidAuthenticationTokenTenant */
export async function findPlace(
  plane: ArmPlane,
  principal: TokenPrincipal,
  segments: readonly string[],
): Promise<NamedPlace> {
  const [subscriptions = "", subscriptionId, groups = "", name] = segments;
  if (asciiLowerCase(subscriptions) !== "subscriptions" || subscriptionId === undefined) {
    return { subscriptionId: undefined, subscription: undefined, groupName: undefined, group: undefined };
  }
  const subscription = await subscriptionFind(plane, subscriptionId);
  if (subscription && subscription.tenantId !== principal.tenantId) {
    throw foreignTenant(principal, subscription.tenantId);
  }
  const groupName = asciiLowerCase(groups) === "resourcegroups" ? name : undefined;
  const group = subscription && groupName && (await resourceGroupFind(plane, subscription, groupName));
  return { subscriptionId, subscription, groupName, group: group || undefined };
}

/** For a caller that is authorized there. @throws Fault SubscriptionNotFound, ResourceGroupNotFound */
export function revealPlace({ subscriptionId, subscription, groupName, group }: NamedPlace): ArmPlace {
  if (subscriptionId !== undefined && !subscription) {
    throw armFault("SubscriptionNotFound", `There is no subscription '${subscriptionId}'.`);
  }
  if (groupName !== undefined && !group) {
    throw armFault("ResourceGroupNotFound", `There is no resource group '${groupName}'.`);
  }
  return {
    get subscription() {
      return named(subscription);
    },
    get group() {
      return named(group);
    },
  };
}

function named<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("the operation's path does not name this");
  return value;
}
