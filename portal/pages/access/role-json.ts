/** A custom role out of what somebody pasted. Pure; the service judges what is in it. */
import type { RoleDefinition } from "../../api/resource-manager.ts";

type Role = Omit<RoleDefinition["properties"], "type">;

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((each): each is string => typeof each === "string") : [];

const record = (value: unknown): Record<string, unknown> | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;

const text = (value: unknown): string => (typeof value === "string" ? value : "");

/**
 * @param scope where the role is made: its subscription is meant by the documents' `/subscriptions/<subscription-id>`
 * @returns what is wrong, in words, where the text is no role
 */
export function readRole(json: string, scope: string): Role | string {
  let outer: Record<string, unknown> | undefined;
  try {
    outer = record(JSON.parse(json));
  } catch (error) {
    return `This is no JSON: ${(error as Error).message}`;
  }
  const role = record(outer?.properties) ?? outer;
  if (role === undefined) return "This is no role: a JSON object is expected.";
  const permissions = permissionsOf(role);
  if (permissions.length === 0) return "This role has no permissions.";
  const subscription = scope.split("/").slice(0, 3).join("/");
  const named = texts(role.assignableScopes ?? role.AssignableScopes);
  const own = named.filter((each) => each.toLowerCase().startsWith(subscription.toLowerCase()));
  return {
    roleName: text(role.roleName ?? role.Name),
    description: text(role.description ?? role.Description),
    permissions,
    assignableScopes: own.length > 0 ? own : [subscription],
  };
}

/** Both spellings: that of the API, and that of the Azure CLI's and PowerShell's files. */
function permissionsOf(role: Record<string, unknown>): Role["permissions"] {
  const entries = Array.isArray(role.permissions) ? role.permissions.map(record) : [role];
  return entries
    .filter((entry) => entry !== undefined)
    .map((entry) => ({
      actions: texts(entry.actions ?? entry.Actions),
      notActions: texts(entry.notActions ?? entry.NotActions),
      dataActions: texts(entry.dataActions ?? entry.DataActions),
      notDataActions: texts(entry.notDataActions ?? entry.NotDataActions),
    }))
    .filter(({ actions, dataActions }) => actions.length + dataActions.length > 0);
}
