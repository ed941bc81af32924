/** A store with one account, one pool of one node, and as many tasks as are wanted, made in SQL: a million in some seconds. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { AccountHandle } from "../../src/app/accounts/account-handle.ts";
import type { App } from "../../src/app/app.ts";
import { openSqliteStore } from "../../src/store/engine/sqlite-store.ts";
import type { Store } from "../../src/store/engine/store.ts";

export interface SeededStore {
  readonly app: App;
  readonly store: Store;
  readonly account: AccountHandle;
  /** The jobs reconciler is asked for. */
  isNudged: boolean;
  /** @param columns of the task table to values in SQL, in which `i` is the task's number from 1 on */
  tasks(jobKey: number, count: number, columns?: Readonly<Record<string, string>>): Promise<void>;
  job(key: number, columns?: Readonly<Record<string, string>>): Promise<void>;
  sql(text: string): Promise<unknown>;
}

/** The pool's key, and its node's. */
export const POOL = 1;
export const AGENT = "agent";

export async function openSeededStore(folder: string): Promise<SeededStore> {
  mkdirSync(folder, { recursive: true });
  const store = await openSqliteStore(join(folder, "state.db"));
  const sql = (text: string) => store.write((c) => c.execute(text, []));
  await seedAccount(sql);
  const nothing = () => {};
  const seeded: SeededStore = {
    store,
    account: { key: 1, name: "farm", location: "westus" } as unknown as AccountHandle,
    isNudged: false,
    app: {
      store,
      clock: Date.now,
      nudge: {
        placement: nothing,
        nodes: nothing,
        schedules: nothing,
        autoscale: nothing,
        jobs: () => {
          seeded.isNudged = true;
        },
      },
      agents: { incarnationOf: () => "1", send: nothing, fileDelete: async () => {} },
      taskEnds: { tell: nothing },
      account: () => ({ name: "farm", url: "https://farm", autoStorage: undefined, handle: undefined }),
    } as unknown as App,
    sql,
    job: (key, columns = {}) =>
      insert(sql, "job", {
        key: `${key}`,
        account_key: "1",
        id: `'j${key}'`,
        id_lower: `'j${key}'`,
        pool_id_lower: "'p'",
        state: "'active'",
        state_at: "0",
        created_at: "0",
        modified_at: "0",
        version: "1",
        spec: `'{"id":"j${key}","poolInfo":{"poolId":"p"},"usesTaskDependencies":true}'`,
        priority: "0",
        max_parallel: "-1",
        on_all_tasks_complete: "'noaction'",
        on_task_failure: "'noaction'",
        ...Object.fromEntries(COUNTS.map((name) => [name, "0"])),
        ...columns,
      }),
    tasks: (jobKey, count, columns) => insertTasks(sql, jobKey, count, columns),
  };
  return seeded;
}

type Sql = (text: string) => Promise<unknown>;

/** @param columns of the task table to values in SQL, in which `i` is the task's number from 1 on */
async function insertTasks(
  sql: Sql,
  jobKey: number,
  count: number,
  columns: Readonly<Record<string, string>> = {},
): Promise<void> {
  const row = {
    job_key: `${jobKey}`,
    id: "'t' || i",
    id_lower: "'t' || i",
    state: "'active'",
    state_at: "0",
    created_at: "0",
    modified_at: "0",
    version: "1",
    spec: `'{"id":"t","commandLine":"/bin/true","environmentSettings":[{"name":"A","value":"some text"}]}'`,
    required_slots: "1",
    blocked: "0",
    satisfies: "0",
    attempt: "0",
    retry_count: "0",
    requeue_count: "0",
    ...columns,
  };
  await sql(`insert into task (${Object.keys(row)}) with recursive n(i) as (select 1 union all select i + 1 from n
    where i < ${count}) select ${Object.values(row)} from n`);
}

/** Adds completed tasks to the job `large` of a service that is not running. */
export async function addCompletedTasks(dataFolder: string, count: number): Promise<void> {
  const store = await openSqliteStore(join(dataFolder, "state.db"));
  const sql = (text: string) => store.write((c) => c.execute(text, []));
  try {
    const [job] = (await store.read.query("select key from job where id = 'large'", [])) as { key: number }[];
    if (job === undefined) throw new Error("the service has no job that is to become large");
    await insertTasks(sql, job.key, count, { state: "'completed'" });
    await sql(`update job set completed = ${count}, succeeded = ${count}, completed_slots = ${count},
      succeeded_slots = ${count} where key = ${job.key}`);
  } finally {
    await store.close();
  }
}

async function seedAccount(sql: Sql): Promise<void> {
  await sql("insert into tenant values ('t', 'T', 't.example')");
  await sql("insert into subscription values ('s', 't', 'S')");
  await insert(sql, "resource_group", {
    key: "1",
    subscription_id: "'s'",
    name: "'g'",
    name_lower: "'g'",
    location: "'westus'",
  });
  await insert(sql, "batch_account", {
    key: "1",
    name: "'farm'",
    resource_group_key: "1",
    location: "'westus'",
    sealed_primary_key: "''",
    sealed_secondary_key: "''",
    created_at: "0",
  });
  await insert(sql, "pool", {
    key: `${POOL}`,
    account_key: "1",
    id: "'p'",
    id_lower: "'p'",
    state: "'active'",
    state_at: "0",
    allocation_state: "'steady'",
    allocation_at: "0",
    created_at: "0",
    modified_at: "0",
    version: "1",
    spec: "'{}'",
    target_dedicated: "1",
    target_low_priority: "0",
    slots_per_node: "1",
    fill: "'spread'",
  });
  await insert(sql, "node", {
    key: "1",
    pool_key: `${POOL}`,
    id: "'n'",
    state: "'idle'",
    state_at: "0",
    scheduling: "'enabled'",
    is_dedicated: "1",
    allocated_at: "0",
    agent_id: `'${AGENT}'`,
    incarnation: "'1'", // of the agent that is connected: no other node gets tasks
    info: "'{}'",
    running_tasks: "0",
    running_slots: "0",
    total_run: "0",
    total_succeeded: "0",
  });
}

const COUNTS = ["active", "running", "completed", "succeeded", "failed"].flatMap((name) => [
  name,
  `${name}_slots`,
]);

async function insert(sql: Sql, table: string, row: Readonly<Record<string, string>>): Promise<void> {
  await sql(`insert into ${table} (${Object.keys(row)}) values (${Object.values(row)})`);
}
