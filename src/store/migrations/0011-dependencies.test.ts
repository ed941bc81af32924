import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { migrate } from "../engine/migrate.ts";
import { SqliteConnection } from "../engine/sqlite-store.ts";

const TASK = `insert into task (job_key, id, id_lower, id_number, state, state_at, created_at, modified_at, version, spec,
  required_slots, blocked, satisfies, attempt, retry_count, requeue_count) values
  (1, ?, ?, ?, ?, 0, 0, 0, 1, '{}', 1, ?, ?, 0, 0, 0)`;
const DEPENDENCY =
  "insert into task_dependency (task_key, job_key, on_id, first_number, last_number, remaining) values (?, 1, ?, ?, ?, ?)";

test("what waits for others in a database of before waits for the same afterwards", async () => {
  const database = new DatabaseSync(":memory:", { enableForeignKeyConstraints: false });
  const connection = new SqliteConnection(database);
  await migrate(connection, 10);
  await connection.execute(
    `insert into job values (1, 1, 'j', 'j', 'p', 'active', 0, null, null, 0, 0, 1, '{}', 0, -1, 'noaction', 'noaction',
       0, null, null, null, null, 5, 0, 4, 4, 0, 5, 0, 4, 4, 0, null, null)`,
    [],
  );
  const task = (id: string, number: number | null, state: string, blocked: number, satisfies: number) =>
    connection.execute(TASK, [id, id, number, state, blocked, satisfies]);
  for (const id of ["1", "2", "3"]) await task(id, Number(id), "completed", 0, 1);
  await task("005", null, "completed", 0, 1);
  await task("free", null, "active", 0, 0);
  await task("on4", null, "active", 2, 0);
  await task("on5", null, "active", 1, 0);
  await task("done", null, "active", 0, 0);
  await connection.execute(DEPENDENCY, [6, "nobody", null, null, 1]);
  await connection.execute(DEPENDENCY, [6, null, 2, 5, 2]);
  await connection.execute(DEPENDENCY, [7, null, 5, 5, 1]);
  await connection.execute(DEPENDENCY, [8, null, 1, 3, 0]);

  await migrate(connection);
  const rows = (sql: string) => connection.query(sql, []);
  expect(await rows("select first_number, last_number from task_id_run order by 1")).toEqual([
    { first_number: 1, last_number: 3 },
    { first_number: 5, last_number: 5 },
  ]);
  expect(await rows("select first_number, last_number, waits_on from task_id_range")).toEqual([
    { first_number: 2, last_number: 5, waits_on: 4 },
  ]);
  expect(await rows("select task_key, on_id, range_key from task_dependency order by key")).toEqual([
    { task_key: 6, on_id: "nobody", range_key: null },
    { task_key: 6, on_id: null, range_key: 1 },
  ]);
  expect(await rows("select id, blocked from task where state = 'active' order by key")).toEqual([
    { id: "free", blocked: 0 },
    { id: "on4", blocked: 2 },
    { id: "on5", blocked: 0 },
    { id: "done", blocked: 0 },
  ]);
  expect(await rows("select ready from job")).toEqual([{ ready: 3 }]);
  database.close();
});
