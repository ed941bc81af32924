/** What role assignments and role definitions have in common: the scope they are asked at, and how a role's id is written there. */
import { parseScope, type Scope } from "../../../core/access/scope.ts";
import { builtInRoleDefinitionId, type RolePermissions } from "../../../wire/rbac/role-definition.ts";
import { armFault } from "./arm-fault.ts";
import type { ArmContext } from "./context.ts";

/** The scope that the path's beginning names, whatever the operation's row calls it. */
export function scopeOf({ path, parent }: ArmContext): Scope {
  const text = path.scope ?? parentScope(path, parent);
  const scope = parseScope(text);
  if (scope === undefined) throw armFault("InvalidUri", `'${text.slice(0, 256)}' is not a scope.`);
  return scope;
}

/** Seen from a subscription, every role has an id below it: clients join assignments and definitions by that text. */
export function roleDefinitionId(context: ArmContext, name: string): string {
  const [subscription = ""] = /^\/subscriptions\/[^/]+/.exec(scopeOf(context)) ?? [];
  return `${subscription}${builtInRoleDefinitionId(name)}`;
}

/** Data actions came later than roles. */
const DATA_ACTIONS = "2018-01-01-preview";

export function permissionsView(entry: RolePermissions, apiVersion: string): object {
  const { actions, notActions } = entry;
  return apiVersion >= DATA_ACTIONS ? entry : { actions, notActions };
}

function parentScope(path: ArmContext["path"], parent: ArmContext["parent"]): string {
  const subscription = `/subscriptions/${parent.subscription.subscriptionId}`;
  return path.resourceGroupName === undefined
    ? subscription
    : `${subscription}/resourceGroups/${parent.group.name}`;
}
