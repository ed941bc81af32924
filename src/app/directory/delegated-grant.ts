/** Consent: which delegated permissions of a resource a client holds, for one user or for all of a tenant. */
import { randomUUID } from "node:crypto";
import { servicePrincipalByObjectId } from "../../store/applications.ts";
import {
  type DelegatedGrantRow,
  delegatedGrantById,
  delegatedGrantInsert,
  delegatedGrantRowDelete,
  delegatedGrantScopeSet,
  delegatedGrantsOfClient,
  delegatedGrantsOfTenant,
} from "../../store/consents.ts";
import type { Connection } from "../../store/engine/connection.ts";
import { userByObjectId } from "../../store/users.ts";
import type { Directory } from "./directory.ts";
import { badDirectoryRequest, directoryConflict, directoryObjectMissing } from "./directory-fault.ts";

export interface DelegatedGrant {
  readonly id: string;
  /** Both are service principals' object ids. */
  readonly clientId: string;
  readonly resourceId: string;
  /** Null: for all users of the tenant. */
  readonly principalId: string | null;
  readonly scopes: readonly string[];
}

export type GrantHolder = Pick<DelegatedGrant, "clientId" | "resourceId" | "principalId">;

/** What the client may do with the resource for this user: by the user's own consent or by everyone's. */
export async function consentedScopes(
  directory: Directory,
  clientId: string,
  resourceId: string,
  userId: string,
): Promise<ReadonlySet<string>> {
  const rows = await delegatedGrantsOfClient.all(directory.read, { client_id: clientId });
  return new Set(
    rows
      .filter(({ resource_id, principal_id }) => {
        return resource_id === resourceId && (principal_id === null || principal_id === userId);
      })
      .flatMap(({ scope }) => values(scope)),
  );
}

/** Adds to what the holder has. Inside a write. */
export async function delegatedPermissionGrant(
  c: Connection,
  tenantId: string,
  holder: GrantHolder,
  scopes: readonly string[],
  now: number,
): Promise<void> {
  const existing = await findRow(c, holder);
  if (existing === undefined) await delegatedGrantInsert.run(c, row(tenantId, holder, scopes, now));
  else {
    const union = [...new Set([...values(existing.scope), ...scopes])];
    await delegatedGrantScopeSet.run(c, { id: existing.id, scope: union.join(" ") });
  }
}

/**
 * @throws Fault Request_MultipleObjectsWithSameKeyValue when the holder has a grant already; Request_BadRequest when client, resource
 * or principal are not the tenant's, or the resource offers no such permission
 */
export async function delegatedGrantCreate(
  directory: Directory,
  tenantId: string,
  holder: GrantHolder,
  scopes: readonly string[],
  now: number,
): Promise<DelegatedGrant> {
  await checkScopes(directory, tenantId, holder.resourceId, scopes);
  return directory.grow(async (c) => {
    await checkHolder(c, tenantId, holder);
    if (await findRow(c, holder))
      throw directoryConflict("A grant with this client, resource and principal exists.", "clientId");
    const created = row(tenantId, holder, scopes, now);
    await delegatedGrantInsert.run(c, created);
    return grant(created);
  });
}

export async function delegatedGrantList(directory: Directory, tenantId: string): Promise<DelegatedGrant[]> {
  return (await delegatedGrantsOfTenant.all(directory.read, { tenant_id: tenantId })).map(grant);
}

/** @throws Fault Request_ResourceNotFound */
export async function delegatedGrantRead(
  directory: Directory,
  tenantId: string,
  id: string,
): Promise<DelegatedGrant> {
  return grant(await requireRow(directory.read, tenantId, id));
}

/** @param scopes replace those there are */
export async function delegatedGrantUpdate(
  directory: Directory,
  tenantId: string,
  id: string,
  scopes: readonly string[],
): Promise<void> {
  const { resourceId } = await delegatedGrantRead(directory, tenantId, id);
  await checkScopes(directory, tenantId, resourceId, scopes);
  await directory.change(async (c) => {
    await requireRow(c, tenantId, id);
    await delegatedGrantScopeSet.run(c, { id, scope: scopes.join(" ") });
  });
}

export async function delegatedGrantDelete(
  directory: Directory,
  tenantId: string,
  id: string,
): Promise<void> {
  await directory.change(async (c) => {
    await requireRow(c, tenantId, id);
    await delegatedGrantRowDelete.run(c, { id });
  });
}

async function checkHolder(
  c: Connection,
  tenantId: string,
  { clientId, resourceId, principalId }: GrantHolder,
): Promise<void> {
  const isServicePrincipal = (id: string) =>
    servicePrincipalByObjectId.first(c, { tenant_id: tenantId, object_id: id });
  if (!(await isServicePrincipal(clientId)))
    throw badDirectoryRequest(`There is no service principal '${clientId}' in this directory.`, "clientId");
  if (!(await isServicePrincipal(resourceId)))
    throw badDirectoryRequest(
      `There is no service principal '${resourceId}' in this directory.`,
      "resourceId",
    );
  if (principalId === null) return;
  if (!(await userByObjectId.first(c, { tenant_id: tenantId, object_id: principalId })))
    throw badDirectoryRequest(`There is no user '${principalId}' in this directory.`, "principalId");
}

/** What the resource does not offer would mean nothing in a token, or more than was meant once it does. */
async function checkScopes(
  directory: Directory,
  tenantId: string,
  resourceId: string,
  scopes: readonly string[],
): Promise<void> {
  const resource = await servicePrincipalByObjectId.first(directory.read, {
    tenant_id: tenantId,
    object_id: resourceId,
  });
  const client = resource && (await directory.client(tenantId, resource.app_id));
  if (client === undefined) return;
  const offered = new Set(client.registration.api.oauth2PermissionScopes.map(({ value }) => value));
  const unknown = scopes.find((scope) => !offered.has(scope));
  if (unknown !== undefined)
    throw badDirectoryRequest(
      `${client.displayName} offers no delegated permission '${unknown.slice(0, 100)}'.`,
      "scope",
    );
}

async function findRow(c: Connection, { clientId, resourceId, principalId }: GrantHolder) {
  const rows = await delegatedGrantsOfClient.all(c, { client_id: clientId });
  return rows.find((each) => each.resource_id === resourceId && each.principal_id === principalId);
}

async function requireRow(c: Connection, tenantId: string, id: string): Promise<DelegatedGrantRow> {
  const found = await delegatedGrantById.first(c, { tenant_id: tenantId, id });
  if (found === undefined) throw directoryObjectMissing("delegated permission grant", id);
  return found;
}

function row(tenantId: string, holder: GrantHolder, scopes: readonly string[], now: number) {
  return {
    id: randomUUID(),
    tenant_id: tenantId,
    client_id: holder.clientId,
    resource_id: holder.resourceId,
    principal_id: holder.principalId,
    scope: scopes.join(" "),
    created_at: now,
  };
}

function grant({ id, client_id, resource_id, principal_id, scope }: DelegatedGrantRow): DelegatedGrant {
  return {
    id,
    clientId: client_id,
    resourceId: resource_id,
    principalId: principal_id,
    scopes: values(scope),
  };
}

const values = (scope: string): string[] => scope.split(" ").filter((value) => value !== "");
