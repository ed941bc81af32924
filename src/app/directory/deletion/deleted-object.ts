/**
 * Deleted objects of a tenant: what there is of them, putting one back, deleting one for good, and the end of their time. Source: "List
 * deletedItems", "Restore deleted item", "Permanently delete item".
 */
import {
  applicationByAppId,
  applicationCertificateInsert,
  applicationInsert,
  applicationSecretInsert,
  clientInTenant,
  federatedCredentialInsert,
  servicePrincipalRowInsert,
  servicePrincipalRowUpdate,
} from "../../../store/applications.ts";
import {
  type DeletedObjectRow,
  deletedDirectoryRolesOf,
  deletedObjectById,
  deletedObjectDelete,
  deletedObjectsBefore,
  deletedObjectsCount,
  deletedObjectsPage,
} from "../../../store/deleted-objects.ts";
import type { Connection } from "../../../store/engine/connection.ts";
import { userInsert } from "../../../store/users.ts";
import { type Application, application, putIdentifierUris } from "../application.ts";
import { type Directory, parseRegistration } from "../directory.ts";
import { badDirectoryRequest, directoryObjectMissing, objectConflict } from "../directory-fault.ts";
import { type ServicePrincipal, servicePrincipal } from "../service-principal.ts";
import { checkPrincipalName, type User, user } from "../user.ts";
import type { DeletedDocuments, DeletedType } from "./deleted-rows.ts";
import { relationsBringBack, relationsRemove } from "./relations.ts";

/** "A recently deleted item remains available for up to 30 days." */
const KEPT_MS = 30 * 86_400_000;
/** Objects in one write of the sweep. */
const SLICE = 50;

type Kinds = { application: Application; servicePrincipal: ServicePrincipal; user: User };

export type DeletedObject = {
  [Type in DeletedType]: {
    readonly type: Type;
    readonly object: Kinds[Type];
    /** Epoch milliseconds. */
    readonly deletedAt: number;
  };
}[DeletedType];

/** In the order of their ids. @param after the id of the last one that was seen */
export async function deletedObjectPage(
  directory: Directory,
  tenantId: string,
  type: DeletedType,
  after: string,
  limit: number,
): Promise<DeletedObject[]> {
  const key = { tenant_id: tenantId, type, after, limit };
  return (await deletedObjectsPage.all(directory.read, key)).map(deletedObject);
}

export async function deletedObjectCount(
  directory: Directory,
  tenantId: string,
  type: DeletedType,
): Promise<number> {
  return (await deletedObjectsCount.first(directory.read, { tenant_id: tenantId, type }))?.count ?? 0;
}

/** @param id in any case @throws Fault Request_ResourceNotFound */
export async function deletedObjectRead(
  directory: Directory,
  tenantId: string,
  id: string,
): Promise<DeletedObject> {
  return deletedObject(await requireRow(directory.read, tenantId, id));
}

/** Whether a deleted user would be an administrator again. */
export async function wasAdministrator(directory: Directory, userId: string): Promise<boolean> {
  return (await deletedDirectoryRolesOf.all(directory.read, { principal_id: userId })).length > 0;
}

/**
 * Puts the object back as it was. A service principal does not come back with its application.
 * @param userPrincipalName instead of the one that the user had
 * @throws Fault Request_ResourceNotFound; Request_BadRequest where another object has its name, or the application is gone
 */
export async function deletedObjectRestore(
  directory: Directory,
  tenantId: string,
  id: string,
  userPrincipalName?: string,
): Promise<void> {
  await directory.grow(async (c) => {
    const row = await requireRow(c, tenantId, id);
    const document = JSON.parse(row.document);
    await deletedObjectDelete.run(c, row);
    switch (row.type as DeletedType) {
      case "application":
        return restoreApplication(c, document);
      case "servicePrincipal":
        return restoreServicePrincipal(c, document);
      case "user":
        return restoreUser(c, document, userPrincipalName?.toLowerCase());
    }
  });
}

/** For good. @throws Fault Request_ResourceNotFound */
export async function deletedObjectRemove(directory: Directory, tenantId: string, id: string): Promise<void> {
  await directory.change(async (c) => removeForGood(c, (await requireRow(c, tenantId, id)).object_id));
}

/** Deletes for good whose time is over, a few in one write. Idempotent; run from time to time. */
export async function deletedObjectsSweep(directory: Directory, now: number): Promise<void> {
  for (let count = SLICE; count === SLICE; )
    count = await directory.record(async (c) => {
      const due = await deletedObjectsBefore.all(c, { before: now - KEPT_MS, limit: SLICE });
      for (const { object_id } of due) await removeForGood(c, object_id);
      return due.length;
    });
}

async function removeForGood(c: Connection, objectId: string): Promise<void> {
  await relationsRemove(c, objectId);
  await deletedObjectDelete.run(c, { object_id: objectId });
}

async function restoreApplication(
  c: Connection,
  { row, secrets, certificates, federatedCredentials }: DeletedDocuments["application"],
): Promise<void> {
  await applicationInsert.run(c, row);
  await putIdentifierUris(c, row, parseRegistration(row.registration).identifierUris);
  await applicationSecretInsert.runEach(c, secrets);
  await applicationCertificateInsert.runEach(c, certificates);
  await federatedCredentialInsert.runEach(c, federatedCredentials);
}

async function restoreServicePrincipal(
  c: Connection,
  { row }: DeletedDocuments["servicePrincipal"],
): Promise<void> {
  const { app_id, tenant_id } = row;
  const registered = await applicationByAppId.first(c, { app_id });
  if (registered === undefined)
    throw badDirectoryRequest(
      `The application '${app_id}' is gone: restore it before its service principal.`,
    );
  if ((await clientInTenant.first(c, { tenant_id, app_id })) !== undefined) throw objectConflict("appId");
  await servicePrincipalRowInsert.run(c, row);
  await servicePrincipalRowUpdate.run(c, row);
  await relationsBringBack(c, row.object_id);
}

async function restoreUser(
  c: Connection,
  { row }: DeletedDocuments["user"],
  name = row.user_principal_name,
): Promise<void> {
  await checkPrincipalName(c, row.tenant_id, name);
  await userInsert.run(c, { ...row, user_principal_name: name });
  await relationsBringBack(c, row.object_id);
}

async function requireRow(c: Connection, tenantId: string, id: string): Promise<DeletedObjectRow> {
  const row = await deletedObjectById.first(c, { tenant_id: tenantId, object_id: id.toLowerCase() });
  if (row === undefined) throw directoryObjectMissing("deleted object", id);
  return row;
}

function deletedObject({ type, document, deleted_at: deletedAt }: DeletedObjectRow): DeletedObject {
  const { row } = JSON.parse(document);
  switch (type as DeletedType) {
    case "application":
      return { type: "application", object: application(row), deletedAt };
    case "servicePrincipal":
      return { type: "servicePrincipal", object: servicePrincipal(row), deletedAt };
    case "user":
      return { type: "user", object: user(row), deletedAt };
  }
}
