/** Owners of applications, service principals and groups, and what is owned. */

import { groupRead } from "../../../app/directory/group.ts";
import { ownedObjectIds, ownerAdd, ownerIds, ownerRemove } from "../../../app/directory/owners.ts";
import { namedApplication } from "../applications/named-application.ts";
import { DIRECTORY_OBJECTS } from "../entity-sets.ts";
import { type GraphContext, type GraphReply, operation } from "../request/context.ts";
import { keyOf } from "../request/key.ts";
import { listReply } from "../request/list.ts";
import { readReference } from "../request/reference.ts";
import { namedServicePrincipal } from "../service-principals/named-service-principal.ts";
import { namedUser } from "../users/named-user.ts";
import { directoryObjectViews } from "./directory-object-view.ts";

type Named = (context: GraphContext) => Promise<{ readonly objectId: string }>;

const me: Named = async ({ caller }) => caller;
const group: Named = ({ plane, tenantId, path }) =>
  groupRead(plane.directory, tenantId, keyOf(path.id, "id").value);

const owners = (named: Named) => async (context: GraphContext) => {
  const { objectId } = await named(context);
  return objectsReply(context, await ownerIds(context.plane.directory, objectId));
};

const owned = (named: Named) => async (context: GraphContext) => {
  const { objectId } = await named(context);
  return objectsReply(context, await ownedObjectIds(context.plane.directory, objectId));
};

const add = (named: Named) => async (context: GraphContext) => {
  const { objectId } = await named(context);
  const ownerId = await readReference(context);
  await ownerAdd(context.plane.directory, context.tenantId, objectId, ownerId);
  return {};
};

const remove = (named: Named) => async (context: GraphContext) => {
  const { objectId } = await named(context);
  await ownerRemove(
    context.plane.directory,
    objectId,
    keyOf(context.path.memberId, "id").value.toLowerCase(),
  );
  return {};
};

async function objectsReply(context: GraphContext, ids: readonly string[]): Promise<GraphReply> {
  return listReply(context, DIRECTORY_OBJECTS, await directoryObjectViews(context, ids));
}

export const ofApplication = operation("Applications_ListOwners", owners(namedApplication));
export const addToApplication = operation("Applications_AddOwner", add(namedApplication));
export const removeFromApplication = operation("Applications_RemoveOwner", remove(namedApplication));
export const ofPrincipal = operation("ServicePrincipals_ListOwners", owners(namedServicePrincipal));
export const addToPrincipal = operation("ServicePrincipals_AddOwner", add(namedServicePrincipal));
export const removeFromPrincipal = operation("ServicePrincipals_RemoveOwner", remove(namedServicePrincipal));
export const ofGroup = operation("Groups_ListOwners", owners(group));
export const addToGroup = operation("Groups_AddOwner", add(group));
export const removeFromGroup = operation("Groups_RemoveOwner", remove(group));
export const ownedByUser = operation("Users_ListOwnedObjects", owned(namedUser));
export const ownedByMe = operation("Me_ListOwnedObjects", owned(me));
export const ownedByPrincipal = operation("ServicePrincipals_ListOwnedObjects", owned(namedServicePrincipal));
