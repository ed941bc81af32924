/** What a decision says, and what decided it: enough to explain every grant and every denial. */

import type { Permission } from "../../wire/rbac/permission.ts";
import type { RoleRefusal } from "./role.ts";

/** The assignment that grants a permission, and the entry of its role that does. */
export interface Grant {
  readonly permission: Permission;
  readonly assignmentId: string;
  readonly scope: string;
  readonly roleDefinitionId: string;
  readonly roleName: string;
  readonly pattern: string;
}

/** A denial says nothing by itself: most are never asked about, so why is worked out by `explain`. */
export type Decision = { readonly allowed: true; readonly by: Grant } | { readonly allowed: false };

/**
 * An assignment of the principal that did not grant the permission. Beside the role's own reasons: `scope`, the
 * assignment holds elsewhere; `no-role`, its role definition does not exist, or not at the assignment's scope.
 */
export interface ConsideredAssignment {
  readonly assignmentId: string;
  readonly scope: string;
  /** The role's id where it has no name because it does not exist. */
  readonly roleName: string;
  readonly why: RoleRefusal | "scope" | "no-role";
}
