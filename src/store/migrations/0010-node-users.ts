/** Users who may log in to compute nodes. They go with their node. */
import type { Migration } from "./migration.ts";

export const nodeUsers: Migration = ({ identity, integer }) => [
  `create table node_user (key ${identity}, node_key ${integer} not null references node(key) on delete cascade, name text not null,
     is_admin ${integer} not null, password_hash text, ssh_public_key text, expires_at ${integer} not null,
     is_expired ${integer} not null, unique (node_key, name))`,
];
