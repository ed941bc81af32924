/** Statements about tenants, their domains, and signing keys. */
import type { Row } from "./schema.ts";
import { row, statement } from "./statement.ts";

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

export const tenantDomains = statement<{ tenant_id: string }>()((db, p) =>
  db.selectFrom("tenant_domain").selectAll().where("tenant_id", "=", p.tenant_id).orderBy("domain"),
);

export const tenantDomainDelete = statement<{ domain: string; tenant_id: string }>()((db, p) =>
  db.deleteFrom("tenant_domain").where("domain", "=", p.domain).where("tenant_id", "=", p.tenant_id),
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
