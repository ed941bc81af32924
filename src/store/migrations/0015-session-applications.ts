/** Sessions have a name that applications are told, and know which applications they signed the user in to: those hear of the sign-out. */
import type { Migration } from "./migration.ts";

export const sessionApplications: Migration = () => [
  "alter table sign_in_session add column id text",
  "create unique index sign_in_session_id on sign_in_session (id)",
  `create table sign_in_session_application (
     session_id text not null references sign_in_session(id) on delete cascade, app_id text not null,
     primary key (session_id, app_id))`,
];
