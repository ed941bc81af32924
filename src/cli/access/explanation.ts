/** The parts of an explanation that `explain` and `check` have in common, as the service sends them and as text. */
import type { ConsideredAssignment } from "../../wire/access/access-api.ts";
import type { Permission } from "../../wire/rbac/permission.ts";
import { indented, labelled } from "../command/wrapped-lines.ts";

const WHY: Readonly<Record<string, string>> = {
  "not-granted": "the role does not name it",
  "other-field": "named in the role's other field, where it does not count",
  subtracted: "the role's own not… list takes it away",
  scope: "assigned elsewhere",
  "no-role": "the role does not exist any more",
};

export function permissionText({ name, kind }: Permission): string {
  return `${kind === "action" ? "action" : "data action"} ${name}`;
}

export function consideredText(considered: readonly ConsideredAssignment[], unlisted = 0): string {
  if (considered.length === 0) return "The principal has no role assignment.\n";
  const lines = considered.map(
    ({ roleName, scope, why }) =>
      labelled("-", `${roleName}: ${WHY[why] ?? why}`, 2, 2) + indented(`at ${scope}`, 4),
  );
  const more = unlisted > 0 ? indented(`and ${unlisted} more`, 2) : "";
  return `Role assignments considered:\n${lines.join("")}${more}`;
}

/** @param permission what a role of one's own would have to name */
export function wayOutText(builtInRoles: readonly string[], permission: Permission): string {
  const field = permission.kind === "action" ? "actions" : "dataActions";
  const own = `A custom role needs in its ${field}:\n${indented(permission.name, 2)}`;
  if (builtInRoles.length === 0) return `No built-in role would do.\n${own}`;
  const roles = builtInRoles.map((role) => indented(role, 2)).join("");
  return `Any of these built-in roles would do, the smallest first:\n${roles}${own}`;
}
