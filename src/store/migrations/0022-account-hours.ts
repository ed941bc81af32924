/** How many tasks of an account ended in each hour, and how many of them failed: what its metrics are made from. */
import type { Migration } from "./migration.ts";

export const accountHours: Migration = ({ integer }) => [
  `create table account_hour (account_key ${integer} not null references batch_account(key), hour ${integer} not null,
     completed ${integer} not null, failed ${integer} not null, primary key (account_key, hour))`,
];
