import { expect, test } from "vitest";
import { compileFilter } from "./filter-compile.ts";
import { type FilterConstraint, filterConstraints } from "./filter-constraints.ts";
import { parseFilter } from "./filter-parse.ts";
import { formatFilter, randomFilter, randomResource, seededRandom } from "./filter-random.fixture.ts";

const NAMES = new Set(["id", "state", "priority", "flag", "creationTime", "executionInfo/exitCode"]);
const constraints = (text: string) =>
  filterConstraints(parseFilter(text, NAMES)).map((constraint) =>
    constraint.op === "in"
      ? [constraint.property, "in", constraint.values]
      : [constraint.property, constraint.op, constraint.value],
  );

test.each([
  ["state eq 'active'", [["state", "eq", "active"]]],
  [
    "'active' eq state and 5 lt priority",
    [
      ["state", "eq", "active"],
      ["priority", "gt", 5],
    ],
  ],
  [
    "id ge 'x' and (state eq 'a' and startswith(id, 'y'))",
    [
      ["id", "ge", "x"],
      ["state", "eq", "a"],
      ["id", "startswith", "y"],
    ],
  ],
  ["state eq 'a' or state eq 'b'", [["state", "in", ["a", "b"]]]],
  ["state eq 'a' or state in ('b', 'c')", [["state", "in", ["a", "b", "c"]]]],
  [
    "creationTime lt datetime'2024-01-31T08:00:00Z'",
    [["creationTime", "lt", "2024-01-31T08:00:00.0000000Z"]],
  ],
  [
    "flag and not flag",
    [
      ["flag", "eq", true],
      ["flag", "eq", false],
    ],
  ],
])("%s implies what a store can look up", (text, expected) => {
  expect(constraints(text)).toEqual(expected);
});

test.each([
  "state eq 'a' or id eq 'b'",
  "state eq 'a' or priority gt 5",
  "not (state eq 'a')",
  "state ne 'a'",
  "id eq null",
  "id in ('a', null)",
  "tolower(id) eq 'a'",
  "id eq state",
  "startswith('abc', id)",
  "endswith(id, 'a')",
  "not (flag and state eq 'a')",
])("%s implies nothing", (text) => {
  expect(constraints(text)).toEqual([]);
});

test("every match of any filter satisfies its constraints", () => {
  const random = seededRandom(3);
  let checked = 0;
  for (let round = 0; round < 3_000; round++) {
    const filter = parseFilter(formatFilter(randomFilter(random, 3)), NAMES);
    const entity = randomResource(random);
    if (!compileFilter(filter)(entity)) continue;
    for (const constraint of filterConstraints(filter)) {
      checked++;
      expect(satisfies(entity, constraint), `${filter.text} ${JSON.stringify(entity)}`).toBe(true);
    }
  }
  expect(checked).toBeGreaterThan(200);
});

/** Written apart from the evaluator; the random resources hold instants in canonical form. */
function satisfies(entity: Record<string, unknown>, constraint: FilterConstraint): boolean {
  const value = constraint.property
    .split("/")
    .reduce<unknown>((object, name) => (object as Record<string, unknown> | undefined)?.[name], entity);
  if (constraint.op === "in") return constraint.values.some((candidate) => candidate === value);
  const wanted = constraint.value;
  if (constraint.op === "eq") return value === wanted;
  if (typeof value !== typeof wanted) return false;
  const [a, b] = [value as string, wanted as string];
  switch (constraint.op) {
    case "startswith":
      return a.startsWith(b);
    case "gt":
      return a > b;
    case "ge":
      return a >= b;
    case "lt":
      return a < b;
    case "le":
      return a <= b;
  }
}
