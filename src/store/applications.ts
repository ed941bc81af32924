/** Statements about applications, their credentials, and service principals. */

import { row, statement } from "./engine/statement.ts";
import type { Row } from "./schema.ts";

export type ApplicationRow = Row<"application">;
export type ApplicationSecretRow = Row<"application_secret">;
export type ApplicationCertificateRow = Row<"application_certificate">;
export type FederatedCredentialRow = Row<"federated_credential">;
export type ServicePrincipalRow = Row<"service_principal">;

export const applicationByAppId = statement<{ app_id: string }>()((db, p) =>
  db.selectFrom("application").selectAll().where("app_id", "=", p.app_id),
);

export const applicationByObjectId = statement<{ object_id: string }>()((db, p) =>
  db.selectFrom("application").selectAll().where("object_id", "=", p.object_id),
);

/** By object id. */
export const applicationsPage = statement<{ tenant_id: string; after: string; limit: number }>()((db, p) =>
  db
    .selectFrom("application")
    .selectAll()
    .where("tenant_id", "=", p.tenant_id)
    .where("object_id", ">", p.after)
    .orderBy("object_id")
    .limit(p.limit),
);

export const applicationsCount = statement<{ tenant_id: string }>()((db, p) =>
  db
    .selectFrom("application")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("tenant_id", "=", p.tenant_id),
);

export const applicationInsert = statement<ApplicationRow>()((db, p) =>
  db
    .insertInto("application")
    .values(
      row(
        p,
        "app_id",
        "object_id",
        "tenant_id",
        "display_name",
        "sign_in_audience",
        "registration",
        "created_at",
      ),
    )
    .onConflict((conflict) => conflict.column("app_id").doNothing()),
);

export const applicationRowUpdate = statement<
  Pick<ApplicationRow, "app_id" | "display_name" | "sign_in_audience" | "registration">
>()((db, p) =>
  db
    .updateTable("application")
    .set({
      display_name: p.display_name,
      sign_in_audience: p.sign_in_audience,
      registration: p.registration,
    })
    .where("app_id", "=", p.app_id),
);

export const applicationRowDelete = statement<{ app_id: string }>()((db, p) =>
  db.deleteFrom("application").where("app_id", "=", p.app_id),
);

/** @param uri lower-case */
export const applicationByIdentifierUri = statement<{ uri: string }>()((db, p) =>
  db
    .selectFrom("application_identifier_uri")
    .innerJoin("application", "application.app_id", "application_identifier_uri.app_id")
    .selectAll("application")
    .where("application_identifier_uri.uri", "=", p.uri),
);

export const identifierUrisDelete = statement<{ app_id: string }>()((db, p) =>
  db.deleteFrom("application_identifier_uri").where("app_id", "=", p.app_id),
);

export const identifierUriInsert = statement<Row<"application_identifier_uri">>()((db, p) =>
  db
    .insertInto("application_identifier_uri")
    .values(row(p, "uri", "app_id"))
    .onConflict((conflict) => conflict.column("uri").doNothing()),
);

export const applicationSecrets = statement<{ app_id: string }>()((db, p) =>
  db.selectFrom("application_secret").selectAll().where("app_id", "=", p.app_id).orderBy("start_at"),
);

export const applicationSecretInsert = statement<ApplicationSecretRow>()((db, p) =>
  db
    .insertInto("application_secret")
    .values(row(p, "key_id", "app_id", "hash", "hint", "display_name", "start_at", "end_at")),
);

export const applicationSecretDelete = statement<{ app_id: string; key_id: string }>()((db, p) =>
  db.deleteFrom("application_secret").where("app_id", "=", p.app_id).where("key_id", "=", p.key_id),
);

export const applicationCertificates = statement<{ app_id: string }>()((db, p) =>
  db.selectFrom("application_certificate").selectAll().where("app_id", "=", p.app_id).orderBy("start_at"),
);

export const applicationCertificateInsert = statement<ApplicationCertificateRow>()((db, p) =>
  db
    .insertInto("application_certificate")
    .values(
      row(
        p,
        "key_id",
        "app_id",
        "display_name",
        "certificate",
        "thumbprint_sha1",
        "thumbprint_sha256",
        "start_at",
        "end_at",
      ),
    ),
);

export const applicationCertificateDelete = statement<{ app_id: string; key_id: string }>()((db, p) =>
  db.deleteFrom("application_certificate").where("app_id", "=", p.app_id).where("key_id", "=", p.key_id),
);

export const federatedCredentials = statement<{ app_id: string }>()((db, p) =>
  db.selectFrom("federated_credential").selectAll().where("app_id", "=", p.app_id).orderBy("name"),
);

export const federatedCredentialInsert = statement<FederatedCredentialRow>()((db, p) =>
  db
    .insertInto("federated_credential")
    .values(row(p, "id", "app_id", "name", "description", "issuer", "subject", "audience")),
);

export const federatedCredentialDelete = statement<{ app_id: string; id: string }>()((db, p) =>
  db.deleteFrom("federated_credential").where("app_id", "=", p.app_id).where("id", "=", p.id),
);

/** The application as this tenant knows it: through its service principal there. */
export const clientInTenant = statement<{ tenant_id: string; app_id: string }>()((db, p) =>
  db
    .selectFrom("service_principal")
    .selectAll()
    .where("tenant_id", "=", p.tenant_id)
    .where("app_id", "=", p.app_id),
);

export const servicePrincipalByObjectId = statement<{ tenant_id: string; object_id: string }>()((db, p) =>
  db
    .selectFrom("service_principal")
    .selectAll()
    .where("tenant_id", "=", p.tenant_id)
    .where("object_id", "=", p.object_id),
);

/** By object id. */
export const servicePrincipalsPage = statement<{ tenant_id: string; after: string; limit: number }>()(
  (db, p) =>
    db
      .selectFrom("service_principal")
      .selectAll()
      .where("tenant_id", "=", p.tenant_id)
      .where("object_id", ">", p.after)
      .orderBy("object_id")
      .limit(p.limit),
);

export const servicePrincipalsCount = statement<{ tenant_id: string }>()((db, p) =>
  db
    .selectFrom("service_principal")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("tenant_id", "=", p.tenant_id),
);

export const servicePrincipalRowInsert = statement<Omit<ServicePrincipalRow, "profile">>()((db, p) =>
  db
    .insertInto("service_principal")
    .values(
      row(
        p,
        "object_id",
        "tenant_id",
        "app_id",
        "display_name",
        "enabled",
        "created_at",
        "assignment_required",
      ),
    )
    .onConflict((conflict) => conflict.columns(["tenant_id", "app_id"]).doNothing()),
);

export const servicePrincipalRowUpdate = statement<
  Pick<ServicePrincipalRow, "object_id" | "display_name" | "enabled" | "assignment_required" | "profile">
>()((db, p) =>
  db
    .updateTable("service_principal")
    .set({
      display_name: p.display_name,
      enabled: p.enabled,
      assignment_required: p.assignment_required,
      profile: p.profile,
    })
    .where("object_id", "=", p.object_id),
);

export const servicePrincipalRowDelete = statement<{ object_id: string }>()((db, p) =>
  db.deleteFrom("service_principal").where("object_id", "=", p.object_id),
);
