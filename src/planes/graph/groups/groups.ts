/** Groups and their members. */

import { directoryObjectMissing } from "../../../app/directory/directory-fault.ts";
import {
  type Group,
  groupCount,
  groupCreate,
  groupDelete,
  groupMemberAdd,
  groupMemberList,
  groupMemberRemove,
  groupPage,
  groupRead,
  groupUpdate,
  principalType,
} from "../../../app/directory/group.ts";
import { ownerAdd } from "../../../app/directory/owners.ts";
import { directoryObjectViews } from "../directory/directory-object-view.ts";
import { DIRECTORY_OBJECTS, GROUPS } from "../entity-sets.ts";
import { collection } from "../request/collection.ts";
import { type GraphContext, operation } from "../request/context.ts";
import { type JsonBody, readBody } from "../request/json-body.ts";
import { keyOf, referencedId } from "../request/key.ts";
import { createdReply, listReply, objectReply } from "../request/list.ts";
import { readReference } from "../request/reference.ts";
import { groupView } from "./group-view.ts";
import { transitiveMemberIds } from "./transitive-members.ts";

export const list = operation("Groups_List", async (context) => {
  const { plane, tenantId } = context;
  const { directory } = plane;
  const page = (after: string, limit: number) => groupPage(directory, tenantId, after, limit);
  return listReply(
    context,
    GROUPS,
    collection(page, () => groupCount(directory, tenantId), groupView),
  );
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
  const bound = boundOf(body);
  body.end();
  await checkBound(context, bound);
  const given = { displayName, mailNickname, description };
  const group = await groupCreate(plane.directory, tenantId, given, plane.clock());
  await bind(context, group.objectId, bound);
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
  const bound = boundOf(body);
  body.end();
  await checkBound(context, bound);
  await bind(context, objectId, bound);
  await groupUpdate(context.plane.directory, context.tenantId, objectId, {
    ...(displayName !== undefined && { displayName }),
    ...(mailNickname !== undefined && { mailNickname }),
    ...(description !== undefined && { description }),
  });
  return {};
});

export const remove = operation("Groups_Delete", async (context) => {
  const { objectId } = await namedGroup(context);
  await groupDelete(context.plane.directory, context.tenantId, objectId);
  return {};
});

export const members = operation("Groups_ListMembers", async (context) => {
  const { objectId } = await namedGroup(context);
  const direct = await groupMemberList(context.plane.directory, context.tenantId, objectId);
  const views = await directoryObjectViews(
    context,
    direct.map((member) => member.objectId),
  );
  return listReply(context, DIRECTORY_OBJECTS, views);
});

export const transitiveMembers = operation("Groups_ListTransitiveMembers", async (context) => {
  const { objectId } = await namedGroup(context);
  const found = await transitiveMemberIds(context, objectId);
  return listReply(context, DIRECTORY_OBJECTS, await directoryObjectViews(context, found));
});

export const addMember = operation("Groups_AddMember", async (context) => {
  const { objectId } = await namedGroup(context);
  const memberId = await readReference(context);
  await groupMemberAdd(context.plane.directory, context.tenantId, objectId, memberId);
  return {};
});

export const removeMember = operation("Groups_RemoveMember", async (context) => {
  const { objectId } = await namedGroup(context);
  const { value } = keyOf(context.path.memberId, "id");
  await groupMemberRemove(context.plane.directory, context.tenantId, objectId, value);
  return {};
});

/** @throws Fault Request_ResourceNotFound */
function namedGroup({ plane, tenantId, path }: GraphContext): Promise<Group> {
  return groupRead(plane.directory, tenantId, keyOf(path.id, "id").value);
}

/** "group: mailNickname": ASCII without spaces and a few signs. */
function nicknameOf(body: JsonBody): string | undefined {
  const nickname = body.givenText("mailNickname");
  if (nickname !== undefined && !/^[!#-'*+\--9=?A-Z^-~]{1,64}$/.test(nickname))
    throw body.wrong("mailNickname", 'has 1 to 64 characters, and no space or any of @()\\[]";:<>,');
  return nickname;
}

interface Bound {
  readonly members: readonly string[];
  readonly owners: readonly string[];
}

/** "group: add members": up to 20 in one request. */
const BOUND_MAX = 20;

/** Objects that the request relates to the group by their addresses. */
function boundOf(body: JsonBody): Bound {
  const idsAt = (name: string) => {
    const urls = body.texts(name) ?? [];
    if (urls.length > BOUND_MAX) throw body.wrong(name, `has at most ${BOUND_MAX} elements`);
    return urls.map((url) => {
      const id = referencedId(url);
      if (id === undefined) throw body.wrong(name, "must hold URLs of objects in the directory");
      return id;
    });
  };
  return { members: idsAt("members@odata.bind"), owners: idsAt("owners@odata.bind") };
}

/** First all that can fail: bad input changes nothing. @throws Fault Request_ResourceNotFound */
async function checkBound({ plane, tenantId }: GraphContext, { members, owners }: Bound): Promise<void> {
  for (const id of [...members, ...owners])
    if ((await principalType(plane.directory.read, tenantId, id)) === undefined)
      throw directoryObjectMissing("object", id);
}

async function bind(
  { plane, tenantId }: GraphContext,
  groupId: string,
  { members, owners }: Bound,
): Promise<void> {
  for (const id of members) await groupMemberAdd(plane.directory, tenantId, groupId, id);
  for (const id of owners) await ownerAdd(plane.directory, tenantId, groupId, id);
}

/** Groups with mail are not built. */
function checkKind(body: JsonBody): void {
  body.unbuilt("mailEnabled", "groupTypes", "isAssignableToRole", "membershipRule", "visibility");
  if (body.boolean("securityEnabled") === false)
    throw body.wrong("securityEnabled", "must be true: every group here is a security group");
}
