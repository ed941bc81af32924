/** Statements about subscriptions, resource groups and Batch accounts. */
import type { Row } from "./schema.ts";
import { row, statement } from "./statement.ts";

export type AccountRow = Row<"batch_account"> & {
  readonly resource_group: string;
  readonly subscription_id: string;
  readonly tenant_id: string;
};

const accounts = statement<Record<never, never>>()((db) =>
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
    .orderBy("batch_account.key"),
);

export { accounts as accountsAll };

export const subscriptionsAll = statement<Record<never, never>>()((db) =>
  db.selectFrom("subscription").selectAll().orderBy("id"),
);

export const subscriptionInsert = statement<Row<"subscription">>()((db, p) =>
  db.insertInto("subscription").values(row(p, "id", "tenant_id", "display_name")),
);

export const resourceGroupInsert = statement<Omit<Row<"resource_group">, "key">>()((db, p) =>
  db
    .insertInto("resource_group")
    .values(row(p, "subscription_id", "name", "name_lower", "location"))
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
      ),
    )
    .returning("key"),
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
