/** Role definitions as Azure's `Microsoft.Authorization/roleDefinitions` has them, and how their ids are written. */

/** What one entry of a role grants: `actions` less `notActions`, `dataActions` less `notDataActions`. */
export interface RolePermissions {
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly dataActions: readonly string[];
  readonly notDataActions: readonly string[];
}

export interface RoleDefinition {
  /** The GUID that ends every form of the role's id, lower case. */
  readonly name: string;
  readonly roleName: string;
  readonly type: "BuiltInRole" | "CustomRole";
  readonly description: string;
  readonly assignableScopes: readonly string[];
  readonly permissions: readonly RolePermissions[];
}

/** Who made a role and who changed it last; object ids, null for what the service made at its first start. */
export interface RoleAuthorship {
  readonly createdAt: number;
  readonly createdBy: string | null;
  readonly updatedAt: number;
  readonly updatedBy: string | null;
}

/** A role with its authorship, which built-in roles do not have. */
export type RoleDefinitionRecord = RoleDefinition & { readonly authorship?: RoleAuthorship };

/**
 * The GUID of a role definition id, lower case: built-in roles are addressed below `/providers/…` as well as below any
 * subscription, so only the last segment tells which role is meant.
 */
export function roleDefinitionName(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1).toLowerCase();
}

/** The id of a built-in role, valid in every subscription. */
export function builtInRoleDefinitionId(name: string): string {
  return `/providers/Microsoft.Authorization/roleDefinitions/${name}`;
}
