/**
 * Creating, updating and deleting a tenant's own roles. The plane has checked `Microsoft.Authorization/roleDefinitions/…` at the
 * scope of the path; that the author may write at every scope the role names is checked here. Source: "Azure custom roles".
 */
import { asciiLowerCase } from "../../core/access/ascii-lower-case.ts";
import { roleDefinitionOf } from "../../core/access/role-definition-check.ts";
import { Fault } from "../../core/fault.ts";
import { subscriptionsAll } from "../../store/accounts.ts";
import type { Connection } from "../../store/connection.ts";
import { roleAssignmentsOfRole } from "../../store/role-assignments.ts";
import {
  roleDefinitionDelete,
  roleDefinitionPut,
  roleDefinitionsOfTenant,
} from "../../store/role-definitions.ts";
import { BUILT_IN_ROLES } from "../../wire/rbac/built-in-roles.ts";
import type { RoleDefinition } from "../../wire/rbac/role-definition.ts";
import { type AccessAuthor, type AccessChanges, changeAccess } from "./access-change.ts";

/** Per tenant ("Azure RBAC limits"). */
export const CUSTOM_ROLES_MAX = 5_000;

export const GUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

export interface RoleDefinitionPut {
  /** As the path has it; must be a GUID. */
  readonly name: string;
  /** Parsed JSON, not yet checked. */
  readonly body: unknown;
  /** Whether the author may write role definitions at a scope. */
  readonly mayWriteAt: (scope: string) => boolean;
}

/** Creates the role, or replaces the one of this name. */
export async function roleDefinitionWrite(
  changes: AccessChanges,
  author: AccessAuthor,
  { name, body, mayWriteAt }: RoleDefinitionPut,
): Promise<RoleDefinition> {
  if (!GUID.test(name)) {
    throw new Fault("InvalidRoleDefinitionId", `The role definition's name '${name}' must be a GUID.`, {
      status: 400,
    });
  }
  const definition = roleDefinitionOf(asciiLowerCase(name), body);
  refuseBuiltIn(definition.name);
  for (const scope of definition.assignableScopes) {
    if (mayWriteAt(scope)) continue;
    throw new Fault(
      "LinkedAuthorizationFailed",
      `The client may not perform 'Microsoft.Authorization/roleDefinitions/write' on the assignable scope '${scope}'.`,
      { status: 403 },
    );
  }
  const now = changes.clock();
  await changeAccess(changes, author.tenantId, async (c) => {
    await checkSubscriptions(c, author.tenantId, definition);
    await checkAgainstOthers(c, author.tenantId, definition);
    await roleDefinitionPut.run(c, {
      tenant_id: author.tenantId,
      id: definition.name,
      definition: JSON.stringify(definition),
      created_at: now,
      created_by: author.objectId,
      updated_at: now,
      updated_by: author.objectId,
    });
  });
  return definition;
}

/** Deletes the role and gives what it was; undefined when there is none. */
export async function roleDefinitionRemove(
  changes: AccessChanges,
  tenantId: string,
  name: string,
): Promise<RoleDefinition | undefined> {
  const id = asciiLowerCase(name);
  refuseBuiltIn(id);
  return changeAccess(changes, tenantId, async (c) => {
    const custom = await customRoles(c, tenantId);
    const definition = custom.find((role) => role.name === id);
    if (definition === undefined) return undefined;
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

async function checkAgainstOthers(
  c: Connection,
  tenantId: string,
  definition: RoleDefinition,
): Promise<void> {
  const custom = await customRoles(c, tenantId);
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
