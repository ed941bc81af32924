/** Statements about role assignments and custom role definitions. */
import type { Row } from "./schema.ts";
import { row, statement } from "./statement.ts";

export const roleAssignmentsOfPrincipal = statement<{ tenant_id: string; principal_id: string }>()((db, p) =>
  db
    .selectFrom("role_assignment")
    .selectAll()
    .where("principal_id", "=", p.principal_id)
    .where("tenant_id", "=", p.tenant_id),
);

export const roleAssignmentInsert = statement<Row<"role_assignment">>()((db, p) =>
  db
    .insertInto("role_assignment")
    .values(
      row(
        p,
        "id",
        "tenant_id",
        "scope",
        "principal_id",
        "principal_type",
        "role_definition_id",
        "created_at",
      ),
    ),
);

export const roleDefinitionsOfTenant = statement<{ tenant_id: string }>()((db, p) =>
  db.selectFrom("role_definition").selectAll().where("tenant_id", "=", p.tenant_id),
);

export const roleDefinitionInsert = statement<Row<"role_definition">>()((db, p) =>
  db.insertInto("role_definition").values(row(p, "id", "tenant_id", "definition")),
);

export const roleAssignmentsOfTenant = statement<{ tenant_id: string }>()((db, p) =>
  db.selectFrom("role_assignment").selectAll().where("tenant_id", "=", p.tenant_id),
);
