/**
 * The directory in full, and what sign-in keeps. Codes, refresh tokens, device codes and sessions are stored as SHA-256: they
 * have 256 random bits, so that a copied database signs nobody in.
 */
import type { Migration } from "./migration.ts";

export const directory: Migration = ({ integer }) => [
  // `registration` is the application as Graph writes it: platforms, exposed scopes, roles, required permissions.
  "alter table application add column registration text not null default '{}'",
  `alter table application add column created_at ${integer} not null default 0`,
  "create table application_identifier_uri (uri text primary key, app_id text not null references application(app_id) on delete cascade)",
  `create table application_certificate (key_id text primary key,
     app_id text not null references application(app_id) on delete cascade, display_name text, certificate text not null,
     thumbprint_sha1 text not null, thumbprint_sha256 text not null, start_at ${integer} not null, end_at ${integer} not null)`,
  "create index application_certificate_app on application_certificate (app_id)",
  `create table federated_credential (id text primary key,
     app_id text not null references application(app_id) on delete cascade, name text not null, description text,
     issuer text not null, subject text not null, audience text not null, unique (app_id, name), unique (app_id, issuer, subject))`,
  `alter table service_principal add column created_at ${integer} not null default 0`,
  "alter table service_principal add column assignment_required integer not null default 0",

  `alter table "user" add column created_at ${integer} not null default 0`,
  `alter table "user" add column profile text not null default '{}'`,
  `alter table "user" add column failed_sign_ins integer not null default 0`,
  `alter table "user" add column locked_until ${integer} not null default 0`,
  // Refresh tokens and sessions from before are void.
  `alter table "user" add column sessions_valid_from ${integer} not null default 0`,
  `create table "group" (object_id text primary key, tenant_id text not null references tenant(id),
     display_name text not null, description text, mail_nickname text not null, created_at ${integer} not null)`,
  `create table group_member (group_id text not null references "group"(object_id) on delete cascade,
     member_id text not null, member_type text not null, primary key (group_id, member_id))`,
  "create index group_member_member on group_member (member_id)",

  `create table delegated_grant (id text primary key, tenant_id text not null references tenant(id),
     client_id text not null, resource_id text not null, principal_id text, scope text not null, created_at ${integer} not null)`,
  "create unique index delegated_grant_principal on delegated_grant (client_id, resource_id, principal_id) where principal_id is not null",
  "create unique index delegated_grant_all on delegated_grant (client_id, resource_id) where principal_id is null",
  `create table app_role_assignment (id text primary key, tenant_id text not null references tenant(id),
     principal_id text not null, principal_type text not null, resource_id text not null, app_role_id text not null,
     created_at ${integer} not null, unique (principal_id, resource_id, app_role_id))`,
  "create index app_role_assignment_resource on app_role_assignment (resource_id)",
  `create table directory_role_member (tenant_id text not null references tenant(id), role_template_id text not null,
     principal_id text not null, principal_type text not null, primary key (tenant_id, role_template_id, principal_id))`,
  "create index directory_role_member_principal on directory_role_member (principal_id)",

  // Sign-in. A family is what one sign-in led to: its code, then each refresh token in turn.
  `create table sign_in_family (id text primary key, tenant_id text not null, user_id text not null, app_id text not null,
     details text not null, created_at ${integer} not null, revoked_at ${integer}, expires_at ${integer} not null)`,
  "create index sign_in_family_user on sign_in_family (user_id)",
  "create index sign_in_family_expires on sign_in_family (expires_at)",
  `create table authorization_code (hash text primary key,
     family_id text not null references sign_in_family(id) on delete cascade, details text not null,
     redeemed_at ${integer}, expires_at ${integer} not null)`,
  "create index authorization_code_family on authorization_code (family_id)",
  `create table refresh_token (hash text primary key,
     family_id text not null references sign_in_family(id) on delete cascade, scope text not null,
     used_at ${integer}, expires_at ${integer} not null)`,
  "create index refresh_token_family on refresh_token (family_id)",
  `create table device_code (hash text primary key, user_code_hash text not null unique, tenant_id text, app_id text not null,
     details text not null, state text not null, user_id text, auth_at ${integer}, polled_at ${integer},
     interval_seconds integer not null, expires_at ${integer} not null)`,
  "create index device_code_expires on device_code (expires_at)",
  `create table sign_in_session (hash text primary key, tenant_id text not null, user_id text not null,
     auth_at ${integer} not null, expires_at ${integer} not null)`,
  "create index sign_in_session_user on sign_in_session (user_id)",
  "create index sign_in_session_expires on sign_in_session (expires_at)",

  // A key is published before it signs, and after it has stopped.
  `alter table signing_key add column active_from ${integer} not null default 0`,
  "update signing_key set active_from = created_at",
];
