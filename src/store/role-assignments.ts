/** Statements about role assignments. */

import { row, statement } from "./engine/statement.ts";
import type { Row } from "./schema.ts";

export type RoleAssignmentRow = Row<"role_assignment">;

export const roleAssignmentsOfPrincipal = statement<{ tenant_id: string; principal_id: string }>()((db, p) =>
  db
    .selectFrom("role_assignment")
    .selectAll()
    .where("principal_id", "=", p.principal_id)
    .where("tenant_id", "=", p.tenant_id),
);

export const roleAssignmentsOfTenant = statement<{ tenant_id: string }>()((db, p) =>
  db.selectFrom("role_assignment").selectAll().where("tenant_id", "=", p.tenant_id),
);

export const roleAssignmentById = statement<{ tenant_id: string; id: string }>()((db, p) =>
  db.selectFrom("role_assignment").selectAll().where("tenant_id", "=", p.tenant_id).where("id", "=", p.id),
);

/** @param pattern for LIKE, in lower case */
export const roleAssignmentsCountBelow = statement<{ tenant_id: string; pattern: string }>()((db, p) =>
  db
    .selectFrom("role_assignment")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .where("tenant_id", "=", p.tenant_id)
    .where(({ fn }) => fn<string>("lower", ["scope"]), "like", p.pattern),
);

export const roleAssignmentsOfRole = statement<{ tenant_id: string; role_definition_id: string }>()((db, p) =>
  db
    .selectFrom("role_assignment")
    .selectAll()
    .where("tenant_id", "=", p.tenant_id)
    .where("role_definition_id", "=", p.role_definition_id),
);

export const roleAssignmentInsert = statement<RoleAssignmentRow>()((db, p) =>
  db
    .insertInto("role_assignment")
    .values(
      row(
        p,
        "tenant_id",
        "id",
        "scope",
        "principal_id",
        "principal_type",
        "role_definition_id",
        "description",
        "created_at",
        "created_by",
      ),
    ),
);

export const roleAssignmentDelete = statement<{ tenant_id: string; id: string }>()((db, p) =>
  db.deleteFrom("role_assignment").where("tenant_id", "=", p.tenant_id).where("id", "=", p.id),
);
