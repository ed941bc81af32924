/**
 * Dependencies by number as runs and waits: which numbers of a job are satisfied (runs without a gap), and for each different range
 * the one number of it that it waits on. Rows of `task_dependency` are what is still missing, and nothing else.
 */
import type { Migration } from "./migration.ts";

export const dependencies: Migration = ({ identity, integer }) => [
  // Zeros in front of a number do not count.
  `update task set id_number = cast(id as ${integer})
     where id_number is null and ltrim(id, '0123456789') = '' and length(ltrim(id, '0')) <= 10`,
  `create table task_id_run (job_key ${integer} not null references job(key) on delete cascade,
     first_number ${integer} not null, last_number ${integer} not null, primary key (job_key, first_number))`,
  `insert into task_id_run (job_key, first_number, last_number)
     select job_key, min(n), max(n) from (
       select job_key, n, n - row_number() over (partition by job_key order by n) as island from (
         select distinct job_key, id_number as n from task where satisfies = 1 and id_number is not null) as numbers
       ) as islands group by job_key, island`,
  `create table task_id_range (key ${identity}, job_key ${integer} not null references job(key) on delete cascade,
     first_number ${integer} not null, last_number ${integer} not null, waits_on ${integer} not null,
     unique (job_key, first_number, last_number))`,
  "create index task_id_range_wait on task_id_range (job_key, waits_on)",
  `insert into task_id_range (job_key, first_number, last_number, waits_on)
     select distinct d.job_key, d.first_number, d.last_number, coalesce(
       (select case when r.last_number >= d.last_number then r.first_number - 1 else d.last_number end
          from task_id_run r where r.job_key = d.job_key and r.first_number <= d.last_number
          order by r.first_number desc limit 1), d.last_number)
     from task_dependency d where d.on_id is null and d.remaining > 0`,
  `alter table task_dependency add column range_key ${integer}`,
  `update task_dependency set range_key = (select r.key from task_id_range r where r.job_key = task_dependency.job_key
     and r.first_number = task_dependency.first_number and r.last_number = task_dependency.last_number
     and r.waits_on >= r.first_number) where on_id is null`,
  "create table blocked_task as select distinct task_key from task_dependency where remaining > 0",
  "delete from task_dependency where remaining = 0 or (on_id is null and range_key is null)",
  "delete from task_id_range where waits_on < first_number",
  `delete from task_dependency where exists (select 1 from task_dependency d where d.task_key = task_dependency.task_key
     and d.range_key = task_dependency.range_key and d.key < task_dependency.key)`,
  `update task set blocked = (select count(*) from task_dependency d where d.task_key = task.key)
     where key in (select task_key from blocked_task)`,
  "drop table blocked_task",
  "drop index task_dependency_range",
  "alter table task_dependency drop column first_number",
  "alter table task_dependency drop column last_number",
  "alter table task_dependency drop column remaining",
  "create index task_dependency_range on task_dependency (range_key) where range_key is not null",
  // A task that has ended and whose dependents have not all been let go yet: by its id, or by its number.
  `create table dependency_due (key ${identity}, job_key ${integer} not null references job(key) on delete cascade,
     on_id text, number ${integer})`,

  // Tasks that may be placed are counted, and found by their width.
  "alter table job add column ready integer not null default 0",
  "update job set ready = (select count(*) from task where job_key = job.key and state = 'active' and blocked = 0)",
  "drop index task_ready",
  "create index task_ready on task (job_key, required_slots, key) where state = 'active' and blocked = 0",
];
