import { expect, test } from "vitest";
import { taskPlace, tasksPageInState } from "../work/tasks.ts";
import { statement } from "./statement.ts";

test("what never changes stands in the text for SQLite, and nothing of it is bound", async () => {
  const bound: unknown[] = [];
  const connection = {
    dialect: "sqlite",
    query: async () => [],
    execute: async (_: string, values: readonly unknown[]) => bound.push(...values),
  } as const;
  const text = taskPlace.text("sqlite");
  expect(text).toContain(`"state" = 'active'`);
  await taskPlace.run(connection, { key: 1, node_key: 2, node_id: "n", pool_id: "p", preparing: 0, now: 3 });
  expect(bound).toHaveLength(text.split("?").length - 1);
});

test("a limit is a sum, for whose sake SQLite does not compile the statement anew", () => {
  expect(tasksPageInState.text("sqlite")).toMatch(/limit \(\? \+ 0\)$/);
});

test("a text with quotes stays one", () => {
  const named = statement<{ key: number }>()((db, p) =>
    db.selectFrom("job").select("key").where("key", "=", p.key).where("id", "=", "it's"),
  );
  expect(named.text("sqlite")).toContain("'it''s'");
});
