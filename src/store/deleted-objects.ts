/** Statements about deleted objects of a directory, and about the relations that are set aside with them. */

import type { Expression, ExpressionBuilder, SqlBool } from "kysely";
import { row, statement } from "./engine/statement.ts";
import type { Row, Schema } from "./schema.ts";

export type DeletedObjectRow = Row<"deleted_object">;

export const deletedObjectInsert = statement<DeletedObjectRow>()((db, p) =>
  db.insertInto("deleted_object").values(row(p, "object_id", "tenant_id", "type", "deleted_at", "document")),
);

export const deletedObjectById = statement<{ tenant_id: string; object_id: string }>()((db, p) =>
  db
    .selectFrom("deleted_object")
    .selectAll()
    .where("tenant_id", "=", p.tenant_id)
    .where("object_id", "=", p.object_id),
);

/** By object id. */
export const deletedObjectsPage = statement<{
  tenant_id: string;
  type: string;
  after: string;
  limit: number;
}>()((db, p) =>
  db
    .selectFrom("deleted_object")
    .selectAll()
    .where("tenant_id", "=", p.tenant_id)
    .where("type", "=", p.type)
    .where("object_id", ">", p.after)
    .orderBy("object_id")
    .limit(p.limit),
);

export const deletedObjectsCount = statement<{ tenant_id: string; type: string }>()((db, p) =>
  db
    .selectFrom("deleted_object")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("tenant_id", "=", p.tenant_id)
    .where("type", "=", p.type),
);

/** Those deleted longest ago. @param before epoch milliseconds */
export const deletedObjectsBefore = statement<{ before: number; limit: number }>()((db, p) =>
  db
    .selectFrom("deleted_object")
    .select("object_id")
    .where("deleted_at", "<=", p.before)
    .orderBy("deleted_at")
    .limit(p.limit),
);

export const deletedObjectDelete = statement<{ object_id: string }>()((db, p) =>
  db.deleteFrom("deleted_object").where("object_id", "=", p.object_id),
);

type Place = "live" | "aside";
type Relation = "group_member" | "delegated_grant" | "app_role_assignment" | "directory_role_member";

/** By the relation, the columns in which an object stands. */
const ENDS = {
  group_member: ["group_id", "member_id"],
  delegated_grant: ["client_id", "resource_id", "principal_id"],
  app_role_assignment: ["principal_id", "resource_id"],
  directory_role_member: ["principal_id"],
} as const satisfies { [R in Relation]: readonly (keyof Schema[R])[] };

const COLUMNS = {
  group_member: ["group_id", "member_id", "member_type"],
  delegated_grant: ["id", "tenant_id", "client_id", "resource_id", "principal_id", "scope", "created_at"],
  app_role_assignment: [
    "id",
    "tenant_id",
    "principal_id",
    "principal_type",
    "resource_id",
    "app_role_id",
    "created_at",
  ],
  directory_role_member: ["tenant_id", "role_template_id", "principal_id", "principal_type"],
} as const satisfies { [R in Relation]: readonly (keyof Schema[R])[] };

/** The builder knows a table by its name's type; all that is asked of these tables here is the same. */
type AnyTable = "group_member";
type AnyBuilder = ExpressionBuilder<Schema, AnyTable>;

function tableOf(relation: Relation, place: Place): AnyTable {
  return (place === "live" ? relation : `deleted_${relation}`) as AnyTable;
}

const hasEnd =
  (relation: Relation, objectId: string) =>
  (eb: AnyBuilder): Expression<SqlBool> =>
    eb.or(ENDS[relation].map((column) => eb(column as "group_id", "=", objectId)));

/** Neither end is a deleted object. */
const isWhole =
  (relation: Relation) =>
  (eb: AnyBuilder): Expression<SqlBool> =>
    eb.and(
      ENDS[relation].map((column) =>
        eb.not(
          eb.exists(
            eb
              .selectFrom("deleted_object")
              .select("deleted_object.object_id")
              .whereRef("deleted_object.object_id", "=", column as "group_id"),
          ),
        ),
      ),
    );

type Ended = { object_id: string };

const asideCopy = (relation: Relation) =>
  statement<Ended>()((db, p) =>
    db
      .insertInto(tableOf(relation, "aside"))
      .columns([...COLUMNS[relation]] as "group_id"[])
      .expression(
        db
          .selectFrom(tableOf(relation, "live"))
          .select([...COLUMNS[relation]] as "group_id"[])
          .where(hasEnd(relation, p.object_id)),
      )
      .onConflict((conflict) => conflict.doNothing()),
  );

const backCopy = (relation: Relation) =>
  statement<Ended>()((db, p) =>
    db
      .insertInto(tableOf(relation, "live"))
      .columns([...COLUMNS[relation]] as "group_id"[])
      .expression(
        db
          .selectFrom(tableOf(relation, "aside"))
          .select([...COLUMNS[relation]] as "group_id"[])
          .where(hasEnd(relation, p.object_id))
          .where(isWhole(relation)),
      )
      .onConflict((conflict) => conflict.doNothing()),
  );

const wholeDelete = (relation: Relation) =>
  statement<Ended>()((db, p) =>
    db
      .deleteFrom(tableOf(relation, "aside"))
      .where(hasEnd(relation, p.object_id) as never)
      .where(isWhole(relation) as never),
  );

const endedDelete = (relation: Relation, place: Place) =>
  statement<Ended>()((db, p) =>
    db.deleteFrom(tableOf(relation, place)).where(hasEnd(relation, p.object_id) as never),
  );

export const groupMembersAside = asideCopy("group_member");
export const delegatedGrantsAside = asideCopy("delegated_grant");
export const appRoleAssignmentsAside = asideCopy("app_role_assignment");
export const directoryRolesAside = asideCopy("directory_role_member");

export const groupMembersBack = backCopy("group_member");
export const delegatedGrantsBack = backCopy("delegated_grant");
export const appRoleAssignmentsBack = backCopy("app_role_assignment");
export const directoryRolesBack = backCopy("directory_role_member");

export const groupMembersWholeDelete = wholeDelete("group_member");
export const delegatedGrantsWholeDelete = wholeDelete("delegated_grant");
export const appRoleAssignmentsWholeDelete = wholeDelete("app_role_assignment");
export const directoryRolesWholeDelete = wholeDelete("directory_role_member");

export const groupMembersOfObjectDelete = endedDelete("group_member", "live");
export const delegatedGrantsOfObjectDelete = endedDelete("delegated_grant", "live");
export const appRoleAssignmentsOfObjectDelete = endedDelete("app_role_assignment", "live");
export const directoryRolesOfObjectDelete = endedDelete("directory_role_member", "live");

export const groupMembersAsideDelete = endedDelete("group_member", "aside");
export const delegatedGrantsAsideDelete = endedDelete("delegated_grant", "aside");
export const appRoleAssignmentsAsideDelete = endedDelete("app_role_assignment", "aside");
export const directoryRolesAsideDelete = endedDelete("directory_role_member", "aside");

export const deletedDirectoryRolesOf = statement<{ principal_id: string }>()((db, p) =>
  db
    .selectFrom("deleted_directory_role_member")
    .select("role_template_id")
    .where("principal_id", "=", p.principal_id),
);
