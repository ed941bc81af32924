/** Service principals: what an application is in one tenant. Whom roles, consent and app roles are given to. */
import { randomUUID } from "node:crypto";
import {
  applicationByAppId,
  applicationByIdentifierUri,
  clientInTenant,
  type ServicePrincipalRow,
  servicePrincipalByObjectId,
  servicePrincipalRowDelete,
  servicePrincipalRowInsert,
  servicePrincipalRowUpdate,
  servicePrincipalsCount,
  servicePrincipalsPage,
} from "../../store/applications.ts";
import type { Connection } from "../../store/engine/connection.ts";
import { firstPartyApplication, GRAPH_APP_ID, GRAPH_USER_READ_ID } from "../../wire/entra/first-party.ts";
import { azureResourceAppId } from "../../wire/entra/resources.ts";
import type { KeptValues } from "../../wire/graph/kept-properties.ts";
import { delegatedPermissionGrant } from "./delegated-grant.ts";
import { servicePrincipalSetAside } from "./deletion/deleted-rows.ts";
import { relationsRemove } from "./deletion/relations.ts";
import { type Directory, parseRegistration } from "./directory.ts";
import { badDirectoryRequest, directoryConflict, directoryObjectMissing } from "./directory-fault.ts";

export interface ServicePrincipal {
  readonly objectId: string;
  readonly appId: string;
  readonly tenantId: string;
  readonly displayName: string;
  readonly enabled: boolean;
  readonly assignmentRequired: boolean;
  readonly createdAt: number;
  /** What nothing here decides by. */
  readonly profile: KeptValues;
}

/**
 * Brings an application into a tenant. `User.Read` of Microsoft Graph, where the registration lists it, is granted at once.
 * @throws Fault when there is no such application for this tenant, or its principal is there already
 */
export async function servicePrincipalCreate(
  directory: Directory,
  tenantId: string,
  appId: string,
  now: number,
): Promise<ServicePrincipal> {
  return directory.grow((c) => servicePrincipalInsert(c, tenantId, appId.toLowerCase(), now));
}

/** The same inside a write. */
export async function servicePrincipalInsert(
  c: Connection,
  tenantId: string,
  appId: string,
  now: number,
): Promise<ServicePrincipal> {
  if (await clientInTenant.first(c, { tenant_id: tenantId, app_id: appId }))
    throw directoryConflict("The application has a service principal in this tenant already.", "appId", 409);
  const application = await applicationByAppId.first(c, { app_id: appId });
  const known = firstPartyApplication(appId);
  const isForTenant =
    application?.tenant_id === tenantId ||
    (application !== undefined && application.sign_in_audience !== "AzureADMyOrg");
  if (known === undefined && !isForTenant)
    throw badDirectoryRequest(`There is no application '${appId}' that this tenant may use.`, "appId");
  const row: ServicePrincipalRow = {
    object_id: randomUUID(),
    tenant_id: tenantId,
    app_id: appId,
    display_name: known?.displayName ?? application?.display_name ?? appId,
    enabled: 1,
    created_at: now,
    assignment_required: 0,
    profile: "{}",
  };
  await servicePrincipalRowInsert.run(c, row);
  if (application?.tenant_id === tenantId) await userReadGrant(c, row, application.registration, now);
  return servicePrincipal(row);
}

/** @param registration JSON of the application's */
export async function userReadGrant(
  c: Connection,
  { tenant_id, object_id }: Pick<ServicePrincipalRow, "tenant_id" | "object_id">,
  registration: string,
  now: number,
): Promise<void> {
  const { requiredResourceAccess } = parseRegistration(registration);
  const asksForIt = requiredResourceAccess.some(({ resourceAccess }) =>
    resourceAccess.some(({ id }) => id === GRAPH_USER_READ_ID),
  );
  const graph = await clientInTenant.first(c, { tenant_id, app_id: GRAPH_APP_ID });
  if (!asksForIt || graph === undefined) return;
  const grant = { clientId: object_id, resourceId: graph.object_id, principalId: null };
  await delegatedPermissionGrant(c, tenant_id, grant, ["User.Read"], now);
}

/** In the order of their ids. @param after the id of the last one that was seen */
export async function servicePrincipalPage(
  directory: Directory,
  tenantId: string,
  after: string,
  limit: number,
): Promise<ServicePrincipal[]> {
  return (await servicePrincipalsPage.all(directory.read, { tenant_id: tenantId, after, limit })).map(
    servicePrincipal,
  );
}

export async function servicePrincipalCount(directory: Directory, tenantId: string): Promise<number> {
  return (await servicePrincipalsCount.first(directory.read, { tenant_id: tenantId }))?.count ?? 0;
}

/** @param id object id or application id. @throws Fault Request_ResourceNotFound */
export async function servicePrincipalRead(
  directory: Directory,
  tenantId: string,
  id: string,
): Promise<ServicePrincipal> {
  return servicePrincipal(await requireRow(directory.read, tenantId, id));
}

/** @param name one of its names: application id, identifier URI, or a name of Azure's own. @throws Fault Request_ResourceNotFound */
export async function servicePrincipalReadByName(
  directory: Directory,
  tenantId: string,
  name: string,
): Promise<ServicePrincipal> {
  const lower = name.toLowerCase();
  const known = azureResourceAppId(lower);
  const byUri = known ?? (await applicationByIdentifierUri.first(directory.read, { uri: lower }))?.app_id;
  return servicePrincipalRead(directory, tenantId, byUri ?? lower);
}

/** @param change `profile` is merged into what there is, the rest replaces it */
export async function servicePrincipalUpdate(
  directory: Directory,
  tenantId: string,
  id: string,
  change: Partial<Pick<ServicePrincipal, "displayName" | "enabled" | "assignmentRequired" | "profile">>,
): Promise<ServicePrincipal> {
  return directory.change(async (c) => {
    const before = servicePrincipal(await requireRow(c, tenantId, id));
    const after = { ...before, ...change, profile: { ...before.profile, ...change.profile } };
    await servicePrincipalRowUpdate.run(c, {
      object_id: after.objectId,
      display_name: after.displayName,
      enabled: after.enabled ? 1 : 0,
      assignment_required: after.assignmentRequired ? 1 : 0,
      profile: JSON.stringify(after.profile),
    });
    return after;
  });
}

/** It can be restored. Role assignments stay, and grant nothing. */
export async function servicePrincipalDelete(
  directory: Directory,
  tenantId: string,
  id: string,
  now: number,
): Promise<void> {
  await directory.change(async (c) => {
    const row = await requireRow(c, tenantId, id);
    if (firstPartyApplication(row.app_id) !== undefined)
      throw badDirectoryRequest("A service principal of Azure's own cannot be deleted; disable it instead.");
    await servicePrincipalSetAside(c, row, now);
  });
}

/** For good, with everything that was given to it. Role assignments stay, as they do in Azure, and grant nothing. */
export async function servicePrincipalRemove(c: Connection, objectId: string): Promise<void> {
  await relationsRemove(c, objectId);
  await servicePrincipalRowDelete.run(c, { object_id: objectId });
}

async function requireRow(c: Connection, tenantId: string, id: string): Promise<ServicePrincipalRow> {
  const lower = id.toLowerCase();
  const row =
    (await servicePrincipalByObjectId.first(c, { tenant_id: tenantId, object_id: lower })) ??
    (await clientInTenant.first(c, { tenant_id: tenantId, app_id: lower }));
  if (row === undefined) throw directoryObjectMissing("service principal", id);
  return row;
}

export function servicePrincipal(row: ServicePrincipalRow): ServicePrincipal {
  return {
    objectId: row.object_id,
    appId: row.app_id,
    tenantId: row.tenant_id,
    displayName: row.display_name,
    enabled: row.enabled === 1,
    assignmentRequired: row.assignment_required === 1,
    createdAt: row.created_at,
    profile: JSON.parse(row.profile) as KeptValues,
  };
}
