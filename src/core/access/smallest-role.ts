/**
 * The custom role that allows what was used and nothing else, in the form in which Azure's REST API takes it. Pure. Names permissions one
 * by one: a wildcard would allow what nobody used.
 */
import type { RoleDocument, UsedPermission } from "../../wire/access/access-api.ts";
import type { Permission } from "../../wire/rbac/permission.ts";

export function smallestRole(
  used: readonly UsedPermission[],
  { roleName, description }: { readonly roleName: string; readonly description: string },
): RoleDocument {
  const names = (kind: Permission["kind"]) =>
    [
      ...new Set(
        used.filter(({ permission }) => permission.kind === kind).map(({ permission }) => permission.name),
      ),
    ].sort();
  const permissions = {
    actions: names("action"),
    notActions: [],
    dataActions: names("dataAction"),
    notDataActions: [],
  };
  const assignableScopes = [...new Set(used.map(({ scope }) => subscriptionOf(scope)))].sort();
  return {
    properties: { roleName, type: "CustomRole", description, assignableScopes, permissions: [permissions] },
  };
}

/** The narrowest scope that contains all of them: where the role has to be assigned. Undefined when they have nothing in common. */
export function commonScope(used: readonly UsedPermission[]): string | undefined {
  const [first, ...others] = [...new Set(used.map(({ scope }) => scope))].map((scope) => scope.split("/"));
  if (first === undefined) return undefined;
  const differs = first.findIndex((segment, index) =>
    others.some((other) => other[index]?.toLowerCase() !== segment.toLowerCase()),
  );
  const shared = differs === -1 ? first : first.slice(0, differs);
  return wholeScope(shared);
}

/** A scope ends in a name, not in the word before one: subscription, group, then provider, type and name in turns. */
function wholeScope(segments: readonly string[]): string | undefined {
  const ends = [3, 5];
  for (let end = 9; end <= segments.length; end += 2) ends.push(end);
  const end = ends.findLast((length) => length <= segments.length);
  return end === undefined ? undefined : segments.slice(0, end).join("/");
}

function subscriptionOf(scope: string): string {
  return /^\/subscriptions\/[^/]+/i.exec(scope)?.[0] ?? scope;
}
