/**
 * Assigning a role and taking it back. The plane has checked `Microsoft.Authorization/roleAssignments/…` at the scope, and that
 * the scope exists. Source: "Assign Azure roles using the REST API"; "Troubleshoot Azure RBAC".
 */

import { asciiLowerCase } from "../../core/access/ascii-lower-case.ts";
import { isAssignableAt } from "../../core/access/assignable-scope.ts";
import { parseScope, type Scope } from "../../core/access/scope.ts";
import { Fault } from "../../core/fault.ts";
import { isGuid } from "../../core/guid.ts";
import { principalTypeById } from "../../store/directory.ts";
import type { Connection } from "../../store/engine/connection.ts";
import {
  type RoleAssignmentRow,
  roleAssignmentById,
  roleAssignmentDelete,
  roleAssignmentInsert,
  roleAssignmentsCountBelow,
  roleAssignmentsOfPrincipal,
} from "../../store/role-assignments.ts";
import { BUILT_IN_ROLES } from "../../wire/rbac/built-in-roles.ts";
import { roleDefinitionName } from "../../wire/rbac/role-definition.ts";
import { type AccessAuthor, type AccessChanges, changeAccess, growAccess } from "./access-change.ts";
import { customRoles } from "./role-definitions.ts";

/** "Azure RBAC limits". */
export const ROLE_ASSIGNMENTS_PER_SUBSCRIPTION_MAX = 4_000;
export const ROLE_ASSIGNMENTS_PER_MANAGEMENT_GROUP_MAX = 500;

const PRINCIPAL_TYPES = ["User", "Group", "ServicePrincipal", "ForeignGroup", "Device"] as const;
export type PrincipalType = (typeof PRINCIPAL_TYPES)[number];

const ROLE_DEFINITION_ID = /\/providers\/Microsoft\.Authorization\/roleDefinitions\/([0-9a-f-]{36})$/i;

export interface RoleAssignmentPut {
  /** As the path has it; must be a GUID. */
  readonly name: string;
  /** As the path has it. */
  readonly scope: string;
  /** Parsed JSON, not yet checked: `{ properties: { roleDefinitionId, principalId, principalType?, description? } }`. */
  readonly body: unknown;
}

/** Idempotent: the same assignment under the same name is no conflict. */
export async function roleAssignmentWrite(
  changes: AccessChanges,
  author: AccessAuthor,
  put: RoleAssignmentPut,
): Promise<{ readonly assignment: RoleAssignmentRow; readonly created: boolean }> {
  const wanted = wantedAssignment(put);
  const { tenantId } = author;
  return growAccess(changes, tenantId, async (c) => {
    await checkRole(c, tenantId, wanted);
    const principalType = await checkPrincipal(c, tenantId, wanted);
    const known = await roleAssignmentById.first(c, { tenant_id: tenantId, id: wanted.name });
    if (known !== undefined) return { assignment: sameOrRefused(known, wanted), created: false };
    await checkNotAssigned(c, tenantId, wanted);
    await checkLimit(c, tenantId, wanted.parsedScope);
    const assignment: RoleAssignmentRow = {
      tenant_id: tenantId,
      id: wanted.name,
      scope: wanted.scope,
      principal_id: wanted.principalId,
      principal_type: principalType,
      role_definition_id: wanted.roleName,
      description: wanted.description,
      created_at: changes.clock(),
      created_by: author.objectId,
    };
    await roleAssignmentInsert.run(c, assignment);
    return { assignment, created: true };
  });
}

/** Deletes the assignment and gives what it was; undefined when the scope has none of this name. */
export async function roleAssignmentRemove(
  changes: AccessChanges,
  tenantId: string,
  scope: string,
  name: string,
): Promise<RoleAssignmentRow | undefined> {
  const key = { tenant_id: tenantId, id: asciiLowerCase(name) };
  return changeAccess(changes, tenantId, async (c) => {
    const known = await roleAssignmentById.first(c, key);
    if (known === undefined || parseScope(known.scope) !== parseScope(scope)) return undefined;
    await roleAssignmentDelete.run(c, key);
    return known;
  });
}

interface WantedAssignment {
  readonly name: string;
  readonly scope: string;
  readonly parsedScope: Scope;
  readonly principalId: string;
  readonly principalType: PrincipalType | undefined;
  readonly roleName: string;
  readonly description: string | null;
}

function wantedAssignment({ name, scope, body }: RoleAssignmentPut): WantedAssignment {
  if (!isGuid(name))
    throw invalid("InvalidRoleAssignmentId", `The role assignment's name '${name}' must be a GUID.`);
  const parsedScope = parseScope(scope);
  if (parsedScope === undefined) throw invalid("InvalidScope", `'${scope}' is no scope.`);
  const properties = (body as { properties?: unknown } | null)?.properties;
  if (typeof properties !== "object" || properties === null)
    throw invalid("BadRequestFormat", "properties must be an object.");
  const given = properties as Readonly<Record<string, unknown>>;
  const { principalId, principalType, roleDefinitionId, description } = given;
  if (typeof principalId !== "string" || !isGuid(principalId)) {
    throw invalid(
      "InvalidPrincipalId",
      "properties.principalId must be the object id of a principal, a GUID.",
    );
  }
  const roleName =
    typeof roleDefinitionId === "string" ? ROLE_DEFINITION_ID.exec(roleDefinitionId)?.[1] : undefined;
  if (roleName === undefined) {
    throw invalid(
      "InvalidRoleDefinitionId",
      "properties.roleDefinitionId must be the full id of a role definition.",
    );
  }
  const type = PRINCIPAL_TYPES.find((known) => known === (principalType ?? undefined));
  if ((principalType ?? null) !== null && type === undefined) {
    throw invalid(
      "BadRequestFormat",
      `properties.principalType must be one of ${PRINCIPAL_TYPES.join(", ")}.`,
    );
  }
  // Left out it would grant more than its author meant.
  if ((given.condition ?? null) !== null) {
    throw invalid(
      "BadRequestFormat",
      "properties.condition is not supported: role assignments have no conditions here.",
    );
  }
  return {
    name: asciiLowerCase(name),
    scope: scope === "/" ? scope : scope.replace(/\/$/, ""),
    parsedScope,
    principalId: asciiLowerCase(principalId),
    principalType: type,
    roleName: asciiLowerCase(roleName),
    description: typeof description === "string" ? description.slice(0, 1_024) : null,
  };
}

/** A role that cannot be assigned at the scope does not exist there. */
async function checkRole(
  c: Connection,
  tenantId: string,
  { roleName, parsedScope }: WantedAssignment,
): Promise<void> {
  const role = [...BUILT_IN_ROLES, ...(await customRoles(c, tenantId))].find(({ name }) => name === roleName);
  if (role !== undefined && isAssignableAt(role, parsedScope, () => [tenantId])) return;
  throw new Fault(
    "RoleDefinitionDoesNotExist",
    role === undefined
      ? `The role definition '${roleName}' does not exist.`
      : `The role definition '${roleName}' does not exist at '${parsedScope}': its assignable scopes do not cover it.`,
    { status: 404 },
  );
}

/** Looks the principal up. A caller that gives its type vouches for one that the directory does not show yet. */
async function checkPrincipal(
  c: Connection,
  tenantId: string,
  { principalId, principalType }: WantedAssignment,
): Promise<string> {
  const found = await principalTypeById.first(c, { tenant_id: tenantId, object_id: principalId });
  if (found === undefined) {
    if (principalType !== undefined) return principalType;
    throw invalid(
      "PrincipalNotFound",
      `The principal ${principalId} does not exist in the directory ${tenantId}. If it was created a moment ago, give principalType.`,
    );
  }
  if (principalType !== undefined && principalType !== found.principal_type) {
    throw invalid(
      "UnmatchedPrincipalType",
      `The principal ${principalId} is a ${found.principal_type}, not a ${principalType}.`,
    );
  }
  return found.principal_type;
}

function sameOrRefused(known: RoleAssignmentRow, wanted: WantedAssignment): RoleAssignmentRow {
  const isSame =
    known.principal_id === wanted.principalId &&
    parseScope(known.scope) === wanted.parsedScope &&
    roleDefinitionName(known.role_definition_id) === wanted.roleName;
  if (isSame) return known;
  throw invalid(
    "RoleAssignmentUpdateNotPermitted",
    "An assignment of this name exists; its principal, scope and role cannot be changed.",
  );
}

async function checkNotAssigned(c: Connection, tenantId: string, wanted: WantedAssignment): Promise<void> {
  const held = await roleAssignmentsOfPrincipal.all(c, {
    tenant_id: tenantId,
    principal_id: wanted.principalId,
  });
  const exists = held.some(
    (row) =>
      parseScope(row.scope) === wanted.parsedScope &&
      roleDefinitionName(row.role_definition_id) === wanted.roleName,
  );
  if (exists) throw new Fault("RoleAssignmentExists", "The role assignment already exists.", { status: 409 });
}

async function checkLimit(c: Connection, tenantId: string, scope: Scope): Promise<void> {
  const [subscription] = /^\/subscriptions\/[^/]+/.exec(scope) ?? [];
  const pattern = subscription === undefined ? scope : `${subscription}%`;
  const max =
    subscription === undefined
      ? ROLE_ASSIGNMENTS_PER_MANAGEMENT_GROUP_MAX
      : ROLE_ASSIGNMENTS_PER_SUBSCRIPTION_MAX;
  const row = await roleAssignmentsCountBelow.first(c, { tenant_id: tenantId, pattern });
  if (Number(row?.count ?? 0) < max) return;
  throw invalid(
    "RoleAssignmentLimitExceeded",
    `No more role assignments can be created here: the limit is ${max}.`,
  );
}

function invalid(code: string, message: string): Fault {
  return new Fault(code, message, { status: 400 });
}
