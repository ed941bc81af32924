/** What is kept of an object of the directory that was deleted: its own rows, word for word, so that it can be put back as it was. */
import {
  type ApplicationCertificateRow,
  type ApplicationRow,
  type ApplicationSecretRow,
  applicationCertificates,
  applicationRowDelete,
  applicationSecrets,
  type FederatedCredentialRow,
  federatedCredentials,
  type ServicePrincipalRow,
  servicePrincipalRowDelete,
} from "../../../store/applications.ts";
import { deletedObjectInsert } from "../../../store/deleted-objects.ts";
import type { Connection } from "../../../store/engine/connection.ts";
import { type UserRow, userRowDelete } from "../../../store/users.ts";
import { relationsSetAside } from "./relations.ts";

export interface DeletedDocuments {
  readonly application: {
    readonly row: ApplicationRow;
    readonly secrets: readonly ApplicationSecretRow[];
    readonly certificates: readonly ApplicationCertificateRow[];
    readonly federatedCredentials: readonly FederatedCredentialRow[];
  };
  readonly servicePrincipal: { readonly row: ServicePrincipalRow };
  readonly user: { readonly row: UserRow };
}

/** As Graph names them. Security groups, the only ones here, are deleted for good. */
export type DeletedType = keyof DeletedDocuments;

/** Inside a write, as the two below. @param now epoch milliseconds */
export async function applicationSetAside(c: Connection, row: ApplicationRow, now: number): Promise<void> {
  const { app_id, object_id, tenant_id } = row;
  const document: DeletedDocuments["application"] = {
    row,
    secrets: await applicationSecrets.all(c, { app_id }),
    certificates: await applicationCertificates.all(c, { app_id }),
    federatedCredentials: await federatedCredentials.all(c, { app_id }),
  };
  // Its credentials and identifier URIs go with the row.
  await applicationRowDelete.run(c, { app_id });
  await keep(c, "application", { object_id, tenant_id }, document, now);
}

export async function servicePrincipalSetAside(
  c: Connection,
  row: ServicePrincipalRow,
  now: number,
): Promise<void> {
  await servicePrincipalRowDelete.run(c, row);
  await keep(c, "servicePrincipal", row, { row }, now);
  await relationsSetAside(c, row.object_id);
}

export async function userSetAside(c: Connection, row: UserRow, now: number): Promise<void> {
  await userRowDelete.run(c, row);
  // What the user signed in to before stays ended after a restoration.
  await keep(c, "user", row, { row: { ...row, sessions_valid_from: now } }, now);
  await relationsSetAside(c, row.object_id);
}

async function keep<Type extends DeletedType>(
  c: Connection,
  type: Type,
  { object_id, tenant_id }: { readonly object_id: string; readonly tenant_id: string },
  document: DeletedDocuments[Type],
  now: number,
): Promise<void> {
  await deletedObjectInsert.run(c, {
    object_id,
    tenant_id,
    type,
    deleted_at: now,
    document: JSON.stringify(document),
  });
}
