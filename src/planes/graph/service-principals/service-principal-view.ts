/** A service principal as Graph shows it: what the tenant knows, and what the application's registration says. */
import type { Client, Directory } from "../../../app/directory/directory.ts";
import type { ServicePrincipal } from "../../../app/directory/service-principal.ts";
import { isManagedIdentity } from "../../../app/identities/identity-principal.ts";
import { azureResourceNames } from "../../../wire/entra/resources.ts";
import { SERVICE_PRINCIPAL_KEPT } from "../../../wire/graph/kept-properties.ts";
import { credentialsView } from "../applications/application-view.ts";
import { instantView } from "../request/instant-view.ts";
import { keptView } from "../request/kept-properties.ts";

/** The tenant in which Microsoft registers Azure's own applications. */
const MICROSOFT_TENANT_ID = "f8cdef31-a31e-4b4a-93e4-5f571e91255a";

/** All but the credentials. */
export async function servicePrincipalView(directory: Directory, principal: ServicePrincipal) {
  const client = await directory.client(principal.tenantId, principal.appId);
  const isIdentity = client === undefined && (await isManagedIdentity(directory, principal.objectId));
  const registration = client?.registration;
  const isFirstParty = client !== undefined && client.homeTenantId === undefined;
  return {
    id: principal.objectId,
    deletedDateTime: null,
    accountEnabled: principal.enabled,
    appDisplayName: principal.displayName,
    appId: principal.appId,
    appOwnerOrganizationId: isFirstParty ? MICROSOFT_TENANT_ID : (client?.homeTenantId ?? null),
    appRoleAssignmentRequired: principal.assignmentRequired,
    createdDateTime: instantView(principal.createdAt),
    displayName: principal.displayName,
    homepage: principal.profile.homepage ?? registration?.web.homePageUrl ?? null,
    addIns: [],
    applicationTemplateId: null,
    disabledByMicrosoftStatus: null,
    info: null,
    preferredSingleSignOnMode: null,
    preferredTokenSigningKeyThumbprint: null,
    resourceSpecificApplicationPermissions: [],
    samlSingleSignOnSettings: null,
    tokenEncryptionKeyId: null,
    verifiedPublisher: { addedDateTime: null, displayName: null, verifiedPublisherId: null },
    logoutUrl: registration?.web.logoutUrl ?? null,
    replyUrls: client === undefined ? [] : redirectUris(client),
    servicePrincipalNames: [principal.appId, ...names(client)],
    servicePrincipalType: isIdentity ? "ManagedIdentity" : "Application",
    signInAudience: client?.signInAudience ?? null,
    tags: principal.profile.tags ?? registration?.tags ?? [],
    appRoles: registration?.appRoles ?? [],
    oauth2PermissionScopes: registration?.api.oauth2PermissionScopes ?? [],
    ...keptView(SERVICE_PRINCIPAL_KEPT, principal.profile),
  };
}

export type ServicePrincipalView = Awaited<ReturnType<typeof servicePrincipalView>>;

/** The credentials too, where the application is registered in this tenant: they are the application's. */
export async function wholeServicePrincipalView(
  directory: Directory,
  view: ServicePrincipalView,
  tenantId: string,
): Promise<ServicePrincipalView & Awaited<ReturnType<typeof credentialsView>>> {
  const isOwn = view.appOwnerOrganizationId === tenantId;
  return { ...view, ...(await credentialsView(directory, isOwn ? view.appId : undefined)) };
}

function redirectUris({ registration: { web, spa, publicClient } }: Client): readonly string[] {
  return [...web.redirectUris, ...spa.redirectUris, ...publicClient.redirectUris];
}

function names(client: Client | undefined): readonly string[] {
  if (client === undefined) return [];
  const own = azureResourceNames(client.appId);
  return [...client.registration.identifierUris, ...own.filter((name) => name !== client.appId)];
}
