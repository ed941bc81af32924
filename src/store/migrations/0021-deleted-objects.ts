/**
 * What is deleted in a directory and can still be restored: the object's own rows as JSON, and its relations in tables like those that they
 * came from. Kept apart from what there is, so that nothing that looks for an object can find one that is gone.
 */
import type { Migration } from "./migration.ts";

export const deletedObjects: Migration = ({ integer }) => [
  `create table deleted_object (object_id text primary key, tenant_id text not null references tenant(id), type text not null,
     deleted_at ${integer} not null, document text not null)`,
  "create index deleted_object_page on deleted_object (tenant_id, type, object_id)",
  "create index deleted_object_time on deleted_object (deleted_at)",
  `create table deleted_group_member (group_id text not null, member_id text not null, member_type text not null,
     primary key (group_id, member_id))`,
  "create index deleted_group_member_member on deleted_group_member (member_id)",
  `create table deleted_delegated_grant (id text primary key, tenant_id text not null, client_id text not null,
     resource_id text not null, principal_id text, scope text not null, created_at ${integer} not null)`,
  `create table deleted_app_role_assignment (id text primary key, tenant_id text not null, principal_id text not null,
     principal_type text not null, resource_id text not null, app_role_id text not null, created_at ${integer} not null)`,
  "create index deleted_app_role_assignment_principal on deleted_app_role_assignment (principal_id)",
  "create index deleted_app_role_assignment_resource on deleted_app_role_assignment (resource_id)",
  `create table deleted_directory_role_member (tenant_id text not null, role_template_id text not null, principal_id text not null,
     principal_type text not null, primary key (principal_id, role_template_id))`,
  // Whose grants an object's deletion takes with it.
  ...["delegated_grant", "deleted_delegated_grant"].flatMap((table) => [
    `create index ${table}_resource on ${table} (resource_id)`,
    `create index ${table}_holder on ${table} (principal_id)`,
  ]),
  "create index deleted_delegated_grant_client on deleted_delegated_grant (client_id)",
];
