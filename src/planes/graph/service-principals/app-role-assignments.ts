/** Which app roles principals hold. Asked for from the principal's side, or (`appRoleAssignedTo`) from the resource's. */
import {
  type AppRoleAssignment,
  appRoleAssign,
  appRoleAssignedToList,
  appRoleAssignmentList,
  appRoleRemove,
} from "../../../app/directory/app-role.ts";
import { directoryObjectMissing } from "../../../app/directory/directory-fault.ts";
import { directoryObjectFind } from "../../../app/directory/directory-object.ts";
import { groupRead } from "../../../app/directory/group.ts";
import { mayGiveAppRole } from "../../../core/access/graph-access.ts";
import { GRAPH_APP_ID } from "../../../wire/entra/first-party.ts";
import { APP_ROLE_ASSIGNMENTS } from "../entity-sets.ts";
import { requireGlobalAdministrator } from "../request/authorize.ts";
import { type GraphContext, operation } from "../request/context.ts";
import { instantView } from "../request/instant-view.ts";
import { readBody } from "../request/json-body.ts";
import { keyOf } from "../request/key.ts";
import { createdReply, listReply } from "../request/list.ts";
import { namedUser } from "../users/named-user.ts";
import { namedServicePrincipal } from "./named-service-principal.ts";

type Named = (context: GraphContext) => Promise<{ readonly objectId: string }>;
type Side = "principalId" | "resourceId";

const namedGroup: Named = ({ plane, tenantId, path }) =>
  groupRead(plane.directory, tenantId, keyOf(path.id, "id").value);

const list = (named: Named, side: Side) => async (context: GraphContext) => {
  const { objectId } = await named(context);
  const views = await assignmentsOf(context, objectId, side);
  return listReply(
    context,
    APP_ROLE_ASSIGNMENTS,
    await Promise.all(views.map((each) => assignmentView(context, each))),
  );
};

const add = (named: Named, side: Side) => async (context: GraphContext) => {
  const { plane, tenantId, caller } = context;
  const { objectId } = await named(context);
  const body = await readBody(context.exchange);
  const given = {
    principalId: body.requiredGuid("principalId"),
    resourceId: body.requiredGuid("resourceId"),
    appRoleId: body.requiredGuid("appRoleId"),
  };
  body.end();
  if (given[side] !== objectId) throw body.wrong(side, "must be the id of the path's object");
  if ((await isGraph(context, given.resourceId)) && !mayGiveAppRole(caller, GRAPH_APP_ID))
    requireGlobalAdministrator(caller, "Giving an app role of Microsoft Graph");
  const assignment = await appRoleAssign(plane.directory, tenantId, given, plane.clock());
  return createdReply(context, APP_ROLE_ASSIGNMENTS, await assignmentView(context, assignment));
};

const remove = (named: Named, side: Side) => async (context: GraphContext) => {
  const { objectId } = await named(context);
  const id = keyOf(context.path.assignmentId, "id").value.toLowerCase();
  const held = await assignmentsOf(context, objectId, side);
  if (!held.some((each) => each.id === id)) throw directoryObjectMissing("app role assignment", id);
  await appRoleRemove(context.plane.directory, context.tenantId, id);
  return {};
};

const ofPrincipal = (named: Named) => [named, "principalId"] as const;
const ofResource = [namedServicePrincipal, "resourceId"] as const;

export const listOfServicePrincipal = operation(
  "ServicePrincipals_ListAppRoleAssignments",
  list(...ofPrincipal(namedServicePrincipal)),
);
export const addToServicePrincipal = operation(
  "ServicePrincipals_AddAppRoleAssignment",
  add(...ofPrincipal(namedServicePrincipal)),
);
export const removeFromServicePrincipal = operation(
  "ServicePrincipals_RemoveAppRoleAssignment",
  remove(...ofPrincipal(namedServicePrincipal)),
);

export const listAssignedTo = operation("ServicePrincipals_ListAppRoleAssignedTo", list(...ofResource));
export const addAssignedTo = operation("ServicePrincipals_AddAppRoleAssignedTo", add(...ofResource));
export const removeAssignedTo = operation("ServicePrincipals_RemoveAppRoleAssignedTo", remove(...ofResource));

export const listOfUser = operation("Users_ListAppRoleAssignments", list(...ofPrincipal(namedUser)));
export const addToUser = operation("Users_AddAppRoleAssignment", add(...ofPrincipal(namedUser)));
export const removeFromUser = operation("Users_RemoveAppRoleAssignment", remove(...ofPrincipal(namedUser)));

export const listOfGroup = operation("Groups_ListAppRoleAssignments", list(...ofPrincipal(namedGroup)));
export const addToGroup = operation("Groups_AddAppRoleAssignment", add(...ofPrincipal(namedGroup)));
export const removeFromGroup = operation(
  "Groups_RemoveAppRoleAssignment",
  remove(...ofPrincipal(namedGroup)),
);

function assignmentsOf(
  { plane: { directory } }: GraphContext,
  objectId: string,
  side: Side,
): Promise<AppRoleAssignment[]> {
  return side === "principalId"
    ? appRoleAssignmentList(directory, objectId)
    : appRoleAssignedToList(directory, objectId);
}

async function isGraph({ plane, tenantId }: GraphContext, resourceId: string): Promise<boolean> {
  return (await plane.directory.client(tenantId, GRAPH_APP_ID))?.objectId === resourceId;
}

async function assignmentView({ plane, tenantId }: GraphContext, assignment: AppRoleAssignment) {
  const name = async (id: string) =>
    (await directoryObjectFind(plane.directory, tenantId, id))?.object.displayName ?? null;
  const { id, appRoleId, createdAt, principalId, principalType, resourceId } = assignment;
  return {
    id,
    deletedDateTime: null,
    appRoleId,
    createdDateTime: instantView(createdAt),
    principalDisplayName: await name(principalId),
    principalId,
    principalType,
    resourceDisplayName: await name(resourceId),
    resourceId,
  };
}
