/** Statements about subscriptions, resource groups and Batch accounts. */

import { type Builder, row, statement } from "./engine/statement.ts";
import type { Row } from "./schema.ts";

export type AccountRow = Row<"batch_account"> & {
  readonly resource_group: string;
  readonly subscription_id: string;
  readonly tenant_id: string;
};

const placedAccounts = (db: Builder) =>
  db
    .selectFrom("batch_account")
    .innerJoin("resource_group", "resource_group.key", "batch_account.resource_group_key")
    .innerJoin("subscription", "subscription.id", "resource_group.subscription_id")
    .selectAll("batch_account")
    .select([
      "resource_group.name as resource_group",
      "resource_group.subscription_id",
      "subscription.tenant_id",
    ])
    .orderBy("batch_account.key");

export const accountsAll = statement<Record<never, never>>()(placedAccounts);

export const accountsOfSubscription = statement<{ subscription_id: string }>()((db, p) =>
  placedAccounts(db).where("resource_group.subscription_id", "=", p.subscription_id),
);

export const accountsOfResourceGroup = statement<{ resource_group_key: number }>()((db, p) =>
  placedAccounts(db).where("batch_account.resource_group_key", "=", p.resource_group_key),
);

/** @param name lower-case */
export const accountInResourceGroup = statement<{ resource_group_key: number; name: string }>()((db, p) =>
  placedAccounts(db)
    .where("batch_account.resource_group_key", "=", p.resource_group_key)
    .where("batch_account.name", "=", p.name),
);

export const accountByKey = statement<{ key: number }>()((db, p) =>
  placedAccounts(db).where("batch_account.key", "=", p.key),
);

/** @param name lower-case */
export const accountByName = statement<{ name: string }>()((db, p) =>
  placedAccounts(db).where("batch_account.name", "=", p.name),
);

export const accountsDeleting = statement<Record<never, never>>()((db) =>
  placedAccounts(db).where("batch_account.state", "=", "deleting"),
);

export const accountsCountAt = statement<{ subscription_id: string; location: string }>()((db, p) =>
  db
    .selectFrom("batch_account")
    .innerJoin("resource_group", "resource_group.key", "batch_account.resource_group_key")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .where("resource_group.subscription_id", "=", p.subscription_id)
    .where("batch_account.location", "=", p.location),
);

export const resourceGroupsOfSubscription = statement<{ subscription_id: string }>()((db, p) =>
  db
    .selectFrom("resource_group")
    .selectAll()
    .where("subscription_id", "=", p.subscription_id)
    .orderBy("name_lower"),
);

export const resourceGroupByName = statement<{ subscription_id: string; name_lower: string }>()((db, p) =>
  db
    .selectFrom("resource_group")
    .selectAll()
    .where("subscription_id", "=", p.subscription_id)
    .where("name_lower", "=", p.name_lower),
);

/** @param id lower-case */
export const subscriptionById = statement<{ id: string }>()((db, p) =>
  db.selectFrom("subscription").selectAll().where("id", "=", p.id),
);

export const subscriptionsOfTenant = statement<{ tenant_id: string }>()((db, p) =>
  db.selectFrom("subscription").selectAll().where("tenant_id", "=", p.tenant_id).orderBy("id"),
);

export const subscriptionsAll = statement<Record<never, never>>()((db) =>
  db.selectFrom("subscription").selectAll().orderBy("id"),
);

export const subscriptionInsert = statement<Row<"subscription">>()((db, p) =>
  db.insertInto("subscription").values(row(p, "id", "tenant_id", "display_name")),
);

export const resourceGroupInsert = statement<Omit<Row<"resource_group">, "key">>()((db, p) =>
  db
    .insertInto("resource_group")
    .values(
      row(
        p,
        "subscription_id",
        "name",
        "name_lower",
        "location",
        "tags",
        "managed_by",
        "state",
        "created_at",
        "changed_at",
      ),
    )
    .returning("key"),
);

export const accountInsert = statement<Omit<Row<"batch_account">, "key">>()((db, p) =>
  db
    .insertInto("batch_account")
    .values(
      row(
        p,
        "name",
        "resource_group_key",
        "location",
        "sealed_primary_key",
        "sealed_secondary_key",
        "port",
        "created_at",
        "spec",
        "state",
        "changed_at",
      ),
    )
    .returning("key"),
);

/** To another resource group. */
export const accountGroupSet = statement<
  Pick<Row<"batch_account">, "key" | "resource_group_key" | "changed_at">
>()((db, p) =>
  db
    .updateTable("batch_account")
    .set(row(p, "resource_group_key", "changed_at"))
    .where("key", "=", p.key),
);

export const resourceGroupSet = statement<
  Pick<Row<"resource_group">, "key" | "tags" | "managed_by" | "changed_at">
>()((db, p) =>
  db
    .updateTable("resource_group")
    .set(row(p, "tags", "managed_by", "changed_at"))
    .where("key", "=", p.key),
);

export const resourceGroupDeleting = statement<{ key: number; now: number }>()((db, p) =>
  db.updateTable("resource_group").set({ state: "deleting", changed_at: p.now }).where("key", "=", p.key),
);

export const resourceGroupByKey = statement<{ key: number }>()((db, p) =>
  db
    .selectFrom("resource_group")
    .innerJoin("subscription", "subscription.id", "resource_group.subscription_id")
    .selectAll("resource_group")
    .select("subscription.tenant_id")
    .where("resource_group.key", "=", p.key),
);

export const resourceGroupsDeleting = statement<Record<never, never>>()((db) =>
  db.selectFrom("resource_group").select("key").where("state", "=", "deleting"),
);

export const resourceGroupDelete = statement<{ key: number }>()((db, p) =>
  db.deleteFrom("resource_group").where("key", "=", p.key),
);

export const accountSpecSet = statement<Pick<Row<"batch_account">, "key" | "spec" | "changed_at">>()(
  (db, p) =>
    db
      .updateTable("batch_account")
      .set(row(p, "spec", "changed_at"))
      .where("key", "=", p.key),
);

export const accountKeysSet = statement<
  Pick<Row<"batch_account">, "key" | "sealed_primary_key" | "sealed_secondary_key">
>()((db, p) =>
  db
    .updateTable("batch_account")
    .set(row(p, "sealed_primary_key", "sealed_secondary_key"))
    .where("key", "=", p.key),
);

export const accountStateSet = statement<{ key: number; state: string; now: number }>()((db, p) =>
  db.updateTable("batch_account").set({ state: p.state, changed_at: p.now }).where("key", "=", p.key),
);

/** What of an account needs no farewell, one statement per table. */
export const accountRecordsDelete = [
  statement<{ key: number }>()((db, p) =>
    db.deleteFrom("batch_application").where("account_key", "=", p.key),
  ),
  statement<{ key: number }>()((db, p) => db.deleteFrom("certificate").where("account_key", "=", p.key)),
  statement<{ key: number }>()((db, p) => db.deleteFrom("node_usage").where("account_key", "=", p.key)),
  statement<{ key: number }>()((db, p) => db.deleteFrom("account_usage").where("account_key", "=", p.key)),
  statement<{ key: number }>()((db, p) => db.deleteFrom("account_hour").where("account_key", "=", p.key)),
];

export const accountDelete = statement<{ key: number }>()((db, p) =>
  db.deleteFrom("batch_account").where("key", "=", p.key),
);

export const accountPortSet = statement<{ key: number; port: number }>()((db, p) =>
  db.updateTable("batch_account").set({ port: p.port }).where("key", "=", p.key),
);

export const settingGet = statement<{ name: string }>()((db, p) =>
  db.selectFrom("setting").select("value").where("name", "=", p.name),
);

export const settingPut = statement<{ name: string; value: string }>()((db, p) =>
  db
    .insertInto("setting")
    .values(row(p, "name", "value"))
    .onConflict((conflict) => conflict.column("name").doUpdateSet({ value: p.value })),
);
