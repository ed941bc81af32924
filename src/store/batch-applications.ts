/** Statements about the applications of Batch accounts, and their packages. */

import { row, statement } from "./engine/statement.ts";
import type { Row } from "./schema.ts";

export type BatchApplicationRow = Row<"batch_application">;
export type BatchPackageRow = Row<"batch_application_package">;

type ApplicationName = Pick<BatchApplicationRow, "account_key" | "lower_name">;
type PackageName = Pick<BatchPackageRow, "application_key" | "lower_name">;

export const batchApplicationByName = statement<ApplicationName>()((db, p) =>
  db
    .selectFrom("batch_application")
    .selectAll()
    .where("account_key", "=", p.account_key)
    .where("lower_name", "=", p.lower_name),
);

export const batchApplicationsPage = statement<{ account_key: number; after: number; limit: number }>()(
  (db, p) =>
    db
      .selectFrom("batch_application")
      .selectAll()
      .where("account_key", "=", p.account_key)
      .where("key", ">", p.after)
      .orderBy("key")
      .limit(p.limit),
);

export const batchApplicationInsert = statement<Omit<BatchApplicationRow, "key" | "version">>()((db, p) =>
  db.insertInto("batch_application").values({
    ...row(
      p,
      "account_key",
      "name",
      "lower_name",
      "display_name",
      "allow_updates",
      "default_version",
      "created_at",
      "modified_at",
    ),
    version: 1,
  }),
);

export const batchApplicationUpdate = statement<
  Pick<BatchApplicationRow, "key" | "display_name" | "allow_updates" | "default_version" | "modified_at">
>()((db, p) =>
  db
    .updateTable("batch_application")
    .set((eb) => ({
      ...row(p, "display_name", "allow_updates", "default_version", "modified_at"),
      version: eb("version", "+", 1),
    }))
    .where("key", "=", p.key),
);

/** Nodes can have other packages of it than before. */
export const batchApplicationTouch = statement<Pick<BatchApplicationRow, "key" | "modified_at">>()((db, p) =>
  db
    .updateTable("batch_application")
    .set((eb) => ({ modified_at: p.modified_at, version: eb("version", "+", 1) }))
    .where("key", "=", p.key),
);

export const batchApplicationDelete = statement<{ key: number }>()((db, p) =>
  db.deleteFrom("batch_application").where("key", "=", p.key),
);

export const batchPackageByName = statement<PackageName>()((db, p) =>
  db
    .selectFrom("batch_application_package")
    .selectAll()
    .where("application_key", "=", p.application_key)
    .where("lower_name", "=", p.lower_name),
);

export const batchPackagesOfApplication = statement<{ application_key: number }>()((db, p) =>
  db
    .selectFrom("batch_application_package")
    .selectAll()
    .where("application_key", "=", p.application_key)
    .orderBy("key"),
);

export const batchPackageInsert = statement<
  Omit<BatchPackageRow, "key" | "version" | "state" | "format" | "activated_at">
>()((db, p) =>
  db.insertInto("batch_application_package").values({
    ...row(p, "application_key", "name", "lower_name", "storage_account", "container", "blob", "created_at"),
    state: "pending",
    version: 1,
  }),
);

/** Waits for another archive. */
export const batchPackageRenew = statement<
  Pick<BatchPackageRow, "key" | "storage_account" | "container" | "blob">
>()((db, p) =>
  db
    .updateTable("batch_application_package")
    .set((eb) => ({
      ...row(p, "storage_account", "container", "blob"),
      state: "pending",
      format: null,
      activated_at: null,
      version: eb("version", "+", 1),
    }))
    .where("key", "=", p.key),
);

export const batchPackageActivate = statement<{ key: number; format: string; now: number }>()((db, p) =>
  db
    .updateTable("batch_application_package")
    .set((eb) => ({
      state: "active",
      format: p.format,
      activated_at: p.now,
      version: eb("version", "+", 1),
    }))
    .where("key", "=", p.key),
);

export const batchPackageDelete = statement<{ key: number }>()((db, p) =>
  db.deleteFrom("batch_application_package").where("key", "=", p.key),
);

export const activeVersionsOfAccount = statement<{ account_key: number }>()((db, p) =>
  db
    .selectFrom("batch_application_package")
    .innerJoin("batch_application", "batch_application.key", "batch_application_package.application_key")
    .select(["batch_application_package.application_key", "batch_application_package.name"])
    .where("batch_application.account_key", "=", p.account_key)
    .where("batch_application_package.state", "=", "active")
    .orderBy("batch_application_package.key"),
);
