/**
 * What runs by itself: restarts of nodes, autoscale, preparation and release of jobs, job schedules with their pools; and
 * certificates, and what nodes were used for.
 */
import type { Migration } from "./migration.ts";

export const jobSchedules: Migration = ({ identity, integer }) => [
  "alter table node add column restart text",

  "alter table pool add column autoscale text",
  `alter table pool add column autoscale_at ${integer}`,
  "create index pool_autoscale on pool (autoscale_at) where autoscale_at is not null",
  `create table pool_sample (pool_key ${integer} not null references pool(key) on delete cascade, at ${integer} not null,
     figures text not null, primary key (pool_key, at))`,

  "alter table job add column auto_pool_id text",
  `alter table job add column schedule_key ${integer}`,
  "create index job_schedule_jobs on job (schedule_key, key) where schedule_key is not null",
  `alter table task add column preparing ${integer} not null default 0`,
  `create table job_node (key ${identity}, job_key ${integer} not null references job(key) on delete cascade,
     node_key ${integer} not null, node_id text not null, pool_id text not null, preparation_state text not null,
     preparation text not null, release text, unique (job_key, node_key))`,
  "create index job_node_node on job_node (node_key)",

  `create table job_schedule (key ${identity}, account_key ${integer} not null references batch_account(key),
     id text not null, id_lower text not null, state text not null, state_at ${integer} not null, previous_state text,
     previous_state_at ${integer}, created_at ${integer} not null, modified_at ${integer} not null,
     version integer not null, spec text not null, due_at ${integer}, wake_at ${integer}, jobs integer not null,
     recent_job_id text, auto_pool_id text, ended_at ${integer}, unique (account_key, id_lower))`,
  "create index job_schedule_wake on job_schedule (wake_at) where wake_at is not null",

  `create table certificate (key ${identity}, account_key ${integer} not null references batch_account(key),
     thumbprint text not null, format text not null, state text not null, state_at ${integer} not null,
     previous_state text, previous_state_at ${integer}, public_data text not null, sealed_data text not null,
     delete_error text, unique (account_key, thumbprint))`,

  `create table node_usage (key ${identity}, account_key ${integer} not null references batch_account(key),
     pool_id text not null, vm_size text not null, from_at ${integer} not null, to_at ${integer} not null)`,
  "create index node_usage_time on node_usage (account_key, to_at)",
];
