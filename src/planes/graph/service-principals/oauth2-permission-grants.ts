/** Consent: which delegated permissions applications hold, for one user or for everyone. */
import {
  type DelegatedGrant,
  delegatedGrantCreate,
  delegatedGrantDelete,
  delegatedGrantList,
  delegatedGrantRead,
  delegatedGrantUpdate,
} from "../../../app/directory/delegated-grant.ts";
import { GRANTS } from "../entity-sets.ts";
import { type GraphContext, operation } from "../request/context.ts";
import { type JsonBody, readBody } from "../request/json-body.ts";
import { keyOf } from "../request/key.ts";
import { createdReply, listReply, objectReply } from "../request/list.ts";
import { namedServicePrincipal } from "./named-service-principal.ts";

export const list = operation("OAuth2PermissionGrants_List", async (context) => {
  const grants = await delegatedGrantList(context.plane.directory, context.tenantId);
  return listReply(context, GRANTS, grants.map(grantView));
});

export const listOfClient = operation("ServicePrincipals_ListOAuth2PermissionGrants", async (context) => {
  const { objectId } = await namedServicePrincipal(context);
  const grants = await delegatedGrantList(context.plane.directory, context.tenantId);
  return listReply(context, GRANTS, grants.filter(({ clientId }) => clientId === objectId).map(grantView));
});

export const create = operation("OAuth2PermissionGrants_Create", async (context) => {
  const { plane, tenantId } = context;
  const body = await readBody(context.exchange);
  const clientId = body.requiredGuid("clientId");
  const resourceId = body.requiredGuid("resourceId");
  const consentType = body.word("consentType", ["AllPrincipals", "Principal"]);
  if (consentType === undefined) throw body.wrong("consentType", "is required");
  const isForOne = consentType === "Principal";
  if (!isForOne && body.givenText("principalId") !== undefined)
    throw body.wrong("principalId", "must be absent where consentType is AllPrincipals");
  const principalId = isForOne ? body.requiredGuid("principalId") : null;
  const scopes = scopesOf(body);
  // Of Azure AD Graph's days; a grant ends when it is deleted.
  body.ignored("startTime", "expiryTime");
  body.end();
  const holder = { clientId, resourceId, principalId };
  const grant = await delegatedGrantCreate(plane.directory, tenantId, holder, scopes, plane.clock());
  return createdReply(context, GRANTS, grantView(grant));
});

export const get = operation("OAuth2PermissionGrants_Get", async (context) => {
  const grant = await delegatedGrantRead(context.plane.directory, context.tenantId, grantId(context));
  return objectReply(context, GRANTS, grantView(grant));
});

export const update = operation("OAuth2PermissionGrants_Update", async (context) => {
  const { plane, tenantId } = context;
  const { id } = await delegatedGrantRead(plane.directory, tenantId, grantId(context));
  const body = await readBody(context.exchange);
  const scopes = scopesOf(body);
  body.end();
  await delegatedGrantUpdate(plane.directory, tenantId, id, scopes);
  return {};
});

export const remove = operation("OAuth2PermissionGrants_Delete", async (context) => {
  await delegatedGrantDelete(context.plane.directory, context.tenantId, grantId(context));
  return {};
});

const grantId = ({ path }: GraphContext): string => keyOf(path.id, "id").value.toLowerCase();

function scopesOf(body: JsonBody): string[] {
  const scopes = body
    .requiredText("scope")
    .split(" ")
    .filter((scope) => scope !== "");
  if (scopes.length === 0) throw body.wrong("scope", "names no permission");
  return [...new Set(scopes)];
}

function grantView({ id, clientId, resourceId, principalId, scopes }: DelegatedGrant) {
  return {
    clientId,
    consentType: principalId === null ? "AllPrincipals" : "Principal",
    id,
    principalId,
    resourceId,
    scope: scopes.join(" "),
  };
}
