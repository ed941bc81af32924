/** Directory roles: who administers a tenant's directory. They say nothing about resources; role assignments do. */
import { refusedBy, userAtPage } from "../../core/access/graph-access.ts";
import {
  directoryRoleMemberDelete,
  directoryRoleMemberInsert,
  directoryRoleMembers,
  directoryRolesOfPrincipal,
} from "../../store/consents.ts";
import { directoryRole, GLOBAL_ADMINISTRATOR } from "../../wire/entra/directory-roles.ts";
import { WRITE_CONSENT } from "../../wire/graph/access.ts";
import type { Directory } from "./directory.ts";
import { badDirectoryRequest, directoryObjectMissing } from "./directory-fault.ts";
import { type GroupMember, type PrincipalType, principalType } from "./group.ts";

/** The template ids of the roles that the principal holds itself. */
export async function directoryRolesOf(
  directory: Directory,
  tenantId: string,
  principalId: string,
): Promise<ReadonlySet<string>> {
  const key = { tenant_id: tenantId, principal_id: principalId };
  const rows = await directoryRolesOfPrincipal.all(directory.read, key);
  return new Set(rows.map(({ role_template_id }) => role_template_id));
}

/** Whether a user may consent for everyone at one of our pages. */
export async function mayConsentForAll(
  directory: Directory,
  tenantId: string,
  principalId: string,
): Promise<boolean> {
  const roles = await directoryRolesOf(directory, tenantId, principalId);
  return refusedBy(WRITE_CONSENT, userAtPage(roles)) === undefined;
}

export async function directoryRoleMemberList(
  directory: Directory,
  tenantId: string,
  templateId: string,
): Promise<GroupMember[]> {
  const rows = await directoryRoleMembers.all(directory.read, { tenant_id: tenantId });
  return rows
    .filter(({ role_template_id }) => role_template_id === templateId.toLowerCase())
    .map(({ principal_id, principal_type }) => ({
      objectId: principal_id,
      type: principal_type as PrincipalType,
    }));
}

/** Adding a member twice changes nothing. @throws Fault Request_ResourceNotFound */
export async function directoryRoleMemberAdd(
  directory: Directory,
  tenantId: string,
  templateId: string,
  principalId: string,
): Promise<void> {
  const role = directoryRole(templateId);
  if (role === undefined) throw directoryObjectMissing("directory role", templateId);
  await directory.grow(async (c) => {
    const type = await principalType(c, tenantId, principalId.toLowerCase());
    if (type === undefined) throw directoryObjectMissing("principal", principalId);
    await directoryRoleMemberInsert.run(c, {
      tenant_id: tenantId,
      role_template_id: role.templateId,
      principal_id: principalId.toLowerCase(),
      principal_type: type,
    });
  });
}

/** Refuses to take the role of the last Global Administrator, after whom nobody could make another. @throws Fault Request_BadRequest for the last Global Administrator who is there */
export async function checkNotLastAdministrator(
  directory: Directory,
  tenantId: string,
  principalId: string,
): Promise<void> {
  const rows = await directoryRoleMembers.all(directory.read, { tenant_id: tenantId });
  const administrators = rows.filter(
    ({ role_template_id, principal_type }) =>
      role_template_id === GLOBAL_ADMINISTRATOR.templateId && principal_type === "User",
  );
  const isAmong = administrators.some(({ principal_id }) => principal_id === principalId);
  if (isAmong && administrators.length === 1)
    throw badDirectoryRequest("The last Global Administrator of the directory must stay one.");
}

export async function directoryRoleMemberRemove(
  directory: Directory,
  tenantId: string,
  templateId: string,
  principalId: string,
): Promise<void> {
  await directory.change(async (c) => {
    const removed = await directoryRoleMemberDelete.run(c, {
      tenant_id: tenantId,
      role_template_id: templateId.toLowerCase(),
      principal_id: principalId.toLowerCase(),
    });
    if (removed === 0) throw directoryObjectMissing("member of the role", principalId);
  });
}
