/** Statements about users, groups and their members. */

import { row, statement } from "./engine/statement.ts";
import type { Row } from "./schema.ts";

export type UserRow = Row<"user">;
export type GroupRow = Row<"group">;
export type GroupMemberRow = Row<"group_member">;

export const userInsert = statement<UserRow>()((db, p) =>
  db
    .insertInto("user")
    .values(
      row(
        p,
        "object_id",
        "tenant_id",
        "user_principal_name",
        "display_name",
        "password",
        "enabled",
        "created_at",
        "profile",
        "failed_sign_ins",
        "locked_until",
        "sessions_valid_from",
      ),
    )
    .onConflict((conflict) => conflict.column("user_principal_name").doNothing()),
);

/** @param user_principal_name lower-case */
export const userByPrincipalName = statement<{ user_principal_name: string }>()((db, p) =>
  db.selectFrom("user").selectAll().where("user_principal_name", "=", p.user_principal_name),
);

export const userByObjectId = statement<{ tenant_id: string; object_id: string }>()((db, p) =>
  db.selectFrom("user").selectAll().where("tenant_id", "=", p.tenant_id).where("object_id", "=", p.object_id),
);

/** By object id. */
export const usersPage = statement<{ tenant_id: string; after: string; limit: number }>()((db, p) =>
  db
    .selectFrom("user")
    .selectAll()
    .where("tenant_id", "=", p.tenant_id)
    .where("object_id", ">", p.after)
    .orderBy("object_id")
    .limit(p.limit),
);

export const usersCount = statement<{ tenant_id: string }>()((db, p) =>
  db
    .selectFrom("user")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("tenant_id", "=", p.tenant_id),
);

export const userRowUpdate = statement<
  Pick<UserRow, "object_id" | "user_principal_name" | "display_name" | "enabled" | "profile">
>()((db, p) =>
  db
    .updateTable("user")
    .set({
      user_principal_name: p.user_principal_name,
      display_name: p.display_name,
      enabled: p.enabled,
      profile: p.profile,
    })
    .where("object_id", "=", p.object_id),
);

/** A new password ends the lock-out and every session. */
export const userPasswordHashSet = statement<
  Pick<UserRow, "object_id" | "password" | "sessions_valid_from">
>()((db, p) =>
  db
    .updateTable("user")
    .set({
      password: p.password,
      sessions_valid_from: p.sessions_valid_from,
      failed_sign_ins: 0,
      locked_until: 0,
    })
    .where("object_id", "=", p.object_id),
);

export const userSessionsRevokedSet = statement<Pick<UserRow, "object_id" | "sessions_valid_from">>()(
  (db, p) =>
    db
      .updateTable("user")
      .set({ sessions_valid_from: p.sessions_valid_from })
      .where("object_id", "=", p.object_id),
);

export const userLockOutSet = statement<Pick<UserRow, "object_id" | "failed_sign_ins" | "locked_until">>()(
  (db, p) =>
    db
      .updateTable("user")
      .set({ failed_sign_ins: p.failed_sign_ins, locked_until: p.locked_until })
      .where("object_id", "=", p.object_id),
);

export const userRowDelete = statement<{ object_id: string }>()((db, p) =>
  db.deleteFrom("user").where("object_id", "=", p.object_id),
);

export const groupInsert = statement<GroupRow>()((db, p) =>
  db
    .insertInto("group")
    .values(row(p, "object_id", "tenant_id", "display_name", "description", "mail_nickname", "created_at"))
    .onConflict((conflict) => conflict.column("object_id").doNothing()),
);

export const groupByObjectId = statement<{ tenant_id: string; object_id: string }>()((db, p) =>
  db
    .selectFrom("group")
    .selectAll()
    .where("tenant_id", "=", p.tenant_id)
    .where("object_id", "=", p.object_id),
);

/** By object id. */
export const groupsPage = statement<{ tenant_id: string; after: string; limit: number }>()((db, p) =>
  db
    .selectFrom("group")
    .selectAll()
    .where("tenant_id", "=", p.tenant_id)
    .where("object_id", ">", p.after)
    .orderBy("object_id")
    .limit(p.limit),
);

export const groupsCount = statement<{ tenant_id: string }>()((db, p) =>
  db
    .selectFrom("group")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("tenant_id", "=", p.tenant_id),
);

export const groupRowUpdate = statement<
  Pick<GroupRow, "object_id" | "display_name" | "description" | "mail_nickname">
>()((db, p) =>
  db
    .updateTable("group")
    .set({ display_name: p.display_name, description: p.description, mail_nickname: p.mail_nickname })
    .where("object_id", "=", p.object_id),
);

export const groupRowDelete = statement<{ object_id: string }>()((db, p) =>
  db.deleteFrom("group").where("object_id", "=", p.object_id),
);

export const groupMembers = statement<{ group_id: string }>()((db, p) =>
  db.selectFrom("group_member").selectAll().where("group_id", "=", p.group_id).orderBy("member_id"),
);

/** The groups that the principal is directly in. */
export const groupsOfMember = statement<{ member_id: string }>()((db, p) =>
  db.selectFrom("group_member").select("group_id").where("member_id", "=", p.member_id),
);

export const groupMemberInsert = statement<GroupMemberRow>()((db, p) =>
  db
    .insertInto("group_member")
    .values(row(p, "group_id", "member_id", "member_type"))
    .onConflict((conflict) => conflict.columns(["group_id", "member_id"]).doNothing()),
);

export const groupMemberDelete = statement<{ group_id: string; member_id: string }>()((db, p) =>
  db.deleteFrom("group_member").where("group_id", "=", p.group_id).where("member_id", "=", p.member_id),
);
