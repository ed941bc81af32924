/**
 * User-assigned managed identities and who may federate into them. `pool.identities` is what the pool declares, `node.identities`
 * what the node came up with; both are JSON lists of the resource id as it was given and the identity's key, null for none.
 */
import type { Migration } from "./migration.ts";

export const identities: Migration = ({ identity, integer }) => [
  `create table user_assigned_identity (key ${identity}, resource_group_key ${integer} not null
     references resource_group(key) on delete cascade, name text not null, name_lower text not null,
     location text not null, tags text not null, client_id text not null unique, principal_id text not null unique,
     created_at ${integer} not null, unique (resource_group_key, name_lower))`,
  `create table identity_federated_credential (key ${identity}, identity_key ${integer} not null
     references user_assigned_identity(key) on delete cascade, name text not null, name_lower text not null,
     issuer text not null, subject text not null, audiences text not null, unique (identity_key, name_lower),
     unique (identity_key, issuer, subject))`,
  "alter table pool add column identities text",
  "alter table node add column identities text",
];
