/** Groups and who is in them: users, service principals, other groups. */
import { randomUUID } from "node:crypto";
import { servicePrincipalByObjectId } from "../../store/applications.ts";
import type { Connection } from "../../store/engine/connection.ts";
import {
  type GroupRow,
  groupByObjectId,
  groupInsert,
  groupMemberDelete,
  groupMemberInsert,
  groupMembers,
  groupRowDelete,
  groupRowUpdate,
  groupsCount,
  groupsOfMember,
  groupsPage,
  userByObjectId,
} from "../../store/users.ts";
import { relationsRemove } from "./deletion/relations.ts";
import type { Directory } from "./directory.ts";
import { badDirectoryRequest, directoryConflict, directoryObjectMissing } from "./directory-fault.ts";

export interface Group {
  readonly objectId: string;
  readonly tenantId: string;
  readonly displayName: string;
  readonly description: string | null;
  readonly mailNickname: string;
  readonly createdAt: number;
}

export type PrincipalType = "User" | "Group" | "ServicePrincipal";

export interface GroupMember {
  readonly objectId: string;
  readonly type: PrincipalType;
}

export async function groupCreate(
  directory: Directory,
  tenantId: string,
  group: { displayName: string; description?: string | null; mailNickname?: string },
  now: number,
): Promise<Group> {
  checkDisplayName(group.displayName);
  const row: GroupRow = {
    object_id: randomUUID(),
    tenant_id: tenantId,
    display_name: group.displayName,
    description: group.description ?? null,
    mail_nickname: group.mailNickname ?? group.displayName.replace(/[^A-Za-z0-9._-]/g, ""),
    created_at: now,
  };
  await directory.grow((c) => groupInsert.run(c, row));
  return toGroup(row);
}

/** In the order of their ids. @param after the id of the last one that was seen */
export async function groupPage(
  directory: Directory,
  tenantId: string,
  after: string,
  limit: number,
): Promise<Group[]> {
  return (await groupsPage.all(directory.read, { tenant_id: tenantId, after, limit })).map(toGroup);
}

export async function groupCount(directory: Directory, tenantId: string): Promise<number> {
  return (await groupsCount.first(directory.read, { tenant_id: tenantId }))?.count ?? 0;
}

/** @throws Fault Request_ResourceNotFound */
export async function groupRead(directory: Directory, tenantId: string, id: string): Promise<Group> {
  return toGroup(await requireRow(directory.read, tenantId, id));
}

export async function groupFind(
  directory: Directory,
  tenantId: string,
  objectId: string,
): Promise<Group | undefined> {
  const row = await groupByObjectId.first(directory.read, { tenant_id: tenantId, object_id: objectId });
  return row && toGroup(row);
}

export async function groupUpdate(
  directory: Directory,
  tenantId: string,
  id: string,
  change: Partial<Pick<Group, "displayName" | "description" | "mailNickname">>,
): Promise<Group> {
  return directory.change(async (c) => {
    const after = { ...toGroup(await requireRow(c, tenantId, id)), ...change };
    checkDisplayName(after.displayName);
    await groupRowUpdate.run(c, {
      object_id: after.objectId,
      display_name: after.displayName,
      description: after.description,
      mail_nickname: after.mailNickname,
    });
    return after;
  });
}

/** For good: security groups cannot be restored. Source: "List deletedItems". */
export async function groupDelete(directory: Directory, tenantId: string, id: string): Promise<void> {
  await directory.change(async (c) => {
    const { object_id } = await requireRow(c, tenantId, id);
    await relationsRemove(c, object_id);
    await groupRowDelete.run(c, { object_id });
  });
}

/** Direct ones only. */
export async function groupMemberList(
  directory: Directory,
  tenantId: string,
  id: string,
): Promise<GroupMember[]> {
  const { object_id } = await requireRow(directory.read, tenantId, id);
  const rows = await groupMembers.all(directory.read, { group_id: object_id });
  return rows.map(({ member_id, member_type }) => ({
    objectId: member_id,
    type: member_type as PrincipalType,
  }));
}

/** The groups that a principal is directly in; `Directory.principalIds` has all of them. */
export async function groupsOfMemberList(directory: Directory, memberId: string): Promise<string[]> {
  const rows = await groupsOfMember.all(directory.read, { member_id: memberId.toLowerCase() });
  return rows.map(({ group_id }) => group_id);
}

export async function groupMemberAdd(
  directory: Directory,
  tenantId: string,
  id: string,
  memberId: string,
): Promise<void> {
  await directory.grow(async (c) => {
    const { object_id } = await requireRow(c, tenantId, id);
    const member = memberId.toLowerCase();
    const type = await principalType(c, tenantId, member);
    if (type === undefined) throw directoryObjectMissing("user, group or service principal", memberId);
    if (member === object_id) throw badDirectoryRequest("A group cannot be a member of itself.", "members");
    const row = { group_id: object_id, member_id: member, member_type: type };
    if ((await groupMemberInsert.run(c, row)) === 0)
      throw directoryConflict("The group has this member already.", "members");
  });
}

export async function groupMemberRemove(
  directory: Directory,
  tenantId: string,
  id: string,
  memberId: string,
): Promise<void> {
  await directory.change(async (c) => {
    const { object_id } = await requireRow(c, tenantId, id);
    const row = { group_id: object_id, member_id: memberId.toLowerCase() };
    if ((await groupMemberDelete.run(c, row)) === 0) throw directoryObjectMissing("member", memberId);
  });
}

/** What kind of principal of this tenant an object id is. */
export async function principalType(
  c: Connection,
  tenantId: string,
  objectId: string,
): Promise<PrincipalType | undefined> {
  const id = { tenant_id: tenantId, object_id: objectId };
  if (await userByObjectId.first(c, id)) return "User";
  if (await groupByObjectId.first(c, id)) return "Group";
  return (await servicePrincipalByObjectId.first(c, id)) ? "ServicePrincipal" : undefined;
}

async function requireRow(c: Connection, tenantId: string, id: string): Promise<GroupRow> {
  const row = await groupByObjectId.first(c, { tenant_id: tenantId, object_id: id.toLowerCase() });
  if (row === undefined) throw directoryObjectMissing("group", id);
  return row;
}

function checkDisplayName(name: string): void {
  if (name === "" || name.length > 256)
    throw badDirectoryRequest("A display name has 1 to 256 characters.", "displayName");
}

function toGroup(row: GroupRow): Group {
  return {
    objectId: row.object_id,
    tenantId: row.tenant_id,
    displayName: row.display_name,
    description: row.description,
    mailNickname: row.mail_nickname,
    createdAt: row.created_at,
  };
}
