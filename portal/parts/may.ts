/**
 * What the signed-in user may do at a scope, as Resource Manager tells it, judged by the service's own rules. What the page offers depends
 * on it; what is done is decided by the service alone.
 */
import { useQuery } from "@tanstack/react-query";
import { asciiLowerCase } from "../../src/core/access/ascii-lower-case.ts";
import { builtInRolesFor, builtInRolesGranting } from "../../src/core/access/operation-access.ts";
import { compileRole } from "../../src/core/access/role.ts";
import { BATCH_PERMISSIONS, type BatchPermission } from "../../src/wire/rbac/batch-permissions.ts";
import type { Permission } from "../../src/wire/rbac/permission.ts";
import type { RolePermissions } from "../../src/wire/rbac/role-definition.ts";
import { permissionsAt } from "../api/resource-manager.ts";

/** Undefined when it may be done; else what is missing, and the roles any of which would give it. */
export type Missing =
  | { readonly permission: Permission; readonly roles: readonly string[] }
  /** In the directory, where no permission is named: any of these roles. */
  | { readonly directoryRoles: readonly string[] }
  | undefined;

export interface May {
  /** False until the service has told. */
  readonly isKnown: boolean;
  /** An operation of the Batch data plane. */
  batch(permission: BatchPermission): Missing;
  /** A permission of Resource Manager. */
  action(name: string): Missing;
}

/** Until it is known, everything is offered: the service refuses what may not be. */
const EVERYTHING: May = { isKnown: false, batch: () => undefined, action: () => undefined };

/** For what is to be done where there is no place that the user may see. */
export const NOTHING: May = mayBy([]);

export function useMay(scope: string | undefined): May {
  const { data } = useQuery({
    queryKey: ["permissions", scope],
    queryFn: () => permissionsAt(scope ?? ""),
    enabled: scope !== undefined,
    staleTime: 30_000,
  });
  return data === undefined ? EVERYTHING : mayBy(data);
}

function mayBy(permissions: readonly RolePermissions[]): May {
  const { verdict } = compileRole({ id: "", roleName: "", description: "", permissions } as never);
  const has = ({ kind, name }: Permission) => verdict(kind, asciiLowerCase(name)).granted;
  return {
    isKnown: true,
    batch: (name) => {
      const permission = BATCH_PERMISSIONS[name];
      const isRead = name.endsWith("/read");
      const isAllowed =
        has(permission) ||
        has(BATCH_PERMISSIONS["listKeys/action"]) ||
        (isRead && has(BATCH_PERMISSIONS.read));
      return isAllowed ? undefined : { permission, roles: builtInRolesFor({ permission, isRead }) };
    },
    action: (name) => {
      const permission: Permission = { kind: "action", name };
      return has(permission) ? undefined : { permission, roles: builtInRolesGranting(permission) };
    },
  };
}

const ROLES_NAMED = 3;

/** What is missing, in words, and what would help. */
export function missingReason(missing: NonNullable<Missing>): string {
  if ("directoryRoles" in missing)
    return `You hold none of the directory roles that may: ${missing.directoryRoles.join(", ")}.`;
  const { permission, roles } = missing;
  const kind = permission.kind === "action" ? "action" : "data action";
  const named = roles.slice(0, ROLES_NAMED).join(" or ");
  const way = roles.length === 0 ? "No built-in role gives it." : `The role ${named} would give it.`;
  return `You lack the ${kind} ${permission.name}. ${way}`;
}
