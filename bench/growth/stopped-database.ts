/**
 * Rows by the hundred thousand in the database of a service that is not running, of this tree or of an older one: only columns that both have
 * are named, and those that the older one lacks are left out. It must not use this tree's store, which would bring the schema up to date.
 */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

type Columns = Readonly<Record<string, string>>;

/** Of `large`, whose tasks have all run on the one node of `bench`. */
const FILES_DUE = 5_000;

const TASK: Columns = {
  id: "'t' || i",
  id_lower: "'t' || i",
  state: "'active'",
  state_at: "0",
  created_at: "0",
  modified_at: "0",
  version: "1",
  spec: `'{"id":"t' || i || '","commandLine":"/bin/true","environmentSettings":[{"name":"A","value":"some text"}]}'`,
  required_slots: "1",
  blocked: "0",
  satisfies: "0",
  attempt: "0",
  retry_count: "0",
  requeue_count: "0",
};

/**
 * Makes `count` tasks in each of the jobs `large` (completed, on the node of pool `bench`), `blocked` (wait for others) and `wide` (need more
 * slots than their pool's node has), and a hundredth as many jobs in pool `bench`.
 */
export function addRows(dataFolder: string, count: number): void {
  const database = new DatabaseSync(join(dataFolder, "state.db"));
  try {
    database.exec("pragma synchronous = off; pragma cache_size = -200000; begin");
    const node = `(select node.key from node join pool on pool.key = node.pool_key where pool.id = 'bench')`;
    const due = `iif(i <= ${FILES_DUE}, 1, null)`;
    addTasks(database, "large", count, { state: "'completed'", node_key: node, clean_at: due });
    addTasks(database, "blocked", count, { blocked: "1" });
    addTasks(database, "wide", count, { required_slots: "2" });
    setJob(database, "large", {
      completed: count,
      succeeded: count,
      completed_slots: count,
      succeeded_slots: count,
    });
    setJob(database, "blocked", { active: count, active_slots: count });
    setJob(database, "wide", { active: count, active_slots: 2 * count, ready: count });
    addJobs(database, Math.floor(count / 10));
    database.exec("commit");
  } finally {
    database.close();
  }
}

/** How many tasks' files are still to be removed. */
export function filesDue(dataFolder: string): number {
  const database = new DatabaseSync(join(dataFolder, "state.db"), { readOnly: true });
  try {
    return Number(database.prepare("select count(*) as n from task where clean_at = 1").get()?.n);
  } finally {
    database.close();
  }
}

function addTasks(database: DatabaseSync, job: string, count: number, columns: Columns): void {
  const row = { ...TASK, ...columns };
  database.exec(`insert into task (job_key, ${Object.keys(row)}) with recursive n(i) as (select 1 union all select i + 1 from n
    where i < ${count}) select (select key from job where id = '${job}'), ${Object.values(row)} from n`);
}

function setJob(database: DatabaseSync, id: string, counts: Readonly<Record<string, number>>): void {
  const known = columnsOf(database, "job");
  const set = Object.entries(counts).filter(([name]) => known.includes(name));
  database.exec(`update job set ${set.map(([name, value]) => `${name} = ${value}`)} where id = '${id}'`);
}

/** As the job `large` is, under other ids and without tasks. */
function addJobs(database: DatabaseSync, count: number): void {
  const counts = /^(active|running|completed|succeeded|failed)/;
  const columns = columnsOf(database, "job").filter((name) => name !== "key");
  const value = (name: string) => (name.startsWith("id") ? "'many' || i" : counts.test(name) ? "0" : name);
  database.exec(`insert into job (${columns}) with recursive n(i) as (select 1 union all select i + 1 from n where i < ${count})
    select ${columns.map(value)} from n, job where job.id = 'large'`);
}

function columnsOf(database: DatabaseSync, table: string): string[] {
  return database
    .prepare(`select name from pragma_table_info('${table}')`)
    .all()
    .map(({ name }) => String(name));
}
