/**
 * What the scheduler and the lists look for, found by an index: jobs in the order in which they are served, tasks that run on a node,
 * the rows of a job, pool or account in the order of their keys, and jobs on their way to another state.
 */
import type { Migration } from "./migration.ts";

/** As the statement that uses it says it, word for word: SQLite knows a partial index by its condition. */
const SERVABLE =
  '"state" = \'active\' and "ready" > 0 and ("max_parallel" = -1 or "running" < "max_parallel")';

export const scheduling: Migration = () => [
  "alter table job add column served integer not null default 0",
  "alter table job add column preemptible integer not null default 0",
  "update job set preemptible = 1 where spec like '%\"allowTaskPreemption\":true%'",
  "alter table pool add column job_order text not null default 'none'",
  "update pool set job_order = 'creationtime' where spec like '%\"jobDefaultOrder\":\"creationtime\"%'",

  "drop index job_pool",
  "create index job_pool on job (account_key, pool_id_lower)",
  `create index job_fair on job (account_key, pool_id_lower, priority desc, running_slots, served, key) where ${SERVABLE}`,
  `create index job_first on job (account_key, pool_id_lower, priority desc, key) where ${SERVABLE}`,
  'create index job_preemptible on job (account_key, pool_id_lower, priority) where "preemptible" = 1 and "running" > 0',

  "drop index job_transient",
  `create index job_transient on job (key)
     where "state" in ('disabling', 'enabling', 'terminating', 'deleting')`,
  "drop index job_deadline",
  `create index job_deadline on job (deadline_at)
     where "state" in ('active', 'disabled', 'disabling') and "deadline_at" is not null`,
  `create index job_over on job (key) where "state" = 'active' and "on_all_tasks_complete" = 'terminatejob'
     and "active" = 0 and "running" = 0`,

  "create index job_account on job (account_key)",
  "create index pool_account on pool (account_key)",
  "create index node_pool on node (pool_key)",
  "create index certificate_account on certificate (account_key)",
  "create index job_node_job on job_node (job_key)",
  "create index job_schedule_account on job_schedule (account_key)",
  "create index node_user_node on node_user (node_key)",
  "create index dependency_due_job on dependency_due (job_key)",
  "create index node_agent on node (agent_id) where agent_id is not null",
  "create index task_job on task (job_key)",
  "create index task_running_node on task (node_key) where \"state\" = 'running'",
  'create index task_kept_node on task (node_key) where "clean_at" is not null',
];
