import { expect, test } from "vitest";
import { jsonTasks, sweepTasks } from "./task-sweep.ts";

test("a sweep numbers ids and command lines", () => {
  expect(sweepTasks({ id: "t-{n}", command: "run {n} of {n}", count: 2 })).toEqual([
    { id: "t-1", commandLine: "run 1 of 1" },
    { id: "t-2", commandLine: "run 2 of 2" },
  ]);
});

test.each([
  [{ id: "t", command: "run", count: 2 }, /\{n\}/],
  [{ id: "t-{n}", command: "", count: 1 }, /command line/],
  [{ id: "t-{n}", command: "run", count: 1.5 }, /integer/],
  [{ id: "t-{n}", command: "run", count: 1e9 }, /integer/],
])("%j is refused in words", (form, said) => {
  expect(sweepTasks(form)).toMatch(said);
});

test("JSON is one task or a list of tasks", () => {
  expect(jsonTasks('{ "id": "a", "commandLine": "b" }')).toHaveLength(1);
  expect(jsonTasks("[]")).toMatch(/from 1/);
  expect(jsonTasks("[1]")).toMatch(/needs an id/);
  expect(jsonTasks("{")).toMatch(/no JSON/);
});
