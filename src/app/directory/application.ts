/** Applications: registering, reading, changing and deleting them. Their credentials have files of their own. */
import { randomUUID } from "node:crypto";
import { GUID_PATTERN } from "../../core/guid.ts";
import {
  type ApplicationRow,
  applicationByAppId,
  applicationByIdentifierUri,
  applicationByObjectId,
  applicationInsert,
  applicationRowUpdate,
  applicationsCount,
  applicationsPage,
  clientInTenant,
  identifierUriInsert,
  identifierUrisDelete,
} from "../../store/applications.ts";
import { tenantByDomain } from "../../store/directory.ts";
import type { Connection } from "../../store/engine/connection.ts";
import { GRAPH_APP_ID, GRAPH_USER_READ_ID } from "../../wire/entra/first-party.ts";
import {
  EMPTY_REGISTRATION,
  type Registration,
  type RequiredResourceAccess,
  type SignInAudience,
} from "../../wire/entra/registration.ts";
import { applicationSetAside, servicePrincipalSetAside } from "./deletion/deleted-rows.ts";
import { type Directory, parseRegistration } from "./directory.ts";
import { badDirectoryRequest, directoryConflict, directoryObjectMissing } from "./directory-fault.ts";
import { checkRegistration } from "./registration-check.ts";

export interface Application {
  readonly objectId: string;
  /** The client id. */
  readonly appId: string;
  readonly tenantId: string;
  readonly displayName: string;
  readonly signInAudience: SignInAudience;
  readonly registration: Registration;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

export interface NewApplication {
  readonly displayName: string;
  readonly signInAudience?: SignInAudience;
  readonly registration?: Partial<Registration>;
}

/** What a registration asks for that is made in the portal, or by the command line, unless it says otherwise. */
export const USER_READ: RequiredResourceAccess = {
  resourceAppId: GRAPH_APP_ID,
  resourceAccess: [{ id: GRAPH_USER_READ_ID, type: "Scope" }],
};

const DEFAULT_TOKEN_VERSION = 2 as const;

/** @throws Fault Request_BadRequest, Request_MultipleObjectsWithSameKeyValue */
export async function applicationCreate(
  directory: Directory,
  tenantId: string,
  { displayName, signInAudience = "AzureADMyOrg", registration }: NewApplication,
  now: number,
): Promise<Application> {
  const { api } = { ...EMPTY_REGISTRATION, ...registration };
  // What is registered today gets tokens of version 2, unless it says otherwise.
  const versioned = { requestedAccessTokenVersion: DEFAULT_TOKEN_VERSION, ...api };
  const complete = { ...EMPTY_REGISTRATION, ...registration, api: versioned };
  checkRegistration(displayName, complete);
  const row: ApplicationRow = {
    app_id: randomUUID(),
    object_id: randomUUID(),
    tenant_id: tenantId,
    display_name: displayName,
    sign_in_audience: signInAudience,
    registration: JSON.stringify(complete),
    created_at: now,
  };
  await directory.grow(async (c) => {
    await applicationInsert.run(c, row);
    await putIdentifierUris(c, row, complete.identifierUris);
  });
  return application(row);
}

/** In the order of their ids. @param after the id of the last one that was seen */
export async function applicationPage(
  directory: Directory,
  tenantId: string,
  after: string,
  limit: number,
): Promise<Application[]> {
  return (await applicationsPage.all(directory.read, { tenant_id: tenantId, after, limit })).map(application);
}

export async function applicationCount(directory: Directory, tenantId: string): Promise<number> {
  return (await applicationsCount.first(directory.read, { tenant_id: tenantId }))?.count ?? 0;
}

/** @param id object id or application id, in any case. @throws Fault Request_ResourceNotFound */
export async function applicationRead(
  directory: Directory,
  tenantId: string,
  id: string,
): Promise<Application> {
  const found = await findApplication(directory.read, tenantId, id);
  if (found === undefined) throw directoryObjectMissing("application", id);
  return application(found);
}

/** @param uri an identifier URI, in any case. @throws Fault Request_ResourceNotFound */
export async function applicationReadByUri(
  directory: Directory,
  tenantId: string,
  uri: string,
): Promise<Application> {
  const row = await applicationByIdentifierUri.first(directory.read, { uri: uri.toLowerCase() });
  if (row?.tenant_id !== tenantId) throw directoryObjectMissing("application", uri);
  return application(row);
}

/** @param objectId in any case */
export async function applicationFindByObjectId(
  directory: Directory,
  tenantId: string,
  objectId: string,
): Promise<Application | undefined> {
  const row = await applicationByObjectId.first(directory.read, { object_id: objectId.toLowerCase() });
  return row?.tenant_id === tenantId ? application(row) : undefined;
}

export interface ApplicationChange {
  readonly displayName?: string;
  readonly signInAudience?: SignInAudience;
  /** Each member replaces the one there is, whole. */
  readonly registration?: Partial<Registration>;
}

export async function applicationUpdate(
  directory: Directory,
  tenantId: string,
  id: string,
  change: ApplicationChange,
): Promise<Application> {
  return directory.change(async (c) => {
    const row = await findApplication(c, tenantId, id);
    if (row === undefined) throw directoryObjectMissing("application", id);
    const before = application(row);
    const registration = { ...before.registration, ...change.registration };
    const displayName = change.displayName ?? before.displayName;
    checkRegistration(displayName, registration);
    const after: ApplicationRow = {
      ...row,
      display_name: displayName,
      sign_in_audience: change.signInAudience ?? before.signInAudience,
      registration: JSON.stringify(registration),
    };
    await applicationRowUpdate.run(c, after);
    await putIdentifierUris(c, row, registration.identifierUris);
    return application(after);
  });
}

/**
 * Its service principal in its own tenant goes with it; those in other tenants stay, and can no longer sign in. Each of the two can be
 * restored. Its identifier URIs are free.
 */
export async function applicationDelete(
  directory: Directory,
  tenantId: string,
  id: string,
  now: number,
): Promise<void> {
  await directory.change(async (c) => {
    const row = await findApplication(c, tenantId, id);
    if (row === undefined) throw directoryObjectMissing("application", id);
    const principal = await clientInTenant.first(c, { tenant_id: tenantId, app_id: row.app_id });
    if (principal !== undefined) await servicePrincipalSetAside(c, principal, now);
    await applicationSetAside(c, row, now);
  });
}

async function findApplication(c: Connection, tenantId: string, id: string) {
  const lower = id.toLowerCase();
  const row =
    (await applicationByObjectId.first(c, { object_id: lower })) ??
    (await applicationByAppId.first(c, { app_id: lower }));
  return row?.tenant_id === tenantId ? row : undefined;
}

/** A URI names one application in the whole installation: tokens for it go to that one. */
export async function putIdentifierUris(
  c: Connection,
  { app_id: appId, tenant_id }: ApplicationRow,
  uris: readonly string[],
): Promise<void> {
  await identifierUrisDelete.run(c, { app_id: appId });
  for (const uri of uris.map((each) => each.toLowerCase())) {
    await checkOwnUri(c, appId, tenant_id, uri);
    const owner = await applicationByIdentifierUri.first(c, { uri });
    if (owner !== undefined && owner.app_id !== appId)
      throw directoryConflict(`Another application has the identifier URI '${uri}'.`, "identifierUris");
    await identifierUriInsert.run(c, { uri, app_id: appId });
  }
}

const GUID_URI = new RegExp(`^api://(${GUID_PATTERN})(?:/|$)`);
const WEB_URI = /^https?:\/\/([^/:?#]+)/;

/**
 * Else one tenant could take the name by which another one's application is asked for. Source: "Restrictions on identifier URIs of
 * Microsoft Entra applications".
 */
async function checkOwnUri(c: Connection, appId: string, tenantId: string, uri: string): Promise<void> {
  const named = GUID_URI.exec(uri)?.[1];
  if (named !== undefined && named !== appId && named !== tenantId)
    throw badDirectoryRequest(`'${uri}' names another application or tenant.`, "identifierUris");
  const host = WEB_URI.exec(uri)?.[1]?.split(".") ?? [];
  if (host.length === 0) return;
  for (let start = 0; start < host.length; start++) {
    const domain = host.slice(start).join(".");
    if ((await tenantByDomain.first(c, { domain }))?.id === tenantId) return;
  }
  throw badDirectoryRequest(`'${uri}' is on no verified domain of this tenant.`, "identifierUris");
}

export function application(row: ApplicationRow): Application {
  return {
    objectId: row.object_id,
    appId: row.app_id,
    tenantId: row.tenant_id,
    displayName: row.display_name,
    signInAudience: row.sign_in_audience as SignInAudience,
    registration: parseRegistration(row.registration),
    createdAt: row.created_at,
  };
}
