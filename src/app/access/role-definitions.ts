/**
 * Creating, updating and deleting a tenant's own roles. The plane has checked `Microsoft.Authorization/roleDefinitions/…` at the
 * scope of the path. A role belongs to all of its assignable scopes together: whether the author has the right at each of them, those
 * that it had before and those that it gets, is checked here, in the transaction. Source: "Azure custom roles".
 */
import { asciiLowerCase } from "../../core/access/ascii-lower-case.ts";
import { isAssignableAt } from "../../core/access/assignable-scope.ts";
import { roleDefinitionOf } from "../../core/access/role-definition-check.ts";
import { parseScope } from "../../core/access/scope.ts";
import { Fault } from "../../core/fault.ts";
import { isGuid } from "../../core/guid.ts";
import { subscriptionsAll } from "../../store/accounts.ts";
import type { Connection } from "../../store/engine/connection.ts";
import { roleAssignmentsOfRole } from "../../store/role-assignments.ts";
import {
  roleDefinitionDelete,
  roleDefinitionPut,
  roleDefinitionsOfTenant,
} from "../../store/role-definitions.ts";
import { BUILT_IN_ROLES } from "../../wire/rbac/built-in-roles.ts";
import type {
  RoleAuthorship,
  RoleDefinition,
  RoleDefinitionRecord,
} from "../../wire/rbac/role-definition.ts";
import { type AccessAuthor, type AccessChanges, changeAccess, growAccess } from "./access-change.ts";

/** Per tenant ("Azure RBAC limits"). */
export const CUSTOM_ROLES_MAX = 5_000;

export interface RoleDefinitionPut {
  /** As the path has it; must be a GUID. */
  readonly name: string;
  /** Parsed JSON, not yet checked. */
  readonly body: unknown;
  readonly rightAt: RightAt;
}

/** Whether the author has the operation's own permission at a scope. */
export type RightAt = (scope: string) => boolean;

/**
 * Creates the role, or replaces the one of this name.
 * @throws Fault InvalidRoleDefinitionId, LinkedAuthorizationFailed, RoleDefinitionHasAssignments, SubscriptionNotFound,
 * RoleDefinitionWithSameNameExists, RoleDefinitionLimitExceeded, and those of a body that is no role
 */
export async function roleDefinitionWrite(
  changes: AccessChanges,
  author: AccessAuthor,
  { name, body, rightAt }: RoleDefinitionPut,
): Promise<RoleDefinitionRecord> {
  if (!isGuid(name)) {
    throw new Fault("InvalidRoleDefinitionId", `The role definition's name '${name}' must be a GUID.`, {
      status: 400,
    });
  }
  const definition = roleDefinitionOf(asciiLowerCase(name), body);
  refuseBuiltIn(definition.name);
  const now = changes.clock();
  return growAccess(changes, author.tenantId, async (c) => {
    const custom = await customRoleRecords(c, author.tenantId);
    const before = custom.find((role) => role.name === definition.name);
    checkRights("write", [...(before?.assignableScopes ?? []), ...definition.assignableScopes], rightAt);
    await checkSubscriptions(c, author.tenantId, definition);
    checkAgainstOthers(custom, definition);
    if (before !== undefined) await checkStillAssignable(c, author.tenantId, definition);
    const authorship: RoleAuthorship = {
      createdAt: before?.authorship.createdAt ?? now,
      createdBy: before === undefined ? author.objectId : before.authorship.createdBy,
      updatedAt: now,
      updatedBy: author.objectId,
    };
    await roleDefinitionPut.run(c, {
      tenant_id: author.tenantId,
      id: definition.name,
      definition: JSON.stringify(definition),
      created_at: authorship.createdAt,
      created_by: authorship.createdBy,
      updated_at: authorship.updatedAt,
      updated_by: authorship.updatedBy,
    });
    return { ...definition, authorship };
  });
}

/**
 * Deletes the role and gives what it was; undefined when there is none.
 * @throws Fault InvalidRoleDefinitionId, LinkedAuthorizationFailed, RoleDefinitionHasAssignments
 */
export async function roleDefinitionRemove(
  changes: AccessChanges,
  tenantId: string,
  name: string,
  rightAt: RightAt,
): Promise<RoleDefinitionRecord | undefined> {
  const id = asciiLowerCase(name);
  refuseBuiltIn(id);
  return changeAccess(changes, tenantId, async (c) => {
    const custom = await customRoleRecords(c, tenantId);
    const definition = custom.find((role) => role.name === id);
    if (definition === undefined) return undefined;
    checkRights("delete", definition.assignableScopes, rightAt);
    const assignments = await roleAssignmentsOfRole.all(c, { tenant_id: tenantId, role_definition_id: id });
    if (assignments.length > 0) {
      throw new Fault(
        "RoleDefinitionHasAssignments",
        `${assignments.length} role assignments refer to the role '${definition.roleName}'; remove them first.`,
        { status: 400 },
      );
    }
    await roleDefinitionDelete.run(c, { tenant_id: tenantId, id });
    return definition;
  });
}

export async function customRoleRecords(
  connection: Connection,
  tenantId: string,
): Promise<Required<RoleDefinitionRecord>[]> {
  const rows = await roleDefinitionsOfTenant.all(connection, { tenant_id: tenantId });
  return rows.map(({ definition, created_at, created_by, updated_at, updated_by }) => ({
    ...(JSON.parse(definition) as RoleDefinition),
    authorship: {
      createdAt: created_at,
      createdBy: created_by,
      updatedAt: updated_at,
      updatedBy: updated_by,
    },
  }));
}

export async function customRoles(connection: Connection, tenantId: string): Promise<RoleDefinition[]> {
  const rows = await roleDefinitionsOfTenant.all(connection, { tenant_id: tenantId });
  return rows.map(({ definition }) => JSON.parse(definition) as RoleDefinition);
}

async function checkSubscriptions(
  c: Connection,
  tenantId: string,
  { assignableScopes }: RoleDefinition,
): Promise<void> {
  const subscriptions = await subscriptionsAll.all(c, {});
  const own = new Set(
    subscriptions.filter((row) => row.tenant_id === tenantId).map((row) => asciiLowerCase(row.id)),
  );
  for (const scope of assignableScopes) {
    const id = /^\/subscriptions\/([^/]+)/i.exec(scope)?.[1];
    if (id === undefined || own.has(asciiLowerCase(id))) continue;
    throw new Fault("SubscriptionNotFound", `The subscription '${id}' could not be found.`, { status: 404 });
  }
}

function checkRights(right: "write" | "delete", scopes: readonly string[], rightAt: RightAt): void {
  const lacking = scopes.find((scope) => !rightAt(scope));
  if (lacking === undefined) return;
  throw new Fault(
    "LinkedAuthorizationFailed",
    `The client may not perform 'Microsoft.Authorization/roleDefinitions/${right}' on the assignable scope '${lacking}'.`,
    { status: 403 },
  );
}

/** What has been assigned must stay within the role's scopes: an assignment outside of them would be a dead one. */
async function checkStillAssignable(
  c: Connection,
  tenantId: string,
  definition: RoleDefinition,
): Promise<void> {
  const key = { tenant_id: tenantId, role_definition_id: definition.name };
  const assignments = await roleAssignmentsOfRole.all(c, key);
  const outside = assignments.find(({ scope }) => {
    const parsed = parseScope(scope);
    return parsed !== undefined && !isAssignableAt(definition, parsed, () => [tenantId]);
  });
  if (outside === undefined) return;
  throw new Fault(
    "RoleDefinitionHasAssignments",
    `The role '${definition.roleName}' is assigned at '${outside.scope}', which its new assignable scopes do not cover; remove that assignment first.`,
    { status: 400 },
  );
}

function checkAgainstOthers(custom: readonly RoleDefinition[], definition: RoleDefinition): void {
  const isSame = ({ name }: RoleDefinition) => name === definition.name;
  const roleName = asciiLowerCase(definition.roleName);
  const others = [...BUILT_IN_ROLES, ...custom].filter((role) => !isSame(role));
  if (others.some((role) => asciiLowerCase(role.roleName) === roleName)) {
    throw new Fault(
      "RoleDefinitionWithSameNameExists",
      `The tenant has another role named '${definition.roleName}'.`,
      { status: 409 },
    );
  }
  if (!custom.some(isSame) && custom.length >= CUSTOM_ROLES_MAX) {
    throw new Fault("RoleDefinitionLimitExceeded", `A tenant may have ${CUSTOM_ROLES_MAX} custom roles.`, {
      status: 400,
    });
  }
}

function refuseBuiltIn(name: string): void {
  const builtIn = BUILT_IN_ROLES.find((role) => role.name === name);
  if (builtIn === undefined) return;
  throw new Fault(
    "InvalidRoleDefinitionId",
    `'${builtIn.roleName}' is a built-in role and cannot be changed.`,
    { status: 400 },
  );
}
