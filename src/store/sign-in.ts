/** Statements about what sign-in keeps: families, codes, refresh tokens, device codes, sessions. Secrets come in hashed. */

import { row, statement } from "./engine/statement.ts";
import type { Row } from "./schema.ts";

export type SignInFamilyRow = Row<"sign_in_family">;
export type DeviceCodeRow = Row<"device_code">;

export const signInFamilyInsert = statement<SignInFamilyRow>()((db, p) =>
  db
    .insertInto("sign_in_family")
    .values(
      row(p, "id", "tenant_id", "user_id", "app_id", "details", "created_at", "revoked_at", "expires_at"),
    ),
);

export const signInFamilyById = statement<{ id: string }>()((db, p) =>
  db.selectFrom("sign_in_family").selectAll().where("id", "=", p.id),
);

export const signInFamilyRevoke = statement<{ id: string; revoked_at: number }>()((db, p) =>
  db.updateTable("sign_in_family").set({ revoked_at: p.revoked_at }).where("id", "=", p.id),
);

export const signInFamilyExtend = statement<{ id: string; expires_at: number }>()((db, p) =>
  db.updateTable("sign_in_family").set({ expires_at: p.expires_at }).where("id", "=", p.id),
);

export const authorizationCodeInsert = statement<Row<"authorization_code">>()((db, p) =>
  db
    .insertInto("authorization_code")
    .values(row(p, "hash", "family_id", "details", "redeemed_at", "expires_at")),
);

export const authorizationCodeByHash = statement<{ hash: string }>()((db, p) =>
  db.selectFrom("authorization_code").selectAll().where("hash", "=", p.hash),
);

export const authorizationCodeUsed = statement<{ hash: string; redeemed_at: number }>()((db, p) =>
  db.updateTable("authorization_code").set({ redeemed_at: p.redeemed_at }).where("hash", "=", p.hash),
);

export const refreshTokenInsert = statement<Row<"refresh_token">>()((db, p) =>
  db.insertInto("refresh_token").values(row(p, "hash", "family_id", "scope", "expires_at")),
);

export const refreshTokenByHash = statement<{ hash: string }>()((db, p) =>
  db.selectFrom("refresh_token").selectAll().where("hash", "=", p.hash),
);

export const deviceCodeInsert = statement<DeviceCodeRow>()((db, p) =>
  db
    .insertInto("device_code")
    .values(
      row(
        p,
        "hash",
        "user_code_hash",
        "tenant_id",
        "app_id",
        "details",
        "state",
        "user_id",
        "auth_at",
        "polled_at",
        "interval_seconds",
        "expires_at",
      ),
    ),
);

export const deviceCodeByHash = statement<{ hash: string }>()((db, p) =>
  db.selectFrom("device_code").selectAll().where("hash", "=", p.hash),
);

export const deviceCodeByUserCode = statement<{ user_code_hash: string }>()((db, p) =>
  db.selectFrom("device_code").selectAll().where("user_code_hash", "=", p.user_code_hash),
);

export const deviceCodeDecided = statement<
  Pick<DeviceCodeRow, "hash" | "state" | "tenant_id" | "user_id" | "auth_at">
>()((db, p) =>
  db
    .updateTable("device_code")
    .set({ state: p.state, tenant_id: p.tenant_id, user_id: p.user_id, auth_at: p.auth_at })
    .where("hash", "=", p.hash),
);

export const deviceCodePolled = statement<Pick<DeviceCodeRow, "hash" | "polled_at" | "interval_seconds">>()(
  (db, p) =>
    db
      .updateTable("device_code")
      .set({ polled_at: p.polled_at, interval_seconds: p.interval_seconds })
      .where("hash", "=", p.hash),
);

export const sessionInsert = statement<Row<"sign_in_session">>()((db, p) =>
  db
    .insertInto("sign_in_session")
    .values(row(p, "hash", "id", "tenant_id", "user_id", "auth_at", "expires_at")),
);

export const sessionByHash = statement<{ hash: string }>()((db, p) =>
  db.selectFrom("sign_in_session").selectAll().where("hash", "=", p.hash),
);

export const sessionDelete = statement<{ hash: string }>()((db, p) =>
  db.deleteFrom("sign_in_session").where("hash", "=", p.hash),
);

/** Adds the application to a session; to one that is there no more, nothing. */
export const sessionApplicationInsert = statement<Row<"sign_in_session_application">>()((db, p) =>
  db
    .insertInto("sign_in_session_application")
    .columns(["session_id", "app_id"])
    .expression((eb) =>
      eb
        .selectFrom("sign_in_session")
        .select((select) => ["id" as const, select.val(p.app_id).as("app_id")])
        .where("id", "=", p.session_id),
    )
    .onConflict((conflict) => conflict.columns(["session_id", "app_id"]).doNothing()),
);

export const sessionApplications = statement<{ session_id: string }>()((db, p) =>
  db
    .selectFrom("sign_in_session_application")
    .select("app_id")
    .where("session_id", "=", p.session_id)
    .orderBy("app_id"),
);

/** Deleting a family takes its codes and refresh tokens along. */
export const signInFamiliesExpired = statement<{ now: number }>()((db, p) =>
  db.deleteFrom("sign_in_family").where("expires_at", "<", p.now),
);

export const deviceCodesExpired = statement<{ now: number }>()((db, p) =>
  db.deleteFrom("device_code").where("expires_at", "<", p.now),
);

export const sessionsExpired = statement<{ now: number }>()((db, p) =>
  db.deleteFrom("sign_in_session").where("expires_at", "<", p.now),
);
