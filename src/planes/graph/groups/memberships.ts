/** What users, groups and applications are members of. */
import { groupsAbove } from "../../../app/directory/directory-object.ts";
import { directoryRolesOf } from "../../../app/directory/directory-role.ts";
import { groupRead, groupsOfMemberList } from "../../../app/directory/group.ts";
import { directoryObjectViews, directoryRoleViews } from "../directory/directory-object-view.ts";
import { namedDirectoryObject } from "../directory/named-directory-object.ts";
import { DIRECTORY_OBJECTS } from "../entity-sets.ts";
import { type GraphContext, type GraphReply, operation } from "../request/context.ts";
import { versionUrl } from "../request/envelope.ts";
import { readBody } from "../request/json-body.ts";
import { keyOf } from "../request/key.ts";
import { listReply } from "../request/list.ts";
import { namedServicePrincipal } from "../service-principals/named-service-principal.ts";
import { namedUser } from "../users/named-user.ts";

type Named = (context: GraphContext) => Promise<{ readonly objectId: string }>;

const me: Named = async ({ caller }) => caller;
const group: Named = ({ plane, tenantId, path }) =>
  groupRead(plane.directory, tenantId, keyOf(path.id, "id").value);

const direct = (named: Named) => async (context: GraphContext) => {
  const { objectId } = await named(context);
  return membershipsReply(context, objectId, await groupsOfMemberList(context.plane.directory, objectId));
};

const transitive = (named: Named) => async (context: GraphContext) => {
  const { objectId } = await named(context);
  return membershipsReply(context, objectId, await groupsAbove(context.plane.directory, objectId));
};

/** Groups and directory roles. */
const memberObjects = (named: Named) => async (context: GraphContext) => {
  const { objectId } = await named(context);
  const body = await readBody(context.exchange);
  const isGroupsOnly = body.boolean("securityEnabledOnly") ?? false;
  body.end();
  return idsReply(context, await objectsAbove(context, objectId, isGroupsOnly));
};

async function objectsAbove(
  { plane: { directory }, tenantId }: GraphContext,
  objectId: string,
  isGroupsOnly = false,
): Promise<readonly string[]> {
  const groups = await groupsAbove(directory, objectId);
  if (isGroupsOnly) return groups;
  const roles = directoryRoleViews(await directoryRolesOf(directory, tenantId, objectId));
  return [...groups, ...roles.map(({ id }) => id)];
}

const memberGroups = (named: Named) => async (context: GraphContext) => {
  const { objectId } = await named(context);
  const body = await readBody(context.exchange);
  // Every group here is a security group.
  body.boolean("securityEnabledOnly");
  body.end();
  return idsReply(context, await groupsAbove(context.plane.directory, objectId));
};

export const ofUser = operation("Users_ListMemberOf", direct(namedUser));
export const ofUserTransitive = operation("Users_ListTransitiveMemberOf", transitive(namedUser));
export const groupsOfUser = operation("Users_GetMemberGroups", memberGroups(namedUser));

export const objectsOfUser = operation("Users_GetMemberObjects", memberObjects(namedUser));

export const ofMe = operation("Me_ListMemberOf", direct(me));
export const ofMeTransitive = operation("Me_ListTransitiveMemberOf", transitive(me));
export const groupsOfMe = operation("Me_GetMemberGroups", memberGroups(me));

export const objectsOfMe = operation("Me_GetMemberObjects", memberObjects(me));

export const ofGroup = operation("Groups_ListMemberOf", direct(group));
export const ofGroupTransitive = operation("Groups_ListTransitiveMemberOf", transitive(group));
export const groupsOfGroup = operation("Groups_GetMemberGroups", memberGroups(group));

export const objectsOfGroup = operation("Groups_GetMemberObjects", memberObjects(group));

export const ofPrincipal = operation("ServicePrincipals_ListMemberOf", direct(namedServicePrincipal));
export const ofPrincipalTransitive = operation(
  "ServicePrincipals_ListTransitiveMemberOf",
  transitive(namedServicePrincipal),
);

export const groupsOfPrincipal = operation(
  "ServicePrincipals_GetMemberGroups",
  memberGroups(namedServicePrincipal),
);
export const objectsOfPrincipal = operation(
  "ServicePrincipals_GetMemberObjects",
  memberObjects(namedServicePrincipal),
);

export const objectsOfObject = operation(
  "DirectoryObjects_GetMemberObjects",
  memberObjects(namedDirectoryObject),
);

export const checkObjectsOfObject = operation("DirectoryObjects_CheckMemberObjects", async (context) => {
  const { objectId } = await namedDirectoryObject(context);
  const body = await readBody(context.exchange);
  const asked = body.texts("ids") ?? [];
  body.end();
  const held = new Set(await objectsAbove(context, objectId));
  return idsReply(
    context,
    asked.map((id) => id.toLowerCase()).filter((id) => held.has(id)),
  );
});

export const groupsOfObject = operation(
  "DirectoryObjects_GetMemberGroups",
  memberGroups(namedDirectoryObject),
);

export const checkGroupsOfObject = operation("DirectoryObjects_CheckMemberGroups", async (context) => {
  const { objectId } = await namedDirectoryObject(context);
  const body = await readBody(context.exchange);
  const asked = body.texts("groupIds") ?? [];
  body.end();
  const held = new Set(await groupsAbove(context.plane.directory, objectId));
  return idsReply(
    context,
    asked.map((id) => id.toLowerCase()).filter((id) => held.has(id)),
  );
});

async function membershipsReply(
  context: GraphContext,
  objectId: string,
  groupIds: readonly string[],
): Promise<GraphReply> {
  const roles = await directoryRolesOf(context.plane.directory, context.tenantId, objectId);
  const groups = await directoryObjectViews(context, groupIds);
  return listReply(context, DIRECTORY_OBJECTS, [...groups, ...directoryRoleViews(roles)]);
}

function idsReply({ exchange }: GraphContext, value: readonly string[]): GraphReply {
  return { json: { "@odata.context": `${versionUrl(exchange)}/$metadata#Collection(Edm.String)`, value } };
}
