/** The subscription and the resource group that a path begins with: looked up early, revealed only to whom they may be. */
import type { TokenPrincipal } from "../../../app/directory/access-token-verify.ts";
import { type ResourceGroup, resourceGroupFind } from "../../../app/subscriptions/resource-group-read.ts";
import { type Subscription, subscriptionFind } from "../../../app/subscriptions/subscription-read.ts";
import { asciiLowerCase } from "../../../core/access/ascii-lower-case.ts";
import type { Fault } from "../../../core/fault.ts";
import { isGuid } from "../../../core/guid.ts";
import { armFault } from "./arm-fault.ts";
import { foreignTenant } from "./authenticate.ts";
import type { ArmParent, ArmPlane } from "./context.ts";

export interface NamedParent {
  readonly subscription: Subscription | undefined;
  readonly groupName: string | undefined;
  readonly group: ResourceGroup | undefined;
}

/** @throws AuthenticationFault InvalidAuthenticationTokenTenant; Fault InvalidSubscriptionId, SubscriptionNotFound */
export async function findParent(
  plane: ArmPlane,
  principal: TokenPrincipal,
  segments: readonly string[],
): Promise<NamedParent> {
  const [subscriptions = "", subscriptionId, groups = "", name] = segments;
  if (asciiLowerCase(subscriptions) !== "subscriptions" || subscriptionId === undefined) {
    return { subscription: undefined, groupName: undefined, group: undefined };
  }
  if (!isGuid(subscriptionId)) {
    throw armFault(
      "InvalidSubscriptionId",
      `The provided subscription identifier '${subscriptionId.slice(0, 64)}' is malformed or invalid.`,
    );
  }
  const subscription = await subscriptionFind(plane, subscriptionId);
  // Said to everyone, as the real service does: the id alone is no secret, and names nobody.
  if (!subscription) {
    throw armFault("SubscriptionNotFound", `The subscription '${subscriptionId}' could not be found.`);
  }
  if (subscription.tenantId !== principal.tenantId) {
    throw foreignTenant(principal, subscription.tenantId);
  }
  const groupName = asciiLowerCase(groups) === "resourcegroups" ? name : undefined;
  const group = groupName && (await resourceGroupFind(plane, subscription, groupName));
  return { subscription, groupName, group: group || undefined };
}

/**
 * For a caller that is authorized there.
 * @param mayBeAbsent the operation creates the group that the path names
 * @throws Fault ResourceGroupNotFound
 */
export function revealParent(
  { subscription, groupName, group }: NamedParent,
  mayBeAbsent: boolean,
): ArmParent {
  if (groupName !== undefined && !group && !mayBeAbsent) throw groupNotFound(groupName);
  return {
    get subscription() {
      return named(subscription);
    },
    get group() {
      return named(group);
    },
  };
}

export function groupNotFound(name: string): Fault {
  return armFault("ResourceGroupNotFound", `Resource group '${name}' could not be found.`);
}

function named<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("the operation's path does not name this");
  return value;
}
