/** Statements about an account's certificates. */

import { row, statement } from "./engine/statement.ts";
import type { Row } from "./schema.ts";

export type CertificateRow = Row<"certificate">;

export const certificateInsert = statement<
  Pick<CertificateRow, "account_key" | "thumbprint" | "format" | "state_at" | "public_data" | "sealed_data">
>()((db, p) =>
  db
    .insertInto("certificate")
    .values({
      ...row(p, "account_key", "thumbprint", "format", "state_at", "public_data", "sealed_data"),
      state: "active",
    })
    .onConflict((conflict) => conflict.columns(["account_key", "thumbprint"]).doNothing())
    .returningAll(),
);

export const certificateByThumbprint = statement<{ account_key: number; thumbprint: string }>()((db, p) =>
  db
    .selectFrom("certificate")
    .selectAll()
    .where("account_key", "=", p.account_key)
    .where("thumbprint", "=", p.thumbprint),
);

export const certificateByKey = statement<{ key: number }>()((db, p) =>
  db.selectFrom("certificate").selectAll().where("key", "=", p.key),
);

export const certificatesPage = statement<{ account_key: number; after: number; limit: number }>()((db, p) =>
  db
    .selectFrom("certificate")
    .selectAll()
    .where("account_key", "=", p.account_key)
    .where("key", ">", p.after)
    .orderBy("key")
    .limit(p.limit),
);

/** Of all accounts: those that have been on their way out for long enough. */
export const certificatesDeleting = statement<{ until: number; limit: number }>()((db, p) =>
  db
    .selectFrom("certificate")
    .selectAll()
    .where("state", "=", "deleting")
    .where("state_at", "<=", p.until)
    .limit(p.limit),
);

export const certificateStateSet = statement<
  Pick<CertificateRow, "key" | "state" | "delete_error"> & { now: number }
>()((db, p) =>
  db
    .updateTable("certificate")
    .set((eb) => ({
      previous_state: eb.ref("state"),
      previous_state_at: eb.ref("state_at"),
      state: p.state,
      state_at: p.now,
      delete_error: p.delete_error,
    }))
    .where("key", "=", p.key),
);

/** The same certificate in another envelope: another format or password. */
export const certificateDataSet = statement<
  Pick<CertificateRow, "key" | "format" | "public_data" | "sealed_data">
>()((db, p) =>
  db
    .updateTable("certificate")
    .set(row(p, "format", "public_data", "sealed_data"))
    .where("key", "=", p.key),
);

export const certificateDelete = statement<{ key: number }>()((db, p) =>
  db.deleteFrom("certificate").where("key", "=", p.key),
);

/** Pools whose document may name a certificate; the caller looks closer. */
export const poolsWithCertificates = statement<{ account_key: number }>()((db, p) =>
  db
    .selectFrom("pool")
    .select(["id", "spec"])
    .where("account_key", "=", p.account_key)
    .where("spec", "like", '%"certificateReferences":[{%')
    .orderBy("key"),
);
