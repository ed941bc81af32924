/** App role assignments: which of a resource's roles a principal holds. Applications' own permissions are these. */
import { randomUUID } from "node:crypto";
import { servicePrincipalByObjectId } from "../../store/applications.ts";
import {
  type AppRoleAssignmentRow,
  appRoleAssignmentDelete,
  appRoleAssignmentInsert,
  appRoleAssignmentsOfPrincipal,
  appRoleAssignmentsOfResource,
} from "../../store/consents.ts";
import type { Directory } from "./directory.ts";
import { badDirectoryRequest, directoryConflict, directoryObjectMissing } from "./directory-fault.ts";
import { type PrincipalType, principalType } from "./group.ts";

export interface AppRoleAssignment {
  readonly id: string;
  readonly principalId: string;
  readonly principalType: PrincipalType;
  /** The service principal whose role it is. */
  readonly resourceId: string;
  /** The nil GUID: assigned to the application without any role. */
  readonly appRoleId: string;
  readonly createdAt: number;
}

const NO_ROLE = "00000000-0000-0000-0000-000000000000";

/** @throws Fault Request_BadRequest, Request_ResourceNotFound, Request_MultipleObjectsWithSameKeyValue */
export async function appRoleAssign(
  directory: Directory,
  tenantId: string,
  given: { principalId: string; resourceId: string; appRoleId: string },
  now: number,
): Promise<AppRoleAssignment> {
  const [principalId, resourceId, appRoleId] = [
    given.principalId.toLowerCase(),
    given.resourceId.toLowerCase(),
    given.appRoleId.toLowerCase(),
  ];
  const resource = await servicePrincipalByObjectId.first(directory.read, {
    tenant_id: tenantId,
    object_id: resourceId,
  });
  if (resource === undefined) throw directoryObjectMissing("service principal", given.resourceId);
  const roles = (await directory.client(tenantId, resource.app_id))?.registration.appRoles ?? [];
  const role = roles.find(({ id, isEnabled }) => isEnabled && id === appRoleId);
  if (appRoleId !== NO_ROLE && role === undefined)
    throw badDirectoryRequest(`${resource.display_name} has no app role '${appRoleId}'.`, "appRoleId");
  return directory.grow(async (c) => {
    const type = await principalType(c, tenantId, principalId);
    if (type === undefined) throw directoryObjectMissing("principal", given.principalId);
    const memberType = type === "ServicePrincipal" ? "Application" : "User";
    if (role !== undefined && !role.allowedMemberTypes.includes(memberType))
      throw badDirectoryRequest(`The app role '${role.displayName}' is not for a ${type}.`, "appRoleId");
    const held = await appRoleAssignmentsOfPrincipal.all(c, { principal_id: principalId });
    if (held.some((each) => each.resource_id === resourceId && each.app_role_id === appRoleId))
      throw directoryConflict("The principal holds this role already.", "appRoleId");
    const row: AppRoleAssignmentRow = {
      id: randomUUID(),
      tenant_id: tenantId,
      principal_id: principalId,
      principal_type: type,
      resource_id: resourceId,
      app_role_id: appRoleId,
      created_at: now,
    };
    await appRoleAssignmentInsert.run(c, row);
    return assignment(row);
  });
}

/** What the principal was given. */
export async function appRoleAssignmentList(
  directory: Directory,
  principalId: string,
): Promise<AppRoleAssignment[]> {
  const rows = await appRoleAssignmentsOfPrincipal.all(directory.read, { principal_id: principalId });
  return rows.map(assignment);
}

/** Who was given roles of the resource. */
export async function appRoleAssignedToList(
  directory: Directory,
  resourceId: string,
): Promise<AppRoleAssignment[]> {
  const rows = await appRoleAssignmentsOfResource.all(directory.read, { resource_id: resourceId });
  return rows.map(assignment);
}

export async function appRoleRemove(directory: Directory, tenantId: string, id: string): Promise<void> {
  await directory.change(async (c) => {
    if ((await appRoleAssignmentDelete.run(c, { tenant_id: tenantId, id })) === 0)
      throw directoryObjectMissing("app role assignment", id);
  });
}

function assignment(row: AppRoleAssignmentRow): AppRoleAssignment {
  return {
    id: row.id,
    principalId: row.principal_id,
    principalType: row.principal_type as PrincipalType,
    resourceId: row.resource_id,
    appRoleId: row.app_role_id,
    createdAt: row.created_at,
  };
}
