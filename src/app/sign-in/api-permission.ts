/**
 * API permission: whether an application may use a resource for a user. That is not a role: it lets the application speak for
 * the user, and the user's roles decide what comes of it. Registered on the application, then consented to; Azure's own command
 * lines are trusted without.
 */
import type { AppRole, PermissionScope, RequiredResourceAccess } from "../../wire/entra/registration.ts";
import { consentedScopes, delegatedPermissionGrant } from "../directory/delegated-grant.ts";
import type { Client, Directory } from "../directory/directory.ts";
import { servicePrincipalInsert } from "../directory/service-principal.ts";
import { aadsts } from "./aadsts.ts";
import type { DelegatedRequest } from "./delegated-request.ts";

export type ApiPermission =
  | { readonly kind: "granted"; readonly scopes: readonly string[] }
  | { readonly kind: "consentRequired"; readonly items: readonly ConsentItem[] }
  /** v1 only: the registration does not list the resource at all. */
  | { readonly kind: "notRegistered" }
  /** `/.default` without anything to consent to. */
  | { readonly kind: "nothingRegistered" };

/** One line of a consent page. */
export interface ConsentItem {
  readonly resource: Client;
  readonly scope: PermissionScope;
}

/** @throws Fault 650053 for a named permission that the resource does not have */
export async function apiPermission(
  directory: Directory,
  client: Client,
  resource: Client,
  request: DelegatedRequest,
  userId: string,
): Promise<ApiPermission> {
  const trusted = preAuthorizedScopes(client, resource);
  if (resource.appId === client.appId || (trusted.length > 0 && isCovered(request, trusted)))
    return { kind: "granted", scopes: trusted };
  const consented = await consentedScopes(directory, client.objectId, resource.objectId, userId);
  const offered = resource.registration.api.oauth2PermissionScopes.filter(({ isEnabled }) => isEnabled);
  const granted = offered.filter(({ value }) => consented.has(value)).map(({ value }) => value);
  const registered = registeredScopes(client, resource);

  if (!request.isDefault) {
    const wanted = request.scopes.length > 0 ? request.scopes : request.openId;
    for (const scope of wanted)
      if (!offered.some(({ value }) => value === scope))
        throw aadsts(650053, { client: client.displayName, scope, resource: resource.displayName });
    // Who may read the profile has been signed in for it.
    const isOpenIdOnly = request.scopes.length === 0;
    if (isOpenIdOnly && consented.has("User.Read")) return { kind: "granted", scopes: granted };
    const missing = offered.filter(({ value }) => wanted.includes(value) && !consented.has(value));
    if (missing.length === 0) return { kind: "granted", scopes: granted };
    return { kind: "consentRequired", items: missing.map((scope) => ({ resource, scope })) };
  }
  if (request.style === "v1" && registered.length === 0) return { kind: "notRegistered" };
  if (granted.length > 0) return { kind: "granted", scopes: granted };
  if (registered.length === 0) return { kind: "nothingRegistered" };
  return { kind: "consentRequired", items: await registeredItems(directory, client) };
}

/** Everything that the registration lists, of all resources: what `/.default` and administrators consent to. */
export async function registeredItems(directory: Directory, client: Client): Promise<ConsentItem[]> {
  const items: ConsentItem[] = [];
  for (const { resourceAppId } of client.registration.requiredResourceAccess) {
    const resource = await directory.client(client.tenantId, resourceAppId);
    if (resource === undefined) continue;
    for (const scope of registeredScopes(client, resource)) items.push({ resource, scope });
  }
  return items;
}

/** The application permissions that the registration lists: only an administrator gives them. */
export async function registeredRoles(
  directory: Directory,
  client: Client,
): Promise<{ resource: Client; role: AppRole }[]> {
  const items: { resource: Client; role: AppRole }[] = [];
  for (const { resourceAppId, resourceAccess } of client.registration.requiredResourceAccess) {
    const resource = await directory.client(client.tenantId, resourceAppId);
    const wanted = new Set(resourceAccess.filter(({ type }) => type === "Role").map(({ id }) => id));
    for (const role of resource?.registration.appRoles ?? [])
      if (resource !== undefined && wanted.has(role.id)) items.push({ resource, role });
  }
  return items;
}

/** Records consent, and brings a visiting application into the tenant. */
export async function consent(
  directory: Directory,
  client: Client,
  items: readonly ConsentItem[],
  principalId: string | null,
  now: number,
): Promise<void> {
  await directory.change(async (c) => {
    const clientId =
      client.objectId || (await servicePrincipalInsert(c, client.tenantId, client.appId, now)).objectId;
    for (const { resource, scope } of items) {
      const holder = { clientId, resourceId: resource.objectId, principalId };
      await delegatedPermissionGrant(c, client.tenantId, holder, [scope.value], now);
    }
  });
}

function preAuthorizedScopes(client: Client, resource: Client): readonly string[] {
  const { oauth2PermissionScopes, preAuthorizedApplications } = resource.registration.api;
  const trusted = preAuthorizedApplications.find(({ appId }) => appId === client.appId);
  return oauth2PermissionScopes
    .filter(({ id, isEnabled }) => isEnabled && trusted?.delegatedPermissionIds.includes(id))
    .map(({ value }) => value);
}

const isCovered = ({ isDefault, scopes }: DelegatedRequest, trusted: readonly string[]): boolean =>
  isDefault || scopes.every((scope) => trusted.includes(scope));

function registeredScopes(client: Client, resource: Client): readonly PermissionScope[] {
  const access = client.registration.requiredResourceAccess.filter(isOf(resource));
  const ids = new Set(access.flatMap(({ resourceAccess }) => resourceAccess.map(({ id }) => id)));
  return resource.registration.api.oauth2PermissionScopes.filter(
    ({ id, isEnabled }) => isEnabled && ids.has(id),
  );
}

const isOf =
  (resource: Client) =>
  ({ resourceAppId }: RequiredResourceAccess): boolean =>
    resourceAppId.toLowerCase() === resource.appId;
