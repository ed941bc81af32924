/** Directory roles and who holds them. */
import { directoryObjectMissing } from "../../../app/directory/directory-fault.ts";
import {
  checkNotLastAdministrator,
  directoryRoleMemberAdd,
  directoryRoleMemberList,
  directoryRoleMemberRemove,
} from "../../../app/directory/directory-role.ts";
import {
  DIRECTORY_ROLES as ALL,
  type DirectoryRole,
  directoryRole,
  GLOBAL_ADMINISTRATOR,
} from "../../../wire/entra/directory-roles.ts";
import { DIRECTORY_OBJECTS, DIRECTORY_ROLES } from "../entity-sets.ts";
import { type GraphContext, operation } from "../request/context.ts";
import { keyOf } from "../request/key.ts";
import { listReply, objectReply } from "../request/list.ts";
import { readReference } from "../request/reference.ts";
import { directoryObjectViews, directoryRoleView } from "./directory-object-view.ts";

export const list = operation("DirectoryRoles_List", (context) =>
  listReply(context, DIRECTORY_ROLES, ALL.map(directoryRoleView)),
);

export const get = operation("DirectoryRoles_Get", async (context) =>
  objectReply(context, DIRECTORY_ROLES, directoryRoleView(namedRole(context))),
);

export const members = operation("DirectoryRoles_ListMembers", async (context) => {
  const { templateId } = namedRole(context);
  const held = await directoryRoleMemberList(context.plane.directory, context.tenantId, templateId);
  const views = await directoryObjectViews(
    context,
    held.map(({ objectId }) => objectId),
  );
  return listReply(context, DIRECTORY_OBJECTS, views);
});

export const addMember = operation("DirectoryRoles_AddMember", async (context) => {
  const { templateId } = namedRole(context);
  const principalId = await readReference(context);
  await directoryRoleMemberAdd(context.plane.directory, context.tenantId, templateId, principalId);
  return {};
});

export const removeMember = operation("DirectoryRoles_RemoveMember", async (context) => {
  const { templateId } = namedRole(context);
  const { directory } = context.plane;
  const { value } = keyOf(context.path.memberId, "id");
  if (templateId === GLOBAL_ADMINISTRATOR.templateId)
    await checkNotLastAdministrator(directory, context.tenantId, value.toLowerCase());
  await directoryRoleMemberRemove(directory, context.tenantId, templateId, value);
  return {};
});

/** @throws Fault Request_ResourceNotFound */
function namedRole({ path }: GraphContext): DirectoryRole {
  const { value } = keyOf(path.id, "roleTemplateId");
  const role = directoryRole(value);
  if (role === undefined) throw directoryObjectMissing("directory role", value);
  return role;
}
