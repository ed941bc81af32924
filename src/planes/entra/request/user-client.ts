/** The application that signs a user in, and the checks that every flow of a user shares. */
import type { Client, Tenant } from "../../../app/directory/directory.ts";
import { type User, userFind } from "../../../app/directory/user.ts";
import { aadsts } from "../../../app/sign-in/aadsts.ts";
import { apiPermission } from "../../../app/sign-in/api-permission.ts";
import { type DelegatedRequest, v1Request, v2Request } from "../../../app/sign-in/delegated-request.ts";
import type { EntraContext } from "./endpoint.ts";

/**
 * The application as the tenant knows it, or as one that comes to it for the first time.
 * @throws Fault 700016, 7000112
 */
export async function requireUserClient(
  { directory }: EntraContext,
  tenant: Tenant,
  clientId: string,
): Promise<Client> {
  const client =
    (await directory.client(tenant.id, clientId)) ?? (await directory.visitor(tenant.id, clientId));
  if (client === undefined) throw aadsts(700016, { client: clientId, tenant: tenant.displayName });
  if (!client.enabled) throw aadsts(7000112, { client: client.appId, name: client.displayName });
  return client;
}

/**
 * The application before the user has told the tenant: where it is registered.
 * @throws Fault 700016, 50194 for one of a single tenant where no tenant is named, and 9002332 at /consumers: that one serves personal
 * accounts alone, and there are none here
 */
export async function requireTenantlessClient(
  context: EntraContext,
  defaultTenant: Tenant,
  clientId: string,
): Promise<Client> {
  const home = await context.directory.homeTenantId(clientId);
  const tenant = (home && (await context.directory.tenant(home))) || defaultTenant;
  const client = await requireUserClient(context, tenant, clientId);
  if (context.tenantName.toLowerCase() === "consumers")
    throw aadsts(9002332, { client: client.appId, name: client.displayName });
  if (client.signInAudience === "AzureADMyOrg")
    throw aadsts(50194, { client: client.appId, name: client.displayName });
  return client;
}

/** @throws Fault 901002, 900144, 28000, 70011 */
export function delegatedRequest(
  { path }: EntraContext,
  { resource, scope }: { readonly resource?: string | undefined; readonly scope?: string | undefined },
): DelegatedRequest | undefined {
  const isV2Endpoint = path.includes("/v2.0/");
  if (resource) {
    if (isV2Endpoint) throw aadsts(901002);
    return v1Request(resource, scope);
  }
  return scope ? v2Request(scope) : undefined;
}

/** The user as it is now, not as it was when it signed in. @throws Fault 50034, 50057, 50173 */
export async function requireCurrentUser(
  { directory }: EntraContext,
  tenantId: string,
  userId: string,
  authAt: number,
): Promise<User> {
  const user = await userFind(directory, tenantId, userId);
  if (user === undefined) throw aadsts(50034, { user: userId, tenant: tenantId });
  if (!user.enabled) throw aadsts(50057);
  if (authAt < user.sessionsValidFrom) throw aadsts(50173);
  return user;
}

/** Who may sign in to an application that admits only assigned users. @throws Fault 50105 */
export async function checkAssigned(context: EntraContext, client: Client, user: User): Promise<void> {
  if (!client.assignmentRequired) return;
  const { directory } = context;
  if (!(await directory.isAssigned(user.objectId, client)))
    throw aadsts(50105, { client: client.displayName, user: user.userPrincipalName });
}

/** The permissions that go into the token. @throws Fault 650057, 65001, 650053 */
export async function requireApiPermission(
  { directory }: EntraContext,
  client: Client,
  resource: Client,
  request: DelegatedRequest,
  user: User,
): Promise<readonly string[]> {
  const permission = await apiPermission(directory, client, resource, request, user.objectId);
  switch (permission.kind) {
    case "granted":
      return permission.scopes;
    case "notRegistered":
      throw notRegistered(client, resource, request);
    case "nothingRegistered":
      throw consentMissing(client, resource, NOT_LISTED);
    case "consentRequired":
      throw consentMissing(client, resource);
  }
}

export const NOT_LISTED =
  ", and its registration does not list that API permission, so that there is nothing to consent to";

export function consentMissing(client: Client, resource: Client, reason = "") {
  const { appId, displayName } = client;
  return aadsts(65001, { client: appId, name: displayName, resource: resource.displayName, reason });
}

export function notRegistered(client: Client, resource: Client, { audience }: DelegatedRequest) {
  const registered = client.registration.requiredResourceAccess.map(({ resourceAppId }) => resourceAppId);
  return aadsts(650057, {
    client: client.appId,
    name: client.displayName,
    resource: resource.displayName,
    value: audience,
    resourceAppId: resource.appId,
    registered: registered.join(", ") || "none",
  });
}
