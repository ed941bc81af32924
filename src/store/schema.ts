/**
 * The tables as TypeScript sees them; `migrations/` makes them. Times are milliseconds since the epoch, documents JSON text,
 * flags 0 or 1.
 */
import type { Generated, Selectable } from "kysely";
import type { DirectorySchema } from "./directory-schema.ts";

/** What the attempts of tasks that have ended used, those of tasks that have been deleted since among them. */
export interface WorkUsage {
  /** Microseconds of a processor. */
  user_time: Generated<number>;
  kernel_time: Generated<number>;
  /** From each attempt's start to its end. */
  wall_time: Generated<number>;
  /** From a task's creation to the start of its last attempt. */
  wait_time: Generated<number>;
  /** Of 512 bytes. */
  blocks_read: Generated<number>;
  blocks_written: Generated<number>;
  runs_succeeded: Generated<number>;
  runs_failed: Generated<number>;
  runs_retried: Generated<number>;
}

/** What the attempts of tasks that have ended used of the nodes on which they ran. */
export interface NodeLoad {
  /** Microseconds of a processor, user and kernel. */
  cpu_time: Generated<number>;
  /** Of 512 bytes. */
  disk_blocks_read: Generated<number>;
  disk_blocks_written: Generated<number>;
  /** GiB times milliseconds: of each attempt the memory of its largest process, for as long as it ran. */
  memory_time: Generated<number>;
  /** GiB, of the largest process of all. */
  memory_peak: Generated<number>;
}

/** Of nodes that have left their pools. */
export interface GoneNodesLoad extends NodeLoad {
  /** Milliseconds for which they were there, and as much times their cores. */
  node_time: Generated<number>;
  core_time: Generated<number>;
}

export interface Schema extends DirectorySchema {
  setting: { name: string; value: string };
  sign_in_family: {
    id: string;
    tenant_id: string;
    user_id: string;
    app_id: string;
    details: string;
    created_at: number;
    revoked_at: number | null;
    expires_at: number;
  };
  authorization_code: {
    hash: string;
    family_id: string;
    details: string;
    redeemed_at: number | null;
    expires_at: number;
  };
  refresh_token: {
    hash: string;
    family_id: string;
    scope: string;
    expires_at: number;
  };
  device_code: {
    hash: string;
    user_code_hash: string;
    /** Null until a user of some tenant has signed in, where the request named none. */
    tenant_id: string | null;
    app_id: string;
    details: string;
    /** `pending`, `approved`, `declined` or `redeemed`. */
    state: string;
    user_id: string | null;
    auth_at: number | null;
    polled_at: number | null;
    interval_seconds: number;
    expires_at: number;
  };
  sign_in_session: {
    hash: string;
    /** As applications are told it; null in what an older program began. */
    id: string | null;
    tenant_id: string;
    user_id: string;
    auth_at: number;
    expires_at: number;
  };
  /** Which applications got something in a session. */
  sign_in_session_application: { session_id: string; app_id: string };
  signing_key: {
    kid: string;
    created_at: number;
    sealed_key: string;
    public_jwk: string;
    state: string;
    /** From then on it signs; until then it is only published. */
    active_from: number;
  };
  subscription: { id: string; tenant_id: string; display_name: string };
  resource_group: {
    key: Generated<number>;
    subscription_id: string;
    name: string;
    name_lower: string;
    location: string;
    /** JSON. */
    tags: string;
    managed_by: string | null;
    /** `active` or `deleting`. */
    state: string;
    created_at: number;
    changed_at: number;
  };
  user_assigned_identity: {
    key: Generated<number>;
    resource_group_key: number;
    name: string;
    name_lower: string;
    location: string;
    /** JSON object of strings. */
    tags: string;
    client_id: string;
    principal_id: string;
    created_at: number;
  };
  identity_federated_credential: {
    key: Generated<number>;
    identity_key: number;
    name: string;
    name_lower: string;
    issuer: string;
    subject: string;
    /** JSON list of strings. */
    audiences: string;
  };
  storage_account: {
    key: Generated<number>;
    /** Lower-case. */
    name: string;
    resource_group_key: number;
    location: string;
    sealed_key1: string;
    sealed_key2: string;
    /** JSON object of strings. */
    tags: string;
    /** `StorageAccountSpec` of core/storage. */
    spec: string;
    created_at: number;
  };
  batch_account: {
    key: Generated<number>;
    name: string;
    resource_group_key: number;
    location: string;
    sealed_primary_key: string;
    sealed_secondary_key: string;
    /** The account's own TLS port; kept so that its URL outlives a restart. */
    port: number | null;
    created_at: number;
    /** `AccountSpec` of core/management. */
    spec: string;
    /** `active` or `deleting`. */
    state: string;
    changed_at: number;
  };
  role_definition: {
    tenant_id: string;
    /** The GUID, lower case. */
    id: string;
    definition: string;
    created_at: number;
    /** Object id; null for what the seed made. */
    created_by: string | null;
    updated_at: number;
    updated_by: string | null;
  };
  role_assignment: {
    tenant_id: string;
    /** The GUID, lower case. */
    id: string;
    scope: string;
    principal_id: string;
    principal_type: string;
    /** The GUID that ends the role definition's id, lower case. */
    role_definition_id: string;
    description: string | null;
    created_at: number;
    /** Object id; null for what the seed made. */
    created_by: string | null;
  };
  denial: {
    key: Generated<number>;
    request_id: string;
    at: number;
    /** What the request's sender lacked, as JSON. */
    explanation: string;
  };
  pool: {
    key: Generated<number>;
    account_key: number;
    id: string;
    id_lower: string;
    state: string;
    state_at: number;
    allocation_state: string;
    allocation_at: number;
    created_at: number;
    modified_at: number;
    version: number;
    spec: string;
    target_dedicated: number;
    target_low_priority: number;
    /** `PoolResize` of core/lifecycle: what the last resize asked for, and its errors. */
    resize: string | null;
    slots_per_node: number;
    /** `spread` or `pack`. */
    fill: string;
    /** `none` or `creationtime`: between jobs of the same priority. */
    job_order: Generated<string>;
    /** `PoolAutoScale` of core/autoscale: formula, interval, last run; null without automatic scaling. */
    autoscale: string | null;
    /** When the formula is due again. */
    autoscale_at: number | null;
    /** JSON list of `PoolIdentity`; null for none. */
    identities: string | null;
    /** Milliseconds of cores, of dedicated nodes that have left. */
    dedicated_core_time: Generated<number>;
  } & GoneNodesLoad;
  /** What autoscale formulas look back on. */
  pool_sample: { pool_key: number; at: number; figures: string };
  node: {
    key: Generated<number>;
    pool_key: number;
    id: string;
    state: string;
    state_at: number;
    scheduling: string;
    is_dedicated: number;
    allocated_at: number;
    booted_at: number | null;
    agent_id: string | null;
    /** The incarnation of the agent process that hosts the node; another one means that the node is gone. */
    incarnation: string | null;
    info: string;
    /** The deallocation option, once the node leaves its pool. */
    leaving: string | null;
    /** `NodeRestart` of core/lifecycle: why the node goes down and what becomes of its tasks, until it is ready again. */
    restart: string | null;
    start_task: string | null;
    running_tasks: number;
    running_slots: number;
    total_run: number;
    total_succeeded: number;
    /** Among those of its pool, from 0. */
    number: number;
    /** JSON list of `PoolIdentity`: those that tokens are issued for on this node. Null for none. */
    identities: string | null;
  } & NodeLoad;
  /** Somebody who may log in to a node. */
  node_user: {
    key: Generated<number>;
    node_key: number;
    name: string;
    is_admin: number;
    /** crypt(5). */
    password_hash: string | null;
    ssh_public_key: string | null;
    expires_at: number;
    /** 1 once the node has been told so. */
    is_expired: number;
  };
  job: {
    key: Generated<number>;
    account_key: number;
    id: string;
    id_lower: string;
    /** A job names its pool; the pool need not exist yet. */
    pool_id_lower: string;
    state: string;
    state_at: number;
    previous_state: string | null;
    previous_state_at: number | null;
    created_at: number;
    modified_at: number;
    version: number;
    spec: string;
    priority: number;
    /** -1: no limit. */
    max_parallel: number;
    on_all_tasks_complete: string;
    on_task_failure: string;
    started_at: number | null;
    ended_at: number | null;
    terminate_reason: string | null;
    /** What disabling does with running tasks, while state is `disabling`. */
    disable_tasks: string | null;
    /** When maxWallClockTime ends the job. */
    deadline_at: number | null;
    active: number;
    running: number;
    completed: number;
    succeeded: number;
    failed: number;
    active_slots: number;
    running_slots: number;
    completed_slots: number;
    succeeded_slots: number;
    failed_slots: number;
    /** Of `active`, those that wait for nothing but room. */
    ready: number;
    /** Greater than that of all jobs whose tasks were placed before its last one; 0 before its first. */
    served: Generated<number>;
    /** 1: its tasks may be stopped for jobs of a higher priority. */
    preemptible: number;
    /** The pool that was made for the job; `pool_id_lower` names it too. */
    auto_pool_id: string | null;
    schedule_key: number | null;
    /** `SchedulingError` of core/lifecycle: the job's pool could not be made. Null for none. */
    scheduling_error: string | null;
  } & WorkUsage;
  /** A node on which the job's preparation task was started. */
  job_node: {
    key: Generated<number>;
    job_key: number;
    /** The node may have left since. */
    node_key: number;
    node_id: string;
    pool_id: string;
    /** `running`, `succeeded`, `failed`, or `due`: to run again before the job's next task here. */
    preparation_state: string;
    /** `HookRun` of core/lifecycle, as is `release`. */
    preparation: string;
    release: string | null;
  };
  job_schedule: {
    key: Generated<number>;
    account_key: number;
    id: string;
    id_lower: string;
    state: string;
    state_at: number;
    previous_state: string | null;
    previous_state_at: number | null;
    created_at: number;
    modified_at: number;
    version: number;
    spec: string;
    /** The earliest occurrence that has not been served; null when there is none any more. */
    due_at: number | null;
    /** When the schedule is to be looked at again; null: only when it changes. */
    wake_at: number | null;
    /** How many jobs it has made. */
    jobs: number;
    recent_job_id: string | null;
    auto_pool_id: string | null;
    ended_at: number | null;
  } & WorkUsage;
  batch_application: {
    key: Generated<number>;
    account_key: number;
    /** As first written; compared in lower case. */
    name: string;
    lower_name: string;
    display_name: string | null;
    allow_updates: number;
    /** Name of one of its packages. */
    default_version: string | null;
    created_at: number;
    /** Of itself, or of the packages that nodes can have. */
    modified_at: number;
    version: number;
  };
  batch_application_package: {
    key: Generated<number>;
    application_key: number;
    /** The version, as first written; compared in lower case. */
    name: string;
    lower_name: string;
    /** `pending` or `active`. */
    state: string;
    format: string | null;
    /** The storage account that holds its archive. */
    storage_account: string;
    container: string;
    blob: string;
    activated_at: number | null;
    created_at: number;
    version: number;
  };
  certificate: {
    key: Generated<number>;
    account_key: number;
    /** SHA-1, lower-case hex: Batch knows no other algorithm. */
    thumbprint: string;
    format: string;
    state: string;
    state_at: number;
    previous_state: string | null;
    previous_state_at: number | null;
    /** DER in base64. */
    public_data: string;
    /** Data and password as given. */
    sealed_data: string;
    delete_error: string | null;
  };
  /** Over the account's whole life: of its jobs, and of nodes that have left their pools. */
  account_usage: { account_key: number } & WorkUsage & GoneNodesLoad;
  /** Tasks that ended in an hour, which is told by its number since 1970. */
  account_hour: { account_key: number; hour: number; completed: number; failed: number };
  /** One row for each dedicated node that has left its pool. */
  node_usage: {
    key: Generated<number>;
    account_key: number;
    pool_id: string;
    vm_size: string;
    from_at: number;
    to_at: number;
  };
  task: {
    key: Generated<number>;
    job_key: number;
    id: string;
    id_lower: string;
    /** The id as a number where it is one, zeros in front aside: dependency ranges speak of those. */
    id_number: number | null;
    state: string;
    state_at: number;
    previous_state: string | null;
    previous_state_at: number | null;
    created_at: number;
    modified_at: number;
    version: number;
    spec: string;
    required_slots: number;
    /** Dependencies not yet satisfied. */
    blocked: number;
    /** 1 while the task holds its slots on a node whose job preparation task runs. */
    preparing: Generated<number>;
    /** 1 once the task has completed in a way that lets its dependents run. */
    satisfies: number;
    /** Number of the current or last attempt; 0 before the first. */
    attempt: number;
    retry_count: number;
    last_retry_at: number | null;
    requeue_count: number;
    last_requeue_at: number | null;
    node_key: number | null;
    node_id: string | null;
    pool_id: string | null;
    started_at: number | null;
    ended_at: number | null;
    exit_code: number | null;
    result: string | null;
    failure: string | null;
    /** Why the running attempt is being stopped: `terminate`, `requeue` or `delete`. */
    stopping: string | null;
    /** When the retention time of its files ends; null when they are gone or never go. */
    clean_at: number | null;
    /** `TaskUsage` of core/usage: of all attempts that have ended. Null where none has. */
    usage: string | null;
  };
  /** What a task still waits for: another one's id, or a range. What is satisfied has no row. */
  task_dependency: {
    key: Generated<number>;
    task_key: number;
    job_key: number;
    /** Lower-case. */
    on_id: string | null;
    range_key: number | null;
  };
  /** Numbers of a job's tasks that have satisfied their dependents, without a gap from first to last. */
  task_id_run: { job_key: number; first_number: number; last_number: number };
  /** A range that tasks of the job wait for, once however many they are. */
  task_id_range: {
    key: Generated<number>;
    job_key: number;
    first_number: number;
    last_number: number;
    /** The greatest number of it that is not satisfied: until that one is, nothing else needs to be looked at. */
    waits_on: number;
  };
  /** A task that has satisfied its dependents, not all of which have been let go yet. */
  dependency_due: { key: Generated<number>; job_key: number; on_id: string | null; number: number | null };
}

export type Row<Table extends keyof Schema> = Selectable<Schema[Table]>;
