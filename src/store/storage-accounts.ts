/** Statements about storage accounts. */

import { type Builder, row, statement } from "./engine/statement.ts";
import type { Row } from "./schema.ts";

export type StorageAccountRow = Row<"storage_account"> & {
  readonly resource_group: string;
  readonly subscription_id: string;
  readonly tenant_id: string;
};

const placed = (db: Builder) =>
  db
    .selectFrom("storage_account")
    .innerJoin("resource_group", "resource_group.key", "storage_account.resource_group_key")
    .innerJoin("subscription", "subscription.id", "resource_group.subscription_id")
    .selectAll("storage_account")
    .select([
      "resource_group.name as resource_group",
      "resource_group.subscription_id",
      "subscription.tenant_id",
    ])
    .orderBy("storage_account.key");

export const storageAccountsAll = statement<Record<never, never>>()(placed);

/** @param name lower-case */
export const storageAccountByName = statement<{ name: string }>()((db, p) =>
  placed(db).where("storage_account.name", "=", p.name),
);

export const storageAccountInsert = statement<Omit<Row<"storage_account">, "key">>()((db, p) =>
  db
    .insertInto("storage_account")
    .values(
      row(
        p,
        "name",
        "resource_group_key",
        "location",
        "sealed_key1",
        "sealed_key2",
        "tags",
        "spec",
        "created_at",
      ),
    ),
);

export const storageAccountSet = statement<Pick<Row<"storage_account">, "key" | "tags" | "spec">>()((db, p) =>
  db
    .updateTable("storage_account")
    .set(row(p, "tags", "spec"))
    .where("key", "=", p.key),
);

/** To another resource group. */
export const storageAccountGroupSet = statement<Pick<Row<"storage_account">, "key" | "resource_group_key">>()(
  (db, p) => db.updateTable("storage_account").set(row(p, "resource_group_key")).where("key", "=", p.key),
);

export const storageAccountKeysSet = statement<
  Pick<Row<"storage_account">, "key" | "sealed_key1" | "sealed_key2">
>()((db, p) =>
  db
    .updateTable("storage_account")
    .set(row(p, "sealed_key1", "sealed_key2"))
    .where("key", "=", p.key),
);

export const storageAccountDelete = statement<{ key: number }>()((db, p) =>
  db.deleteFrom("storage_account").where("key", "=", p.key),
);
