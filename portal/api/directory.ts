/** Microsoft Graph as the portal uses it: the tenant, applications and their service principals, users and groups. */
import { type Ask, askJson } from "./service-request.ts";

interface List<Item> {
  readonly value: readonly Item[];
  readonly "@odata.nextLink"?: string;
}

const graph = <Value>(path: string, asked?: Ask): Promise<Value> => askJson("graph", `/v1.0${path}`, asked);

const PAGES_MAX = 200;

async function all<Item>(path: string): Promise<Item[]> {
  let page = await graph<List<Item>>(path);
  const items = [...page.value];
  for (let pages = 1; page["@odata.nextLink"] && pages < PAGES_MAX; pages++) {
    const { pathname, search } = new URL(page["@odata.nextLink"]);
    page = await askJson<List<Item>>("graph", pathname + search);
    items.push(...page.value);
  }
  return items;
}

/** A text as a literal of OData: a quote in it is doubled. */
const literal = (text: string) => encodeURIComponent(`'${text.replaceAll("'", "''")}'`);

export interface Organization {
  readonly id: string;
  readonly displayName: string;
  readonly verifiedDomains?: readonly { readonly name: string; readonly isDefault: boolean }[];
}
export const organization = async (): Promise<Organization> => {
  const [own] = (await graph<List<Organization>>("/organization")).value;
  if (own === undefined) throw new Error("the directory does not say which it is");
  return own;
};

export interface PasswordCredential {
  readonly keyId: string;
  readonly displayName: string | null;
  readonly hint: string | null;
  readonly startDateTime: string;
  readonly endDateTime: string;
  /** Only in the answer to its creation. */
  readonly secretText?: string | null;
}

export interface KeyCredential {
  readonly keyId: string;
  readonly displayName: string | null;
  readonly endDateTime: string;
  readonly customKeyIdentifier: string | null;
}

export interface ResourceAccess {
  readonly resourceAppId: string;
  readonly resourceAccess: readonly { readonly id: string; readonly type: "Scope" | "Role" }[];
}

interface Platform {
  readonly redirectUris: readonly string[];
}

export interface Application {
  readonly id: string;
  readonly appId: string;
  readonly displayName: string;
  readonly createdDateTime?: string;
  readonly signInAudience: string;
  readonly isFallbackPublicClient?: boolean | null;
  readonly web: Platform;
  readonly spa: Platform;
  readonly publicClient: Platform;
  readonly requiredResourceAccess: readonly ResourceAccess[];
  readonly appRoles: readonly AppRole[];
  readonly passwordCredentials: readonly PasswordCredential[];
  readonly keyCredentials: readonly KeyCredential[];
}

export const applicationsList = () => all<Application>("/applications");
export const applicationNamed = async (appId: string): Promise<Application | undefined> =>
  (await graph<List<Application>>(`/applications?$filter=appId%20eq%20${literal(appId)}`)).value[0];
export const applicationUpdate = (id: string, change: object) =>
  graph(`/applications/${id}`, { method: "PATCH", body: change });
export const applicationDelete = (id: string) => graph(`/applications/${id}`, { method: "DELETE" });

/** As the portal registers: the application, and its service principal in this tenant. */
export async function applicationCreate(given: object): Promise<Application> {
  const application = await graph<Application>("/applications", { method: "POST", body: given });
  await graph("/servicePrincipals", { method: "POST", body: { appId: application.appId } });
  return application;
}

export const secretAdd = (id: string, given: { displayName: string; endDateTime?: string | undefined }) =>
  graph<PasswordCredential>(`/applications/${id}/addPassword`, {
    method: "POST",
    body: { passwordCredential: given },
  });
export const secretRemove = (id: string, keyId: string) =>
  graph(`/applications/${id}/removePassword`, { method: "POST", body: { keyId } });

export interface FederatedCredential {
  readonly id: string;
  readonly name: string;
  readonly issuer: string;
  readonly subject: string;
  readonly audiences: readonly string[];
}
const federated = (id: string) => `/applications/${id}/federatedIdentityCredentials`;
export const federatedCredentialsList = (id: string) => all<FederatedCredential>(federated(id));
export const federatedCredentialAdd = (id: string, given: Omit<FederatedCredential, "id">) =>
  graph(federated(id), { method: "POST", body: given });
export const federatedCredentialRemove = (id: string, credentialId: string) =>
  graph(`${federated(id)}/${credentialId}`, { method: "DELETE" });

/** @param key the certificate in base64 */
export const certificateAdd = ({ id, keyCredentials }: Application, key: string, displayName: string) =>
  applicationUpdate(id, {
    keyCredentials: [
      ...keyCredentials.map(kept),
      { type: "AsymmetricX509Cert", usage: "Verify", key, displayName },
    ],
  });
export const certificateRemove = ({ id, keyCredentials }: Application, keyId: string) =>
  applicationUpdate(id, { keyCredentials: keyCredentials.filter((each) => each.keyId !== keyId).map(kept) });
/** One that is there is named by its id alone. */
const kept = ({ keyId, displayName }: KeyCredential) => ({ keyId, displayName });

export interface PermissionScope {
  readonly id: string;
  readonly value: string;
  readonly type: string;
  readonly adminConsentDisplayName: string;
  readonly adminConsentDescription: string;
}
export interface AppRole {
  readonly id: string;
  readonly value: string;
  readonly displayName: string;
  readonly description?: string;
  readonly isEnabled?: boolean;
  readonly allowedMemberTypes: readonly string[];
}

export interface ServicePrincipal {
  readonly id: string;
  readonly appId: string;
  readonly displayName: string;
  readonly servicePrincipalType?: string;
  readonly appOwnerOrganizationId?: string | null;
  readonly oauth2PermissionScopes: readonly PermissionScope[];
  readonly appRoles: readonly AppRole[];
}
export const servicePrincipalsList = () => all<ServicePrincipal>("/servicePrincipals");
export const servicePrincipalOf = async (appId: string): Promise<ServicePrincipal | undefined> =>
  (await graph<List<ServicePrincipal>>(`/servicePrincipals?$filter=appId%20eq%20${literal(appId)}`)).value[0];

export const servicePrincipal = (id: string) => graph<ServicePrincipal>(`/servicePrincipals/${id}`);

export interface PermissionGrant {
  readonly id: string;
  readonly clientId: string;
  readonly consentType: "AllPrincipals" | "Principal";
  readonly principalId: string | null;
  readonly resourceId: string;
  readonly scope: string;
}
export const grantsOf = (servicePrincipalId: string) =>
  all<PermissionGrant>(`/servicePrincipals/${servicePrincipalId}/oauth2PermissionGrants`);
export const grantCreate = (given: Omit<PermissionGrant, "id">) =>
  graph<PermissionGrant>("/oauth2PermissionGrants", { method: "POST", body: given });
export const grantUpdate = (id: string, scope: string) =>
  graph(`/oauth2PermissionGrants/${id}`, { method: "PATCH", body: { scope } });

export const grantDelete = (id: string) => graph(`/oauth2PermissionGrants/${id}`, { method: "DELETE" });

export interface AppRoleAssignment {
  readonly id: string;
  readonly appRoleId: string;
  readonly resourceId: string;
  readonly resourceDisplayName?: string | null;
  readonly principalId: string;
  readonly principalDisplayName?: string | null;
  readonly principalType?: string;
}
/** Who holds roles of this service principal's application. */
export const appRoleHoldersOf = (servicePrincipalId: string) =>
  all<AppRoleAssignment>(`/servicePrincipals/${servicePrincipalId}/appRoleAssignedTo`);
export const appRoleGive = (resourceId: string, principalId: string, appRoleId: string) =>
  graph(`/servicePrincipals/${resourceId}/appRoleAssignedTo`, {
    method: "POST",
    body: { principalId, resourceId, appRoleId },
  });
export const appRoleTake = (resourceId: string, assignmentId: string) =>
  graph(`/servicePrincipals/${resourceId}/appRoleAssignedTo/${assignmentId}`, { method: "DELETE" });
export const appRolesOf = (servicePrincipalId: string) =>
  all<AppRoleAssignment>(`/servicePrincipals/${servicePrincipalId}/appRoleAssignments`);
export const appRoleAssign = (principalId: string, resourceId: string, appRoleId: string) =>
  graph(`/servicePrincipals/${principalId}/appRoleAssignments`, {
    method: "POST",
    body: { principalId, resourceId, appRoleId },
  });

export interface User {
  readonly id: string;
  readonly displayName: string;
  readonly userPrincipalName: string;
  readonly accountEnabled?: boolean;
}
export const usersList = () => all<User>("/users");
export const userCreate = (given: object) => graph<User>("/users", { method: "POST", body: given });
export const userDelete = (id: string) => graph(`/users/${id}`, { method: "DELETE" });

/** The template ids of the signed-in user's directory roles. */
export const ownDirectoryRoles = async (): Promise<string[]> =>
  (await all<DirectoryObject>("/me/memberOf")).flatMap(({ roleTemplateId }) => roleTemplateId ?? []);

export interface Group {
  readonly id: string;
  readonly displayName: string;
  readonly description?: string | null;
}
export const groupsList = () => all<Group>("/groups");
export const group = (id: string) => graph<Group>(`/groups/${id}`);
export const groupCreate = (given: object) => graph<Group>("/groups", { method: "POST", body: given });
export const groupDelete = (id: string) => graph(`/groups/${id}`, { method: "DELETE" });

export interface DirectoryObject {
  readonly "@odata.type": string;
  readonly id: string;
  readonly displayName?: string | null;
  readonly userPrincipalName?: string;
  readonly appId?: string;
  readonly roleTemplateId?: string;
}

/** A list of references: who is in a group, or who owns something. */
export type References = `groups/${string}/members` | `${"applications" | "groups"}/${string}/owners`;
export const referencesOf = (list: References) => all<DirectoryObject>(`/${list}`);
export const referenceAdd = (list: References, id: string) =>
  graph(`/${list}/$ref`, {
    method: "POST",
    body: { "@odata.id": `https://graph.microsoft.com/v1.0/directoryObjects/${id}` },
  });
export const referenceRemove = (list: References, id: string) =>
  graph(`/${list}/${id}/$ref`, { method: "DELETE" });

/** So many ids one request takes. Source: "directoryObject: getByIds". */
const IDS_MAX = 1_000;

/** Those of the ids that are known in this directory. */
export async function objectsByIds(ids: readonly string[]): Promise<DirectoryObject[]> {
  const found: DirectoryObject[] = [];
  for (let from = 0; from < ids.length; from += IDS_MAX) {
    const body = { ids: ids.slice(from, from + IDS_MAX) };
    found.push(
      ...(await graph<List<DirectoryObject>>("/directoryObjects/getByIds", { method: "POST", body })).value,
    );
  }
  return found;
}
