import { expect, test } from "vitest";
import { dependencyPicture, neighbourhood, resolvedDependencies } from "./dependency-layout.ts";

const task = (id: string, ...dependsOn: string[]) => ({ id, state: "active", dependsOn });

test("each task stands behind all that it depends on", () => {
  const { tasks, edges, columns, rows } = dependencyPicture([
    task("d", "b", "c"),
    task("b", "a"),
    task("c", "a", "b"),
    task("a"),
  ]);
  expect(Object.fromEntries(tasks.map(({ id, column }) => [id, column]))).toEqual({ a: 0, b: 1, c: 2, d: 3 });
  expect(edges).toHaveLength(5);
  expect([columns, rows]).toEqual([4, 1]);
});

test("tasks stand beside those that they depend on", () => {
  const { tasks } = dependencyPicture([task("a"), task("b"), task("x", "b"), task("y", "a")]);
  const row = Object.fromEntries(tasks.map((placed) => [placed.id, placed.row]));
  expect([row.x, row.y]).toEqual([row.b, row.a]);
});

test("a ring of tasks ends, and a task that the job lacks is there without a state", () => {
  const { tasks } = dependencyPicture([task("a", "b"), task("b", "a"), task("c", "gone")]);
  expect(tasks.map(({ id, column, state }) => [id, column, state])).toEqual([
    ["a", 2, "active"],
    ["b", 2, "active"],
    ["c", 1, "active"],
    ["gone", 0, undefined],
  ]);
});

test("the neighbourhood of a task is what stands before and behind it, and no more than is wanted", () => {
  const chain = Array.from({ length: 10 }, (_, n) => task(String(n), ...(n > 0 ? [String(n - 1)] : [])));
  expect(neighbourhood(chain, "5", 2, 100).map(({ id }) => id)).toEqual(["5", "4", "6", "3", "7"]);
  expect(neighbourhood(chain, "5", 9, 4)).toHaveLength(4);
  expect(neighbourhood(chain, "none", 2, 4)).toEqual([{ id: "none", state: undefined, dependsOn: [] }]);
});

test("a range means the tasks whose IDs are numbers in it", () => {
  const dependsOn = { taskIds: ["a", "2"], taskIdRanges: [{ start: 2, end: 4 }] };
  expect(resolvedDependencies(dependsOn, [1, 2, 3, 9])).toEqual(["a", "2", "3"]);
  expect(resolvedDependencies(undefined, [1])).toEqual([]);
});

test("two thousand tasks are laid out in no time that one would wait for", () => {
  const wide = Array.from({ length: 2_000 }, (_, n) =>
    task(String(n), ...[n - 1, n - 40, n - 41].filter((on) => on >= 0).map(String)),
  );
  expect(dependencyPicture(wide).edges.length).toBeGreaterThan(5_000);
});
