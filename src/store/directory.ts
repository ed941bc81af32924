/** Statements about tenants, applications, service principals, secrets, users and signing keys. */
import type { Row } from "./schema.ts";
import { row, statement } from "./statement.ts";

export type TenantRow = Row<"tenant">;
export type ApplicationSecretRow = Row<"application_secret">;
export type SigningKeyRow = Row<"signing_key">;

export const tenantById = statement<{ id: string }>()((db, p) =>
  db.selectFrom("tenant").selectAll().where("id", "=", p.id),
);

/** @param domain lower-case */
export const tenantByDomain = statement<{ domain: string }>()((db, p) =>
  db
    .selectFrom("tenant_domain")
    .innerJoin("tenant", "tenant.id", "tenant_domain.tenant_id")
    .selectAll("tenant")
    .where("tenant_domain.domain", "=", p.domain),
);

export const tenantDomains = statement<{ tenant_id: string }>()((db, p) =>
  db.selectFrom("tenant_domain").select("domain").where("tenant_id", "=", p.tenant_id).orderBy("domain"),
);

export const tenantInsert = statement<TenantRow>()((db, p) =>
  db
    .insertInto("tenant")
    .values(row(p, "id", "display_name", "default_domain"))
    .onConflict((conflict) => conflict.column("id").doNothing()),
);

export const tenantDomainInsert = statement<Row<"tenant_domain">>()((db, p) =>
  db
    .insertInto("tenant_domain")
    .values(row(p, "domain", "tenant_id"))
    .onConflict((conflict) => conflict.column("domain").doNothing()),
);

/** The application as this tenant knows it: through its service principal there. */
export const clientInTenant = statement<{ tenant_id: string; app_id: string }>()((db, p) =>
  db
    .selectFrom("service_principal")
    .selectAll()
    .where("tenant_id", "=", p.tenant_id)
    .where("app_id", "=", p.app_id),
);

export const applicationSecrets = statement<{ app_id: string }>()((db, p) =>
  db.selectFrom("application_secret").selectAll().where("app_id", "=", p.app_id).orderBy("start_at"),
);

export const applicationInsert = statement<Row<"application">>()((db, p) =>
  db
    .insertInto("application")
    .values(row(p, "app_id", "object_id", "tenant_id", "display_name", "sign_in_audience"))
    .onConflict((conflict) => conflict.column("app_id").doNothing()),
);

export const applicationSecretInsert = statement<ApplicationSecretRow>()((db, p) =>
  db
    .insertInto("application_secret")
    .values(row(p, "key_id", "app_id", "hash", "hint", "display_name", "start_at", "end_at")),
);

export const applicationSecretDelete = statement<{ app_id: string; key_id: string }>()((db, p) =>
  db.deleteFrom("application_secret").where("app_id", "=", p.app_id).where("key_id", "=", p.key_id),
);

export const servicePrincipalInsert = statement<Row<"service_principal">>()((db, p) =>
  db
    .insertInto("service_principal")
    .values(row(p, "object_id", "tenant_id", "app_id", "display_name", "enabled"))
    .onConflict((conflict) => conflict.columns(["tenant_id", "app_id"]).doNothing()),
);

export const userInsert = statement<Row<"user">>()((db, p) =>
  db
    .insertInto("user")
    .values(row(p, "object_id", "tenant_id", "user_principal_name", "display_name", "password", "enabled"))
    .onConflict((conflict) => conflict.column("user_principal_name").doNothing()),
);

export const userByPrincipalName = statement<{ user_principal_name: string }>()((db, p) =>
  db.selectFrom("user").selectAll().where("user_principal_name", "=", p.user_principal_name),
);

/** One row, `ServicePrincipal` or `User`, when the tenant knows the object. */
export const principalTypeById = statement<{ tenant_id: string; object_id: string }>()((db, p) =>
  db
    .selectFrom("service_principal")
    .select((eb) => eb.val("ServicePrincipal").as("principal_type"))
    .where("tenant_id", "=", p.tenant_id)
    .where("object_id", "=", p.object_id)
    .unionAll(
      db
        .selectFrom("user")
        .select((eb) => eb.val("User").as("principal_type"))
        .where("tenant_id", "=", p.tenant_id)
        .where("object_id", "=", p.object_id),
    ),
);

/** By object id, application id or user principal name. */
export const principalsByName = statement<{ tenant_id: string; name: string }>()((db, p) =>
  db
    .selectFrom("service_principal")
    .select((eb) => ["object_id", "display_name", eb.val("ServicePrincipal").as("principal_type")])
    .where("tenant_id", "=", p.tenant_id)
    .where((eb) => eb.or([eb("object_id", "=", p.name), eb("app_id", "=", p.name)]))
    .unionAll(
      db
        .selectFrom("user")
        .select((eb) => ["object_id", "display_name", eb.val("User").as("principal_type")])
        .where("tenant_id", "=", p.tenant_id)
        .where((eb) => eb.or([eb("object_id", "=", p.name), eb("user_principal_name", "=", p.name)])),
    ),
);

/** Newest first. */
export const signingKeysAll = statement<Record<never, never>>()((db) =>
  db.selectFrom("signing_key").selectAll().orderBy("created_at", "desc"),
);

export const signingKeyInsert = statement<SigningKeyRow>()((db, p) =>
  db.insertInto("signing_key").values(row(p, "kid", "created_at", "sealed_key", "public_jwk", "state")),
);
