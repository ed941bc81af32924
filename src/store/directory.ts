/** Statements about tenants, their domains, and signing keys. */

import { row, statement } from "./engine/statement.ts";
import type { Row } from "./schema.ts";

export type TenantRow = Row<"tenant">;
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

export const tenantsAll = statement<Record<never, never>>()((db) =>
  db.selectFrom("tenant").selectAll().orderBy("id"),
);

/** One row, `ServicePrincipal`, `User` or `Group`, when the tenant knows the object. */
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
    )
    .unionAll(
      db
        .selectFrom("group")
        .select((eb) => eb.val("Group").as("principal_type"))
        .where("tenant_id", "=", p.tenant_id)
        .where("object_id", "=", p.object_id),
    ),
);

/** By object id, application id or user principal name; a group by its object id. */
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
    )
    .unionAll(
      db
        .selectFrom("group")
        .select((eb) => ["object_id", "display_name", eb.val("Group").as("principal_type")])
        .where("tenant_id", "=", p.tenant_id)
        .where("object_id", "=", p.name),
    ),
);

/** Newest first. */
export const signingKeysAll = statement<Record<never, never>>()((db) =>
  db.selectFrom("signing_key").selectAll().orderBy("created_at", "desc"),
);

export const signingKeyInsert = statement<SigningKeyRow>()((db, p) =>
  db
    .insertInto("signing_key")
    .values(row(p, "kid", "created_at", "sealed_key", "public_jwk", "state", "active_from")),
);

export const signingKeyDelete = statement<{ kid: string }>()((db, p) =>
  db.deleteFrom("signing_key").where("kid", "=", p.kid),
);
