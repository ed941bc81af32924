/** Statements about what was granted: delegated permissions, app roles, directory roles. */

import { row, statement } from "./engine/statement.ts";
import type { Row } from "./schema.ts";

export type DelegatedGrantRow = Row<"delegated_grant">;
export type AppRoleAssignmentRow = Row<"app_role_assignment">;
export type DirectoryRoleMemberRow = Row<"directory_role_member">;

export const delegatedGrantsOfTenant = statement<{ tenant_id: string }>()((db, p) =>
  db.selectFrom("delegated_grant").selectAll().where("tenant_id", "=", p.tenant_id).orderBy("id"),
);

export const delegatedGrantsOfClient = statement<{ client_id: string }>()((db, p) =>
  db.selectFrom("delegated_grant").selectAll().where("client_id", "=", p.client_id).orderBy("id"),
);

export const delegatedGrantById = statement<{ tenant_id: string; id: string }>()((db, p) =>
  db.selectFrom("delegated_grant").selectAll().where("tenant_id", "=", p.tenant_id).where("id", "=", p.id),
);

export const delegatedGrantInsert = statement<DelegatedGrantRow>()((db, p) =>
  db
    .insertInto("delegated_grant")
    .values(row(p, "id", "tenant_id", "client_id", "resource_id", "principal_id", "scope", "created_at")),
);

export const delegatedGrantScopeSet = statement<{ id: string; scope: string }>()((db, p) =>
  db.updateTable("delegated_grant").set({ scope: p.scope }).where("id", "=", p.id),
);

export const delegatedGrantRowDelete = statement<{ id: string }>()((db, p) =>
  db.deleteFrom("delegated_grant").where("id", "=", p.id),
);

export const appRoleAssignmentsOfPrincipal = statement<{ principal_id: string }>()((db, p) =>
  db.selectFrom("app_role_assignment").selectAll().where("principal_id", "=", p.principal_id).orderBy("id"),
);

export const appRoleAssignmentsOfResource = statement<{ resource_id: string }>()((db, p) =>
  db.selectFrom("app_role_assignment").selectAll().where("resource_id", "=", p.resource_id).orderBy("id"),
);

export const appRoleAssignmentInsert = statement<AppRoleAssignmentRow>()((db, p) =>
  db
    .insertInto("app_role_assignment")
    .values(
      row(p, "id", "tenant_id", "principal_id", "principal_type", "resource_id", "app_role_id", "created_at"),
    ),
);

export const appRoleAssignmentDelete = statement<{ tenant_id: string; id: string }>()((db, p) =>
  db.deleteFrom("app_role_assignment").where("tenant_id", "=", p.tenant_id).where("id", "=", p.id),
);

export const directoryRolesOfPrincipal = statement<{ tenant_id: string; principal_id: string }>()((db, p) =>
  db
    .selectFrom("directory_role_member")
    .select("role_template_id")
    .where("tenant_id", "=", p.tenant_id)
    .where("principal_id", "=", p.principal_id),
);

export const directoryRoleMembers = statement<{ tenant_id: string }>()((db, p) =>
  db
    .selectFrom("directory_role_member")
    .selectAll()
    .where("tenant_id", "=", p.tenant_id)
    .orderBy("role_template_id"),
);

export const directoryRoleMemberInsert = statement<DirectoryRoleMemberRow>()((db, p) =>
  db
    .insertInto("directory_role_member")
    .values(row(p, "tenant_id", "role_template_id", "principal_id", "principal_type"))
    .onConflict((conflict) =>
      conflict.columns(["tenant_id", "role_template_id", "principal_id"]).doNothing(),
    ),
);

export const directoryRoleMemberDelete = statement<Omit<DirectoryRoleMemberRow, "principal_type">>()(
  (db, p) =>
    db
      .deleteFrom("directory_role_member")
      .where("tenant_id", "=", p.tenant_id)
      .where("role_template_id", "=", p.role_template_id)
      .where("principal_id", "=", p.principal_id),
);
