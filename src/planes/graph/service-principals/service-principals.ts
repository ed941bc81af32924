/** Service principals: what applications are in this tenant. */
import { badDirectoryRequest } from "../../../app/directory/directory-fault.ts";
import {
  type ServicePrincipal,
  servicePrincipalCount,
  servicePrincipalCreate,
  servicePrincipalDelete,
  servicePrincipalPage,
  servicePrincipalRead,
  servicePrincipalReadByName,
  servicePrincipalUpdate,
} from "../../../app/directory/service-principal.ts";
import { isManagedIdentity } from "../../../app/identities/identity-principal.ts";
import { SERVICE_PRINCIPAL_KEPT, SERVICE_PRINCIPAL_OWN } from "../../../wire/graph/kept-properties.ts";
import { SERVICE_PRINCIPALS } from "../entity-sets.ts";
import { candidates } from "../request/candidates.ts";
import { collection } from "../request/collection.ts";
import { type GraphContext, operation } from "../request/context.ts";
import { readBody } from "../request/json-body.ts";
import { keptOf } from "../request/kept-properties.ts";
import { createdReply, listReply, objectReply } from "../request/list.ts";
import { namedServicePrincipal } from "./named-service-principal.ts";
import { servicePrincipalView, wholeServicePrincipalView } from "./service-principal-view.ts";

const MAX_DISPLAY_NAME = 256;
const KEPT = { ...SERVICE_PRINCIPAL_KEPT, ...SERVICE_PRINCIPAL_OWN };
/** What the registration alone says here, and other ways to sign in. */
const UNBUILT = [
  "addIns",
  "appRoles",
  "customSecurityAttributes",
  "info",
  "isDisabled",
  "keyCredentials",
  "logoutUrl",
  "oauth2PermissionScopes",
  "passwordCredentials",
  "preferredSingleSignOnMode",
  "preferredTokenSigningKeyThumbprint",
  "replyUrls",
  "samlSingleSignOnSettings",
  "servicePrincipalNames",
  "tokenEncryptionKeyId",
] as const;

export const list = operation("ServicePrincipals_List", async (context) => {
  const { plane, tenantId } = context;
  const { directory } = plane;
  const byId = (id: string) => servicePrincipalRead(directory, tenantId, id);
  const byName = (name: string) => servicePrincipalReadByName(directory, tenantId, name);
  const keys = { id: byId, appId: byId, "servicePrincipalNames/any": byName };
  const found = await candidates(context, SERVICE_PRINCIPALS, keys);
  const view = (principal: ServicePrincipal) => servicePrincipalView(directory, principal);
  const page = (after: string, limit: number) => servicePrincipalPage(directory, tenantId, after, limit);
  const all = collection(page, () => servicePrincipalCount(directory, tenantId), view);
  const items = found === undefined ? all : await Promise.all(found.map(view));
  return listReply(context, SERVICE_PRINCIPALS, items, (shown) =>
    wholeServicePrincipalView(directory, shown, tenantId),
  );
});

export const create = operation("ServicePrincipals_Create", async (context) => {
  const { plane, tenantId } = context;
  const body = await readBody(context.exchange);
  const appId = body.requiredGuid("appId");
  const enabled = body.boolean("accountEnabled") ?? true;
  const assignmentRequired = body.boolean("appRoleAssignmentRequired") ?? false;
  const displayName = body.text("displayName", MAX_DISPLAY_NAME) || undefined;
  const profile = keptOf(body, KEPT);
  body.unbuilt(...UNBUILT);
  body.ignored("servicePrincipalType");
  body.end();
  const created = await servicePrincipalCreate(plane.directory, tenantId, appId, plane.clock());
  const change = { enabled, assignmentRequired, profile, ...(displayName !== undefined && { displayName }) };
  const isAsMade =
    enabled && !assignmentRequired && displayName === undefined && Object.keys(profile).length === 0;
  const principal = isAsMade
    ? created
    : await servicePrincipalUpdate(plane.directory, tenantId, created.objectId, change);
  return createdReply(context, SERVICE_PRINCIPALS, await wholeView(context, principal));
});

export const get = operation("ServicePrincipals_Get", async (context) => {
  const principal = await namedServicePrincipal(context);
  return objectReply(context, SERVICE_PRINCIPALS, await wholeView(context, principal));
});

export const update = operation("ServicePrincipals_Update", async (context) => {
  const principal = await namedServicePrincipal(context);
  const body = await readBody(context.exchange);
  const displayName = body.text("displayName", MAX_DISPLAY_NAME) || undefined;
  const enabled = body.boolean("accountEnabled") ?? principal.enabled;
  const assignmentRequired = body.boolean("appRoleAssignmentRequired") ?? principal.assignmentRequired;
  const profile = keptOf(body, KEPT, principal.profile);
  body.unbuilt(...UNBUILT);
  body.end();
  const change = { enabled, assignmentRequired, profile, ...(displayName !== undefined && { displayName }) };
  await servicePrincipalUpdate(context.plane.directory, context.tenantId, principal.objectId, change);
  return {};
});

export const remove = operation("ServicePrincipals_Delete", async (context) => {
  const { directory, clock } = context.plane;
  const { objectId } = await namedServicePrincipal(context);
  if (await isManagedIdentity(directory, objectId))
    throw badDirectoryRequest("A managed identity is deleted in Resource Manager, and this goes with it.");
  await servicePrincipalDelete(directory, context.tenantId, objectId, clock());
  return {};
});

async function wholeView({ plane: { directory }, tenantId }: GraphContext, principal: ServicePrincipal) {
  return wholeServicePrincipalView(directory, await servicePrincipalView(directory, principal), tenantId);
}
