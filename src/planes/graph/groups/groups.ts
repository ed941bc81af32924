/** Groups and their members. */
import {
  addGroupMember,
  createGroup,
  deleteGroup,
  type Group,
  listGroupMembers,
  listGroups,
  readGroup,
  removeGroupMember,
  updateGroup,
} from "../../../app/directory/group.ts";
import { directoryObjectViews } from "../directory/directory-object-view.ts";
import { DIRECTORY_OBJECTS, GROUPS } from "../entity-sets.ts";
import { type GraphContext, operation } from "../request/context.ts";
import { type JsonBody, readBody } from "../request/json-body.ts";
import { keyOf } from "../request/key.ts";
import { createdReply, listReply, objectReply } from "../request/list.ts";
import { readReference } from "../request/reference.ts";
import { groupView } from "./group-view.ts";

export const list = operation("Groups_List", async (context) => {
  const groups = await listGroups(context.plane.directory, context.tenantId);
  return listReply(context, GROUPS, groups.map(groupView));
});

export const create = operation("Groups_Create", async (context) => {
  const { plane, tenantId } = context;
  const body = await readBody(context.exchange);
  const displayName = body.requiredText("displayName");
  const mailNickname = nicknameOf(body) ?? body.requiredText("mailNickname");
  for (const name of ["mailEnabled", "securityEnabled"])
    if (body.boolean(name) === undefined) throw body.wrong(name, "is required");
  const description = body.text("description") ?? null;
  checkKind(body);
  body.end();
  const given = { displayName, mailNickname, description };
  const group = await createGroup(plane.directory, tenantId, given, plane.clock());
  return createdReply(context, GROUPS, groupView(group));
});

export const get = operation("Groups_Get", async (context) => {
  return objectReply(context, GROUPS, groupView(await namedGroup(context)));
});

export const update = operation("Groups_Update", async (context) => {
  const { objectId } = await namedGroup(context);
  const body = await readBody(context.exchange);
  const displayName = body.givenText("displayName");
  const mailNickname = nicknameOf(body);
  const description = body.text("description");
  checkKind(body);
  body.end();
  await updateGroup(context.plane.directory, context.tenantId, objectId, {
    ...(displayName !== undefined && { displayName }),
    ...(mailNickname !== undefined && { mailNickname }),
    ...(description !== undefined && { description }),
  });
  return {};
});

export const remove = operation("Groups_Delete", async (context) => {
  const { objectId } = await namedGroup(context);
  await deleteGroup(context.plane.directory, context.tenantId, objectId);
  return {};
});

export const members = operation("Groups_ListMembers", async (context) => {
  const { objectId } = await namedGroup(context);
  const direct = await listGroupMembers(context.plane.directory, context.tenantId, objectId);
  const views = await directoryObjectViews(
    context,
    direct.map((member) => member.objectId),
  );
  return listReply(context, DIRECTORY_OBJECTS, views);
});

export const transitiveMembers = operation("Groups_ListTransitiveMembers", async (context) => {
  const { plane, tenantId } = context;
  const found = new Set<string>();
  const groups = new Set([(await namedGroup(context)).objectId]);
  // The set grows while it is walked: groups in groups, and a circle ends by itself.
  for (const group of groups) {
    for (const { objectId, type } of await listGroupMembers(plane.directory, tenantId, group)) {
      found.add(objectId);
      if (type === "Group") groups.add(objectId);
    }
  }
  return listReply(context, DIRECTORY_OBJECTS, await directoryObjectViews(context, found));
});

export const addMember = operation("Groups_AddMember", async (context) => {
  const { objectId } = await namedGroup(context);
  const memberId = await readReference(context);
  await addGroupMember(context.plane.directory, context.tenantId, objectId, memberId);
  return {};
});

export const removeMember = operation("Groups_RemoveMember", async (context) => {
  const { objectId } = await namedGroup(context);
  const { value } = keyOf(context.path.memberId, "id");
  await removeGroupMember(context.plane.directory, context.tenantId, objectId, value);
  return {};
});

/** @throws Fault Request_ResourceNotFound */
function namedGroup({ plane, tenantId, path }: GraphContext): Promise<Group> {
  return readGroup(plane.directory, tenantId, keyOf(path.id, "id").value);
}

/** "group: mailNickname": ASCII without spaces and a few signs. */
function nicknameOf(body: JsonBody): string | undefined {
  const nickname = body.givenText("mailNickname");
  if (nickname !== undefined && !/^[!#-'*+\--9=?A-Z^-~]{1,64}$/.test(nickname))
    throw body.wrong("mailNickname", 'has 1 to 64 characters, and no space or any of @()\\[]";:<>,');
  return nickname;
}

/** Groups with mail are not built. */
function checkKind(body: JsonBody): void {
  body.unbuilt("mailEnabled", "groupTypes", "isAssignableToRole", "membershipRule", "visibility");
  body.unbuilt("members@odata.bind", "owners@odata.bind");
  if (body.boolean("securityEnabled") === false)
    throw body.wrong("securityEnabled", "must be true: every group here is a security group");
}
