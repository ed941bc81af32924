/**
 * The first schema. Times are milliseconds since the epoch; documents are JSON text; `id_lower` carries the
 * case-insensitive uniqueness that Batch gives its ids.
 */
import type { Migration } from "./migration.ts";

export const initial: Migration = ({ identity, integer }) => [
  "create table setting (name text primary key, value text not null)",

  // Directory
  "create table tenant (id text primary key, display_name text not null, default_domain text not null)",
  "create table tenant_domain (domain text primary key, tenant_id text not null references tenant(id))",
  `create table application (app_id text primary key, object_id text not null unique,
     tenant_id text not null references tenant(id), display_name text not null, sign_in_audience text not null)`,
  `create table application_secret (key_id text primary key,
     app_id text not null references application(app_id) on delete cascade, hash text not null, hint text not null,
     display_name text, start_at ${integer} not null, end_at ${integer})`,
  "create index application_secret_app on application_secret (app_id)",
  `create table service_principal (object_id text primary key, tenant_id text not null references tenant(id),
     app_id text not null, display_name text not null, enabled integer not null, unique (tenant_id, app_id))`,
  `create table "user" (object_id text primary key, tenant_id text not null references tenant(id),
     user_principal_name text not null unique, display_name text not null, password text not null,
     enabled integer not null)`,
  `create table signing_key (kid text primary key, created_at ${integer} not null, sealed_key text not null,
     public_jwk text not null, state text not null)`,

  // Resources and access
  "create table subscription (id text primary key, tenant_id text not null references tenant(id), display_name text not null)",
  `create table resource_group (key ${identity}, subscription_id text not null references subscription(id),
     name text not null, name_lower text not null, location text not null, unique (subscription_id, name_lower))`,
  `create table batch_account (key ${identity}, name text not null unique, resource_group_key ${integer} not null
     references resource_group(key), location text not null, sealed_primary_key text not null,
     sealed_secondary_key text not null, port integer, created_at ${integer} not null)`,
  `create table role_definition (id text primary key, tenant_id text not null references tenant(id),
     definition text not null)`,
  `create table role_assignment (id text primary key, tenant_id text not null references tenant(id),
     scope text not null, principal_id text not null, principal_type text not null, role_definition_id text not null,
     created_at ${integer} not null)`,
  "create index role_assignment_principal on role_assignment (principal_id)",

  // Pools and nodes
  `create table pool (key ${identity}, account_key ${integer} not null references batch_account(key), id text not null,
     id_lower text not null, state text not null, state_at ${integer} not null, allocation_state text not null,
     allocation_at ${integer} not null, created_at ${integer} not null, modified_at ${integer} not null,
     version integer not null, spec text not null, target_dedicated integer not null,
     target_low_priority integer not null, resize text, slots_per_node integer not null, fill text not null,
     unique (account_key, id_lower))`,
  `create table node (key ${identity}, pool_key ${integer} not null references pool(key) on delete cascade,
     id text not null, state text not null, state_at ${integer} not null, scheduling text not null,
     is_dedicated integer not null, allocated_at ${integer} not null, booted_at ${integer}, agent_id text,
     incarnation text, info text not null, leaving text, start_task text, running_tasks integer not null,
     running_slots integer not null, total_run integer not null, total_succeeded integer not null,
     unique (pool_key, id))`,

  // Jobs and tasks
  `create table job (key ${identity}, account_key ${integer} not null references batch_account(key), id text not null,
     id_lower text not null, pool_id_lower text not null, state text not null, state_at ${integer} not null,
     previous_state text, previous_state_at ${integer}, created_at ${integer} not null, modified_at ${integer} not null,
     version integer not null, spec text not null, priority integer not null, max_parallel integer not null,
     on_all_tasks_complete text not null, on_task_failure text not null, started_at ${integer}, ended_at ${integer},
     terminate_reason text, disable_tasks text, deadline_at ${integer}, active integer not null,
     running integer not null, completed integer not null, succeeded integer not null, failed integer not null,
     active_slots integer not null, running_slots integer not null, completed_slots integer not null,
     succeeded_slots integer not null, failed_slots integer not null, unique (account_key, id_lower))`,
  "create index job_pool on job (account_key, pool_id_lower, priority, key)",
  "create index job_transient on job (state) where state in ('disabling', 'terminating', 'deleting')",
  "create index job_deadline on job (deadline_at) where deadline_at is not null",
  `create table task (key ${identity}, job_key ${integer} not null references job(key), id text not null,
     id_lower text not null, id_number ${integer}, state text not null, state_at ${integer} not null,
     previous_state text, previous_state_at ${integer}, created_at ${integer} not null, modified_at ${integer} not null,
     version integer not null, spec text not null, required_slots integer not null, blocked integer not null,
     satisfies integer not null, attempt integer not null, retry_count integer not null, last_retry_at ${integer},
     requeue_count integer not null, last_requeue_at ${integer}, node_key ${integer}, node_id text, pool_id text,
     started_at ${integer}, ended_at ${integer}, exit_code integer, result text, failure text, stopping text,
     clean_at ${integer}, unique (job_key, id_lower))`,
  "create index task_ready on task (job_key, key) where state = 'active' and blocked = 0",
  "create index task_state on task (job_key, state, key)",
  "create index task_number on task (job_key, id_number) where id_number is not null",
  "create index task_node on task (node_key, key) where node_key is not null",
  "create index task_clean on task (clean_at) where clean_at is not null",
  `create table task_dependency (key ${identity}, task_key ${integer} not null references task(key) on delete cascade,
     job_key ${integer} not null, on_id text, first_number ${integer}, last_number ${integer},
     remaining ${integer} not null)`,
  "create index task_dependency_task on task_dependency (task_key)",
  "create index task_dependency_id on task_dependency (job_key, on_id) where on_id is not null",
  "create index task_dependency_range on task_dependency (job_key, first_number) where on_id is null",
];
