/** Storage accounts: where they stand and their two keys. What is in them is not in this database. */
import type { Migration } from "./migration.ts";

export const storage: Migration = ({ identity, integer }) => [
  `create table storage_account (key ${identity}, name text not null unique, resource_group_key ${integer} not null
     references resource_group(key) on delete cascade, location text not null, sealed_key1 text not null,
     sealed_key2 text not null, tags text not null, spec text not null, created_at ${integer} not null)`,
];
