/** All who are in a group, however deep. */
import { groupMemberList } from "../../../app/directory/group.ts";
import type { GraphContext } from "../request/context.ts";

export async function transitiveMemberIds(
  { plane, tenantId }: GraphContext,
  groupId: string,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  const groups = new Set([groupId]);
  // The set grows while it is walked: groups in groups, and a circle ends by itself.
  for (const group of groups) {
    for (const { objectId, type } of await groupMemberList(plane.directory, tenantId, group)) {
      found.add(objectId);
      if (type === "Group") groups.add(objectId);
    }
  }
  return found;
}
