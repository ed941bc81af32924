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

const SUBSCRIPTION = /^\/subscriptions\/([^/]+)$/;

/** Undefined when the text is no absolute path of plain segments (empty, `.` and `..` are none). */
export function parseScope(text: string): Scope | undefined {
  if (text === "/") return canonical(text);
  if (text.length > SCOPE_LENGTH_MAX || !text.startsWith("/")) return undefined;
  const path = text.endsWith("/") ? text.slice(0, -1) : text;
  const segments = path.slice(1).split("/");
  const isPlain = segments.every((segment) => segment !== "" && segment !== "." && segment !== "..");
  return isPlain ? canonical(path) : undefined;
}

/** The scope itself and all that contain it, nearest first, `/` last: where an assignment can be inherited from. */
export function enclosingScopes(scope: Scope, managementGroupsOf?: ManagementGroupsOf): Scope[] {
  const enclosing: Scope[] = [];
  for (let path: string = scope; path.length > 1; path = path.slice(0, path.lastIndexOf("/"))) {
    enclosing.push(path as Scope);
    const subscriptionId = SUBSCRIPTION.exec(path)?.[1];
    if (subscriptionId !== undefined && managementGroupsOf !== undefined) {
      enclosing.push(...managementGroupsOf(subscriptionId).map(managementGroupScope));
    }
  }
  return [...enclosing, canonical("/")];
}

/** Whether what is granted at `outer` holds at `inner`, management groups apart. */
export function scopeContains(outer: Scope, inner: Scope): boolean {
  return outer === "/" || inner === outer || inner.startsWith(`${outer}/`);
}

function managementGroupScope(name: string): Scope {
  return canonical(`/providers/Microsoft.Management/managementGroups/${name}`);
}

function canonical(path: string): Scope {
  return asciiLowerCase(path) as Scope;
}
