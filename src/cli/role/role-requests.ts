/** What the commands ask Resource Manager about roles. */

import type { FoundPrincipal } from "../../wire/access/access-api.ts";
import { CommandError } from "../command/exit-code.ts";
import { accessPath, type ManagementSession, RBAC_VERSION } from "../connect/management-session.ts";

export interface RoleProperties {
  readonly roleName: string;
  readonly type: string;
  readonly description: string;
  readonly assignableScopes: readonly string[];
  readonly permissions: readonly {
    readonly actions: readonly string[];
    readonly notActions: readonly string[];
    readonly dataActions: readonly string[];
    readonly notDataActions: readonly string[];
  }[];
}

export interface RoleDefinition {
  readonly id: string;
  readonly name: string;
  readonly properties: RoleProperties;
}

export interface RoleAssignment {
  readonly id: string;
  readonly properties: {
    readonly roleDefinitionId: string;
    readonly principalId: string;
    readonly scope: string;
  };
}

const PROVIDER = "/providers/Microsoft.Authorization";

export function findPrincipal(session: ManagementSession, name: string): Promise<FoundPrincipal> {
  return session.send<FoundPrincipal>("GET", accessPath(`principals/${encodeURIComponent(name)}`));
}

export async function listRoles(
  session: ManagementSession,
  scope: string,
): Promise<readonly RoleDefinition[]> {
  const path = `${scope}${PROVIDER}/roleDefinitions?api-version=${RBAC_VERSION}`;
  return (await session.send<{ readonly value: readonly RoleDefinition[] }>("GET", path)).value;
}

/** @param wanted a role's name or its GUID, in any case. @throws CommandError */
export async function findRole(
  session: ManagementSession,
  scope: string,
  wanted: string,
): Promise<RoleDefinition> {
  const lower = wanted.toLowerCase();
  const roles = await listRoles(session, scope);
  const role = roles.find(
    ({ name, properties }) => name === lower || properties.roleName.toLowerCase() === lower,
  );
  if (role !== undefined) return role;
  throw new CommandError(`there is no role '${wanted}' at ${scope}; batchyard role list shows all`);
}

/** @param role with `properties`, as the REST API takes it */
export function createRole(
  session: ManagementSession,
  role: { readonly properties: RoleProperties },
): Promise<RoleDefinition> {
  const [scope = ""] = role.properties.assignableScopes;
  const path = `${scope}${PROVIDER}/roleDefinitions/${crypto.randomUUID()}?api-version=${RBAC_VERSION}`;
  return session.send<RoleDefinition>("PUT", path, role);
}

export function assignRole(
  session: ManagementSession,
  assignment: {
    readonly scope: string;
    readonly roleDefinitionId: string;
    readonly principal: FoundPrincipal;
  },
): Promise<RoleAssignment> {
  const { scope, roleDefinitionId, principal } = assignment;
  const path = `${scope}${PROVIDER}/roleAssignments/${crypto.randomUUID()}?api-version=${RBAC_VERSION}`;
  const properties = { roleDefinitionId, principalId: principal.objectId, principalType: principal.type };
  return session.send<RoleAssignment>("PUT", path, { properties });
}

/** The principal's own assignments that hold at the scope: there, or above it. */
export async function assignmentsHolding(
  session: ManagementSession,
  scope: string,
  principal: FoundPrincipal,
): Promise<readonly RoleAssignment[]> {
  const filter = encodeURIComponent(`principalId eq '${principal.objectId}'`);
  const path = `${scope}${PROVIDER}/roleAssignments?api-version=${RBAC_VERSION}&$filter=${filter}`;
  const { value } = await session.send<{ readonly value: readonly RoleAssignment[] }>("GET", path);
  const at = `${scope.toLowerCase()}/`;
  return value.filter(({ properties }) =>
    at.startsWith(`${properties.scope.toLowerCase().replace(/\/$/, "")}/`),
  );
}

export async function deleteAssignment(session: ManagementSession, { id }: RoleAssignment): Promise<void> {
  await session.send("DELETE", `${id}?api-version=${RBAC_VERSION}`);
}
