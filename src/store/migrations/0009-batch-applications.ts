/** Applications of Batch accounts and their packages: the records. The archives lie in the account's auto-storage. */
import type { Migration } from "./migration.ts";

export const batchApplications: Migration = ({ identity, integer }) => [
  `create table batch_application (key ${identity}, account_key ${integer} not null references batch_account(key),
     name text not null, lower_name text not null, display_name text, allow_updates ${integer} not null,
     default_version text, created_at ${integer} not null, modified_at ${integer} not null, version ${integer} not null, unique (account_key, lower_name))`,
  `create table batch_application_package (key ${identity}, application_key ${integer} not null
     references batch_application(key) on delete cascade, name text not null, lower_name text not null, state text not null,
     format text, storage_account text not null, container text not null, blob text not null, activated_at ${integer},
     created_at ${integer} not null, version ${integer} not null, unique (application_key, lower_name))`,
];
