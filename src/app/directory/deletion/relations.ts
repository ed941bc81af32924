/**
 * What ties an object of the directory to others: memberships, consent, app roles, directory roles. They go when the object goes for good, and
 * are set aside, all of them, while it can still be restored: what is set aside counts nowhere.
 */
import {
  appRoleAssignmentsAside,
  appRoleAssignmentsAsideDelete,
  appRoleAssignmentsBack,
  appRoleAssignmentsOfObjectDelete,
  appRoleAssignmentsWholeDelete,
  delegatedGrantsAside,
  delegatedGrantsAsideDelete,
  delegatedGrantsBack,
  delegatedGrantsOfObjectDelete,
  delegatedGrantsWholeDelete,
  directoryRolesAside,
  directoryRolesAsideDelete,
  directoryRolesBack,
  directoryRolesOfObjectDelete,
  directoryRolesWholeDelete,
  groupMembersAside,
  groupMembersAsideDelete,
  groupMembersBack,
  groupMembersOfObjectDelete,
  groupMembersWholeDelete,
} from "../../../store/deleted-objects.ts";
import type { Connection } from "../../../store/engine/connection.ts";

const ASIDE = [groupMembersAside, delegatedGrantsAside, appRoleAssignmentsAside, directoryRolesAside];
const BACK = [groupMembersBack, delegatedGrantsBack, appRoleAssignmentsBack, directoryRolesBack];
const CAME_BACK = [
  groupMembersWholeDelete,
  delegatedGrantsWholeDelete,
  appRoleAssignmentsWholeDelete,
  directoryRolesWholeDelete,
];
const LIVE = [
  groupMembersOfObjectDelete,
  delegatedGrantsOfObjectDelete,
  appRoleAssignmentsOfObjectDelete,
  directoryRolesOfObjectDelete,
];
const KEPT = [
  groupMembersAsideDelete,
  delegatedGrantsAsideDelete,
  appRoleAssignmentsAsideDelete,
  directoryRolesAsideDelete,
];

/** Inside a write. */
export async function relationsSetAside(c: Connection, objectId: string): Promise<void> {
  for (const each of [...ASIDE, ...LIVE]) await each.run(c, { object_id: objectId });
}

/** Inside a write, after the object is back. What ties it to one that is still deleted waits for that one. */
export async function relationsBringBack(c: Connection, objectId: string): Promise<void> {
  for (const each of [...BACK, ...CAME_BACK]) await each.run(c, { object_id: objectId });
}

/** Inside a write: those that are set aside too. */
export async function relationsRemove(c: Connection, objectId: string): Promise<void> {
  for (const each of [...LIVE, ...KEPT]) await each.run(c, { object_id: objectId });
}
