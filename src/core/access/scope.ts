/**
 * ARM scopes: `/`, management groups, subscriptions, resource groups, resources and their children. Compared without
 * case and by whole segments, so `…/resourceGroups/app` does not contain `…/resourceGroups/app2`.
 *
 * Takes decoded paths: a name that was sent with an escaped slash must have been refused before.
 */

import { asciiLowerCase } from "./ascii-lower-case.ts";

declare const brand: unique symbol;

/** A scope in the one form in which equal scopes are equal strings: lower case, no slash at the end (but for `/`). */
export type Scope = string & { readonly [brand]: "Scope" };

/** Ours; Azure's resource ids are far shorter. */
export const SCOPE_LENGTH_MAX = 2_048;

/** The management groups above a subscription, nearest first, by name. */
export type ManagementGroupsOf = (subscriptionId: string) => readonly string[];

const SUBSCRIPTION = /^\/subscriptions\/([^/]+)/;

/** An empty segment, `.` or `..`; a path's last slash makes none. */
const NO_PLAIN_SEGMENT = /\/\.{0,2}(\/|$)/;

/** Undefined when the text is no absolute path of plain segments. */
export function parseScope(text: string): Scope | undefined {
  if (text === "/") return canonical(text);
  if (text.length > SCOPE_LENGTH_MAX || !text.startsWith("/")) return undefined;
  const path = text.endsWith("/") ? text.slice(0, -1) : text;
  return NO_PLAIN_SEGMENT.test(path) ? undefined : canonical(path);
}

/** Whether the beginning of this length, if it is a scope, contains the scope. */
export function isEnclosedAt(scope: Scope, length: number): boolean {
  return length === scope.length || length === 1 || scope[length] === "/";
}

/** Whether what is granted at `outer` holds at `inner`, management groups apart. */
export function scopeContains(outer: Scope, inner: Scope): boolean {
  return inner.startsWith(outer) && isEnclosedAt(inner, outer.length);
}

/** The management groups above the scope's subscription, nearest first. */
export function managementGroupScopes(scope: Scope, managementGroupsOf: ManagementGroupsOf): Scope[] {
  const subscriptionId = SUBSCRIPTION.exec(scope)?.[1];
  if (subscriptionId === undefined) return [];
  return managementGroupsOf(subscriptionId).map((name) =>
    canonical(`/providers/Microsoft.Management/managementGroups/${name}`),
  );
}

function canonical(path: string): Scope {
  return asciiLowerCase(path) as Scope;
}
