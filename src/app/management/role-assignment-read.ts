/** Role assignments as management sees them: those that hold at a scope, above it or below it. */
import { asciiLowerCase } from "../../core/access/ascii-lower-case.ts";
import { holdsAt } from "../../core/access/management-group.ts";
import { parseScope, type Scope, scopeContains } from "../../core/access/scope.ts";
import {
  roleAssignmentById,
  roleAssignmentsOfPrincipal,
  roleAssignmentsOfTenant,
} from "../../store/role-assignments.ts";
import type { Row } from "../../store/schema.ts";
import { roleDefinitionName } from "../../wire/rbac/role-definition.ts";
import type { Management } from "./management.ts";

export interface RoleAssignmentRecord {
  /** The GUID that ends its id. */
  readonly name: string;
  readonly scope: string;
  readonly principalId: string;
  readonly principalType: string;
  /** The GUID that ends the role definition's id. */
  readonly roleName: string;
  readonly description: string | undefined;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Object id; undefined for what the first start made. */
  readonly createdBy: string | undefined;
}

export interface RoleAssignmentFilter {
  /** Leaves out what holds only below the scope. */
  readonly atScope?: boolean;
  readonly principalId?: string;
}

export async function roleAssignmentList(
  { store }: Management,
  tenantId: string,
  scope: Scope,
  { atScope = false, principalId }: RoleAssignmentFilter,
): Promise<RoleAssignmentRecord[]> {
  const rows = await (principalId === undefined
    ? roleAssignmentsOfTenant.all(store.read, { tenant_id: tenantId })
    : roleAssignmentsOfPrincipal.all(store.read, {
        tenant_id: tenantId,
        principal_id: asciiLowerCase(principalId),
      }));
  return rows.map(roleAssignmentRecord).filter((assignment) => {
    const held = parseScope(assignment.scope);
    if (held === undefined) return false;
    return holdsAt(held, scope, tenantId) || (!atScope && scopeContains(scope, held));
  });
}

/** @param name in any case */
export async function roleAssignmentFind(
  { store }: Management,
  tenantId: string,
  scope: Scope,
  name: string,
): Promise<RoleAssignmentRecord | undefined> {
  const row = await roleAssignmentById.first(store.read, { tenant_id: tenantId, id: asciiLowerCase(name) });
  return row && parseScope(row.scope) === scope ? roleAssignmentRecord(row) : undefined;
}

/** Every scope at which the principal, or a group that it is in, holds a role. */
export async function roleScopesOf(
  management: Management,
  tenantId: string,
  principalId: string,
): Promise<Scope[]> {
  const rows = await assignmentsHeldBy(management, tenantId, principalId);
  return rows.flatMap((row) => parseScope(row.scope) ?? []);
}

/** The principal's own, and those of the groups that it is in. */
export async function assignmentsHeldBy(
  { store, access }: Management,
  tenantId: string,
  principalId: string,
): Promise<Row<"role_assignment">[]> {
  const ids = await access.principalIds(principalId);
  const rows = await Promise.all(
    ids.map((id) => roleAssignmentsOfPrincipal.all(store.read, { tenant_id: tenantId, principal_id: id })),
  );
  return rows.flat();
}

export function roleAssignmentRecord(row: Row<"role_assignment">): RoleAssignmentRecord {
  return {
    name: asciiLowerCase(row.id.slice(row.id.lastIndexOf("/") + 1)),
    scope: row.scope,
    principalId: row.principal_id,
    principalType: row.principal_type,
    roleName: roleDefinitionName(row.role_definition_id),
    description: row.description ?? undefined,
    createdAt: row.created_at,
    createdBy: row.created_by ?? undefined,
  };
}
