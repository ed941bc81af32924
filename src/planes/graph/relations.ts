/** What objects of the directory are related to, for `$expand`: the same as the lists below an object's own address. */
import { groupsAbove } from "../../app/directory/directory-object.ts";
import { directoryRolesOf } from "../../app/directory/directory-role.ts";
import { groupMemberList, groupsOfMemberList } from "../../app/directory/group.ts";
import { ownedObjectIds, ownerIds } from "../../app/directory/owners.ts";
import { directoryObjectViews, directoryRoleViews } from "./directory/directory-object-view.ts";
import { transitiveMemberIds } from "./groups/transitive-members.ts";
import type { GraphContext } from "./request/context.ts";

type Related = (context: GraphContext, id: string) => Promise<Iterable<string>>;

const IDS: Readonly<Record<string, Related>> = {
  members: async ({ plane, tenantId }, id) =>
    (await groupMemberList(plane.directory, tenantId, id)).map(({ objectId }) => objectId),
  transitiveMembers: (context, id) => transitiveMemberIds(context, id),
  memberOf: ({ plane }, id) => groupsOfMemberList(plane.directory, id),
  transitiveMemberOf: ({ plane }, id) => groupsAbove(plane.directory, id),
  owners: ({ plane }, id) => ownerIds(plane.directory, id),
  ownedObjects: ({ plane }, id) => ownedObjectIds(plane.directory, id),
};

/** @param relation one of `RELATIONS` */
export async function relatedObjects(
  context: GraphContext,
  id: string,
  relation: string,
): Promise<readonly object[]> {
  const find = IDS[relation];
  if (find === undefined) throw new Error(`no relation is called ${relation}`);
  const views = await directoryObjectViews(context, await find(context, id));
  if (!/memberOf$/i.test(relation)) return views;
  const roles = await directoryRolesOf(context.plane.directory, context.tenantId, id);
  return [...views, ...directoryRoleViews(roles)];
}
