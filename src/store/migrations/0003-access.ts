/**
 * Role definitions and assignments are named per tenant, and tell who made them and when; denials are kept for a day, so that
 * "why was I refused" outlives a restart.
 */
import type { Migration } from "./migration.ts";

export const access: Migration = ({ identity, integer }) => [
  "alter table role_definition rename to role_definition_1",
  `create table role_definition (tenant_id text not null references tenant(id), id text not null,
     definition text not null, created_at ${integer} not null, created_by text, updated_at ${integer} not null,
     updated_by text, primary key (tenant_id, id))`,
  `insert into role_definition (tenant_id, id, definition, created_at, updated_at)
     select tenant_id, id, definition, 0, 0 from role_definition_1`,
  "drop table role_definition_1",

  "drop index role_assignment_principal",
  "alter table role_assignment rename to role_assignment_1",
  `create table role_assignment (tenant_id text not null references tenant(id), id text not null, scope text not null,
     principal_id text not null, principal_type text not null, role_definition_id text not null, description text,
     created_at ${integer} not null, created_by text, primary key (tenant_id, id))`,
  `insert into role_assignment (tenant_id, id, scope, principal_id, principal_type, role_definition_id, created_at)
     select tenant_id, id, scope, principal_id, principal_type, role_definition_id, created_at from role_assignment_1`,
  "drop table role_assignment_1",
  "create index role_assignment_principal on role_assignment (principal_id)",

  `create table denial (key ${identity}, request_id text not null unique, at ${integer} not null,
     explanation text not null)`,
];
