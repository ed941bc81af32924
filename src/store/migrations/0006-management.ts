/**
 * Resource groups and Batch accounts are created, changed and deleted by requests: they have tags and times, and a state, for their contents
 * take a while to go; an account also keeps what it was told to be.
 */
import type { Migration } from "./migration.ts";

export const management: Migration = ({ integer }) => [
  "alter table resource_group add column tags text not null default '{}'",
  "alter table resource_group add column managed_by text",
  "alter table resource_group add column state text not null default 'active'",
  `alter table resource_group add column created_at ${integer} not null default 0`,
  `alter table resource_group add column changed_at ${integer} not null default 0`,

  "alter table batch_account add column spec text not null default '{}'",
  "alter table batch_account add column state text not null default 'active'",
  `alter table batch_account add column changed_at ${integer} not null default 0`,
];
