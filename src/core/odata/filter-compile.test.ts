import { expect, test } from "vitest";
import { compileFilter } from "./filter-compile.ts";
import { parseFilter } from "./filter-parse.ts";
import { formatFilter, randomFilter, randomResource, seededRandom } from "./filter-random.fixture.ts";

const NAMES = new Set([
  "id",
  "state",
  "priority",
  "flag",
  "creationTime",
  "endTime",
  "wait",
  "executionInfo",
  "executionInfo/exitCode",
  "constructor",
]);

const TASK = {
  id: "render-007",
  state: "completed",
  priority: 5,
  flag: true,
  creationTime: "2024-01-31T08:00:00.5Z",
  endTime: "2024-01-31T10:00:00.5+01:00",
  wait: "PT90S",
  executionInfo: { exitCode: 0 },
};

const matches = (text: string, entity: unknown = TASK) => compileFilter(parseFilter(text, NAMES))(entity);

test.each([
  "state eq 'completed' and startswith(id, 'render')",
  "state eq 'running' or priority gt 4",
  "not (state eq 'running')",
  "flag",
  "flag eq true and not (flag eq false)",
  "executionInfo/exitCode eq 0",
  "endswith(id, '007') and contains(id, '-') and substringof('nder', id)",
  "tolower('ABC') eq 'abc' and toupper(id) eq 'RENDER-007'",
  "length(id) eq 10 and indexof(id, '-') eq 6",
  "concat(trim(' x '), id) eq 'xrender-007'",
  "id gt 'render-006' and id lt 'render-01'",
  "priority in (1, 5)",
  "5 le priority",
  "wait eq time'PT1M30S' and wait lt duration'PT2M'",
])("%s holds for the task", (text) => {
  expect(matches(text)).toBe(true);
});

test.each([
  "state eq 'Completed'",
  "priority eq 4.99",
  "not flag",
  "executionInfo/exitCode ne 0",
  "id in ('a', 'b')",
  "priority gt 4 and state eq 'running'",
])("%s does not hold for the task", (text) => {
  expect(matches(text)).toBe(false);
});

test.each([
  ["creationTime eq datetime'2024-01-31T08:00:00.500Z'", true],
  ["creationTime eq 2024-01-31T09:00:00.5+01:00", true],
  ["creationTime gt datetime'2024-01-31T08:00:00.4999999Z'", true],
  ["creationTime ge datetime'2024-01-31T08:00:00.5000001Z'", false],
  ["creationTime lt datetime'Wed, 31 Jan 2024 08:00:01 GMT'", true],
  ["creationTime gt 2024-01-31", true],
  ["creationTime lt endTime", true],
])("dates compare as instants to 100 ns: %s is %s", (text, expected) => {
  expect(matches(text)).toBe(expected);
});

test.each([
  ["id eq null", true],
  ["id ne null", false],
  ["id ne 'a'", true],
  ["id eq 'a'", false],
  ["id lt 'a' or id ge 'a'", false],
  ["startswith(id, 'a')", false],
  ["not startswith(id, 'a')", false],
  ["not (startswith(id, 'a') and false)", true],
  ["startswith(id, 'a') or true", true],
  ["flag or false", false],
  ["not flag", false],
  ["executionInfo eq null", true],
  ["executionInfo/exitCode ne 0", true],
  ["constructor eq null", true],
])("where the property is absent, %s is %s", (text, expected) => {
  expect(matches(text, {})).toBe(expected);
  expect(matches(text, { id: null, flag: null, executionInfo: null })).toBe(expected);
});

test("a whole object is not null", () => {
  expect(matches("executionInfo eq null")).toBe(false);
  expect(matches("executionInfo ne null")).toBe(true);
});

test("a value of another type than the literal is null", () => {
  expect(matches("priority eq '5'", { priority: 5 })).toBe(false);
  expect(matches("priority ge 0", { priority: "5" })).toBe(false);
  expect(matches("creationTime gt 2024-01-01", { creationTime: "soon" })).toBe(false);
  expect(matches("flag", { flag: "true" })).toBe(false);
});

test("something that is no resource matches as an empty one", () => {
  for (const entity of [null, undefined, 5, "text", []]) expect(matches("id eq 'a'", entity)).toBe(false);
});

test("case is ignored on demand, in every comparison and function of text", () => {
  const matches = (text: string) => compileFilter(parseFilter(text, NAMES), { ignoreCase: true })(TASK);
  expect(matches("state eq 'Completed'")).toBe(true);
  expect(matches("state ne 'COMPLETED'")).toBe(false);
  expect(matches("startswith(id, 'RENDER-')")).toBe(true);
  expect(matches("id in ('Render-007')")).toBe(true);
  expect(matches("id ge 'RENDER-007' and id le 'RENDER-007'")).toBe(true);
  expect(matches("toupper(id) eq 'render-007'")).toBe(true);
});

test("De Morgan's laws hold for any two filters and any resource, nulls included", () => {
  const random = seededRandom(2);
  for (let round = 0; round < 500; round++) {
    const [a, b] = [formatFilter(randomFilter(random, 3)), formatFilter(randomFilter(random, 3))];
    const entity = randomResource(random);
    expect(matches(`not (${a} and ${b})`, entity)).toBe(matches(`not ${a} or not ${b}`, entity));
    expect(matches(`not (${a} or ${b})`, entity)).toBe(matches(`not ${a} and not ${b}`, entity));
  }
});

test("any looks into a list, and its condition sees nothing but the element", () => {
  const names = new Set(["id", "names/any"]);
  const matches = (text: string, entity: unknown) => compileFilter(parseFilter(text, names))(entity);
  const entity = { id: "a", names: ["x", "y's"] };
  expect(matches("names/any(n:n eq 'x')", entity)).toBe(true);
  expect(matches("id eq 'a' and names/any(n: startswith(n,'y') and n ne 'y')", entity)).toBe(true);
  expect(matches("not names/any(n:n eq 'z')", entity)).toBe(true);
  expect(matches("names/any(n:n eq 'y''s') or id eq 'b'", entity)).toBe(true);
  for (const names of [undefined, null, "x", []])
    expect(matches("names/any(n:n eq 'x')", { ...entity, names })).toBe(false);
  for (const text of [
    "names/any(n:id eq 'a')",
    "names/any(n eq 'x')",
    "names/any(n:n)x",
    "id/any(n:n eq 'x')",
  ])
    expect(() => parseFilter(text, names)).toThrow();
  // After it, the element's name means nothing.
  expect(() => parseFilter("names/any(n:n eq 'x') and n eq 'x'", names)).toThrow();
});
