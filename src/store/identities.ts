/** Statements about user-assigned managed identities, their federated credentials and their service principals. */

import { type Builder, row, statement } from "./engine/statement.ts";
import type { Row } from "./schema.ts";

export type FederatedCredentialRow = Row<"identity_federated_credential">;

export type IdentityRow = Row<"user_assigned_identity"> & {
  readonly resource_group: string;
  readonly subscription_id: string;
  readonly tenant_id: string;
};

const placedIdentities = (db: Builder) =>
  db
    .selectFrom("user_assigned_identity")
    .innerJoin("resource_group", "resource_group.key", "user_assigned_identity.resource_group_key")
    .innerJoin("subscription", "subscription.id", "resource_group.subscription_id")
    .selectAll("user_assigned_identity")
    .select([
      "resource_group.name as resource_group",
      "resource_group.subscription_id",
      "subscription.tenant_id",
    ])
    .orderBy("user_assigned_identity.key");

export const identityByName = statement<{ resource_group_key: number; name_lower: string }>()((db, p) =>
  placedIdentities(db)
    .where("user_assigned_identity.resource_group_key", "=", p.resource_group_key)
    .where("user_assigned_identity.name_lower", "=", p.name_lower),
);

export const identityByKey = statement<{ key: number }>()((db, p) =>
  placedIdentities(db).where("user_assigned_identity.key", "=", p.key),
);

/** Both names lower-case. */
export const identityById = statement<{
  subscription_id: string;
  group_lower: string;
  name_lower: string;
}>()((db, p) =>
  placedIdentities(db)
    .where("resource_group.subscription_id", "=", p.subscription_id)
    .where("resource_group.name_lower", "=", p.group_lower)
    .where("user_assigned_identity.name_lower", "=", p.name_lower),
);

export const identityByPrincipal = statement<{ principal_id: string }>()((db, p) =>
  db.selectFrom("user_assigned_identity").select("key").where("principal_id", "=", p.principal_id),
);

export const identitiesOfResourceGroup = statement<{ resource_group_key: number }>()((db, p) =>
  placedIdentities(db).where("user_assigned_identity.resource_group_key", "=", p.resource_group_key),
);

export const identitiesOfSubscription = statement<{ subscription_id: string }>()((db, p) =>
  placedIdentities(db).where("resource_group.subscription_id", "=", p.subscription_id),
);

export const identityInsert = statement<Omit<Row<"user_assigned_identity">, "key">>()((db, p) =>
  db
    .insertInto("user_assigned_identity")
    .values(
      row(
        p,
        "resource_group_key",
        "name",
        "name_lower",
        "location",
        "tags",
        "client_id",
        "principal_id",
        "created_at",
      ),
    ),
);

export const identityTagsSet = statement<{ key: number; tags: string }>()((db, p) =>
  db.updateTable("user_assigned_identity").set(row(p, "tags")).where("key", "=", p.key),
);

export const identityDelete = statement<{ key: number }>()((db, p) =>
  db.deleteFrom("user_assigned_identity").where("key", "=", p.key),
);

export const federatedCredentialsOf = statement<{ identity_key: number }>()((db, p) =>
  db
    .selectFrom("identity_federated_credential")
    .selectAll()
    .where("identity_key", "=", p.identity_key)
    .orderBy("name_lower"),
);

export const federatedCredentialPut = statement<Omit<FederatedCredentialRow, "key">>()((db, p) =>
  db
    .insertInto("identity_federated_credential")
    .values(row(p, "identity_key", "name", "name_lower", "issuer", "subject", "audiences"))
    .onConflict((conflict) =>
      conflict.columns(["identity_key", "name_lower"]).doUpdateSet(row(p, "issuer", "subject", "audiences")),
    ),
);

export const federatedCredentialDelete = statement<{ identity_key: number; name_lower: string }>()((db, p) =>
  db
    .deleteFrom("identity_federated_credential")
    .where("identity_key", "=", p.identity_key)
    .where("name_lower", "=", p.name_lower),
);
