/** Statements about custom role definitions. */

import { row, statement } from "./engine/statement.ts";
import type { Row } from "./schema.ts";

export type RoleDefinitionRow = Row<"role_definition">;

export const roleDefinitionsOfTenant = statement<{ tenant_id: string }>()((db, p) =>
  db.selectFrom("role_definition").selectAll().where("tenant_id", "=", p.tenant_id),
);

/** Inserts, or replaces all but who created it and when. */
export const roleDefinitionPut = statement<RoleDefinitionRow>()((db, p) =>
  db
    .insertInto("role_definition")
    .values(row(p, "tenant_id", "id", "definition", "created_at", "created_by", "updated_at", "updated_by"))
    .onConflict((conflict) =>
      conflict.columns(["tenant_id", "id"]).doUpdateSet(row(p, "definition", "updated_at", "updated_by")),
    ),
);

export const roleDefinitionDelete = statement<{ tenant_id: string; id: string }>()((db, p) =>
  db.deleteFrom("role_definition").where("tenant_id", "=", p.tenant_id).where("id", "=", p.id),
);
