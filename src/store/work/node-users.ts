/** Statements about the users of compute nodes. */

import { row, statement } from "../engine/statement.ts";
import type { Row } from "../schema.ts";

export type NodeUserRow = Row<"node_user">;

export const nodeUserInsert = statement<Omit<NodeUserRow, "key">>()((db, p) =>
  db
    .insertInto("node_user")
    .values(
      row(p, "node_key", "name", "is_admin", "password_hash", "ssh_public_key", "expires_at", "is_expired"),
    )
    .returning("key"),
);

export const nodeUserByName = statement<{ node_key: number; name: string }>()((db, p) =>
  db.selectFrom("node_user").selectAll().where("node_key", "=", p.node_key).where("name", "=", p.name),
);

export const nodeUsersOfNode = statement<{ node_key: number }>()((db, p) =>
  db.selectFrom("node_user").selectAll().where("node_key", "=", p.node_key).orderBy("key"),
);

/** Users whose time is over and whose nodes have not been told. */
export const nodeUsersDue = statement<{ now: number }>()((db, p) =>
  db.selectFrom("node_user").selectAll().where("is_expired", "=", 0).where("expires_at", "<=", p.now),
);

export const nodeUserSet = statement<
  Pick<NodeUserRow, "key" | "password_hash" | "ssh_public_key" | "expires_at" | "is_expired">
>()((db, p) =>
  db
    .updateTable("node_user")
    .set(row(p, "password_hash", "ssh_public_key", "expires_at", "is_expired"))
    .where("key", "=", p.key),
);

export const nodeUserExpired = statement<{ key: number }>()((db, p) =>
  db.updateTable("node_user").set({ is_expired: 1 }).where("key", "=", p.key),
);

export const nodeUserDelete = statement<{ key: number }>()((db, p) =>
  db.deleteFrom("node_user").where("key", "=", p.key),
);

export const nodeUsersDelete = statement<{ node_key: number }>()((db, p) =>
  db.deleteFrom("node_user").where("node_key", "=", p.node_key),
);
