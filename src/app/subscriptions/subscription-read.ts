/** Subscriptions as management sees them. */
import { asciiLowerCase } from "../../core/access/ascii-lower-case.ts";
import { holdsAt } from "../../core/access/management-group.ts";
import { parseScope, type Scope, scopeContains } from "../../core/access/scope.ts";
import { subscriptionById, subscriptionsOfTenant } from "../../store/accounts.ts";
import type { Row } from "../../store/schema.ts";
import type { Records } from "../records.ts";

export interface Subscription {
  readonly subscriptionId: string;
  readonly tenantId: string;
  readonly displayName: string;
}

export function subscriptionScope({ subscriptionId }: Pick<Subscription, "subscriptionId">): string {
  return `/subscriptions/${subscriptionId}`;
}

/** Of any tenant: who asks must compare. @param id in any case */
export async function subscriptionFind(
  { store }: Pick<Records, "store">,
  id: string,
): Promise<Subscription | undefined> {
  const row = await subscriptionById.first(store.read, { id: asciiLowerCase(id) });
  return row && subscription(row);
}

/** The tenant's subscriptions in which some role is held: at the subscription, above it, or on anything inside. */
export async function subscriptionsWithRoles(
  { store }: Pick<Records, "store">,
  tenantId: string,
  roleScopes: readonly Scope[],
): Promise<Subscription[]> {
  const rows = await subscriptionsOfTenant.all(store.read, { tenant_id: tenantId });
  return rows.map(subscription).filter((candidate) => {
    const scope = parseScope(subscriptionScope(candidate));
    return roleScopes.some((held) => scope && (holdsAt(held, scope, tenantId) || scopeContains(scope, held)));
  });
}

function subscription(row: Row<"subscription">): Subscription {
  return { subscriptionId: row.id, tenantId: row.tenant_id, displayName: row.display_name };
}
