/**
 * Limits of the Batch service that its descriptions state in words only. Each names its unit and the page of the Azure
 * documentation it was read from; where the reason is ours it says so. Applied to requests by `core/model/property-rules.ts`.
 */

/** Characters; pool, job, job schedule and task ids. "Task - Add". */
export const ID_MAX_CHARACTERS = 64;
/** Letters, digits, hyphens and underscores. Ids differing only in case are the same id. "Task - Add". */
export const ID_PATTERN = /^[A-Za-z0-9_-]{1,64}$/;

/** Characters. "Task - Add". */
export const DISPLAY_NAME_MAX_CHARACTERS = 1024;

/** "Job - Add". */
export const JOB_PRIORITY_MIN = -1000;
export const JOB_PRIORITY_MAX = 1000;

/** -1: retried without limit. Counts retries, not attempts. "Task - Add", TaskConstraints. */
export const TASK_RETRY_COUNT_MIN = -1;

/** -1: as many as the pool holds; 0 is refused. "Job - Add". */
export const MAX_PARALLEL_TASKS_UNLIMITED = -1;

/** The smaller of this and four times the cores. "Pool - Add". */
export const TASK_SLOTS_PER_NODE_MAX = 256;

/** Tasks in one call. "Task - Add Collection". */
export const ADD_TASK_COLLECTION_MAX_TASKS = 100;
/** Bytes of the serialized collection; reaching it is `RequestBodyTooLarge`. "Task - Add Collection". */
export const ADD_TASK_COLLECTION_MAX_BYTES = 1024 * 1024;

/** Bytes of a request about a pool. Ours: a pool is read with each of its nodes and tasks, so that a long one would hold up everybody. */
export const POOL_BODY_MAX_BYTES = 256 * 1024;

/** Milliseconds that a task's folder is kept when the task does not say. "Task - Add", TaskConstraints. */
export const TASK_RETENTION_DEFAULT = 7 * 24 * 3_600_000;

/** Characters of the ids that a task depends on, stored together. "Batch Status and Error Codes", TaskDependencyListTooLong. */
export const TASK_DEPENDENCY_IDS_MAX_CHARACTERS = 64_000;
/**
 * Characters of the ranges that a task depends on, merged, as `first-last`. Ours: Azure names no figure for
 * TaskDependencyRangesTooLong, so the same as for ids.
 */
export const TASK_DEPENDENCY_RANGES_MAX_CHARACTERS = 64_000;

/**
 * Characters. Azure documents no figure; a longer argument than this (`MAX_ARG_STRLEN`, 128 KiB) can never be handed to a
 * program by Linux.
 */
export const COMMAND_LINE_MAX_CHARACTERS = 131_071;

/** Milliseconds. "Pool - Resize". */
export const RESIZE_TIMEOUT_MIN = 5 * 60_000;
/** Milliseconds, when the request does not say. "Pool - Resize". */
export const RESIZE_TIMEOUT_DEFAULT = 15 * 60_000;

/** Milliseconds. "Pool - Enable Auto Scale". */
export const AUTOSCALE_INTERVAL_MIN = 5 * 60_000;
export const AUTOSCALE_INTERVAL_MAX = 168 * 3_600_000;
/** Characters; longer is `AutoScalingFormulaTooLong`. .NET `BatchErrorCodeStrings.AutoScaleFormulaTooLong`. */
export const AUTOSCALE_FORMULA_MAX_CHARACTERS = 8192;

/** Nodes in one call. "Pool - Remove Nodes". */
export const REMOVE_NODES_MAX = 100;

/** Characters. "Job - Add", AutoPoolSpecification. */
export const AUTO_POOL_ID_PREFIX_MAX_CHARACTERS = 20;

/** Milliseconds; shorter recurrences and start windows are refused. "Job Schedule - Add", Schedule. */
export const SCHEDULE_INTERVAL_MIN = 60_000;

/** Characters. "Pool - Add", UserAccount. */
export const USER_NAME_MAX_CHARACTERS = 20;
/** The most user accounts of a pool. Ours: Azure takes any number; nodes with few ids have room for so many beside those who log in. */
export const USER_ACCOUNTS_MAX = 100;

/** Characters, as Linux takes them; Azure's pages give no rule for "Compute Node - Add User". */
export const NODE_USER_NAME_PATTERN = /^[A-Za-z_][A-Za-z0-9_.-]{0,31}$/;
/** Characters. Ours: the longest that crypt(3) takes has 512 bytes. */
export const NODE_USER_PASSWORD_MAX_CHARACTERS = 256;
/** Milliseconds from the request. "Compute Node - Add User", expiryTime. */
export const NODE_USER_EXPIRY_DEFAULT = 24 * 3_600_000;

/** "Pool - Add", MountConfiguration. */
export const MOUNT_CONFIGURATIONS_MAX = 10;
/** "Pool - Add", PoolEndpointConfiguration. */
export const INBOUND_NAT_POOLS_MAX = 5;
/** Characters. "Pool - Add", InboundNATPool. */
export const INBOUND_NAT_POOL_NAME_MAX_CHARACTERS = 77;
/** Per pool, all endpoints together. "Pool - Add", NetworkSecurityGroupRule. */
export const NETWORK_SECURITY_GROUP_RULES_MAX = 25;
/** "Pool - Add", DataDisk. */
export const DATA_DISK_LUN_MAX = 63;

/** Rows per page, of lists other than node counts. "Job - List". */
export const PAGE_MAX_RESULTS = 1000;

/** References of a pool. "Pool - Add". Of a task, for which no page has a figure, the same. */
export const PACKAGE_REFERENCES_MAX = 10;
/** Characters. "Deploy applications to compute nodes with Batch application packages". */
export const APPLICATION_NAME_MAX_CHARACTERS = 64;
export const PACKAGE_VERSION_MAX_CHARACTERS = 64;
