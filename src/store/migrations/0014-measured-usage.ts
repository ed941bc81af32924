/**
 * What work has used, kept where its rows are written anyway: on tasks, on their jobs and nodes; on what outlives those by one row of
 * a commit: schedules, accounts and pools.
 */
import type { Migration } from "./migration.ts";

/** `WorkUsage` of the schema. */
const OF_WORK = [
  "user_time",
  "kernel_time",
  "wall_time",
  "wait_time",
  "blocks_read",
  "blocks_written",
  "runs_succeeded",
  "runs_failed",
  "runs_retried",
];

export const measuredUsage: Migration = ({ integer }) => {
  const whole = (name: string) => `${name} ${integer} not null default 0`;
  const exact = (name: string) => `${name} double precision not null default 0`;
  const ofNodes = [
    ...["cpu_time", "disk_blocks_read", "disk_blocks_written"].map(whole),
    ...["memory_time", "memory_peak"].map(exact),
  ];
  const ofGone = [...ofNodes, exact("node_time"), exact("core_time")];
  const columns = (table: string, definitions: readonly string[]) =>
    definitions.map((definition) => `alter table ${table} add column ${definition}`);
  return [
    "alter table task add column usage text",
    ...columns("job", OF_WORK.map(whole)),
    ...columns("job_schedule", OF_WORK.map(whole)),
    ...columns("node", ofNodes),
    ...columns("pool", [exact("dedicated_core_time"), ...ofGone]),
    `create table account_usage (account_key ${integer} primary key references batch_account(key), ${[
      ...OF_WORK.map(whole),
      ...ofGone,
    ].join(", ")})`,
    "update job set runs_succeeded = succeeded, runs_failed = failed",
    `insert into account_usage (account_key, runs_succeeded, runs_failed)
       select account_key, sum(succeeded), sum(failed) from job group by account_key`,
  ];
};
