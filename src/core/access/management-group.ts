/** Management groups: a tenant has its root group, named like the tenant, and every subscription of the tenant is right below it. */
import { asciiLowerCase } from "./ascii-lower-case.ts";
import { type Scope, scopeContains } from "./scope.ts";

const PREFIX = "/providers/microsoft.management/managementgroups/";

export function rootManagementGroup(tenantId: string): Scope {
  return `${PREFIX}${asciiLowerCase(tenantId)}` as Scope;
}

export function isManagementGroup(scope: Scope): boolean {
  return scope.startsWith(PREFIX) && !scope.slice(PREFIX.length).includes("/");
}

/** Whether what is granted at `outer` holds at `inner`, both of the tenant. */
export function holdsAt(outer: Scope, inner: Scope, tenantId: string): boolean {
  if (scopeContains(outer, inner)) return true;
  return outer === rootManagementGroup(tenantId) && inner.startsWith("/subscriptions/");
}
