import { expect, test } from "vitest";
import { csvRows } from "./csv.ts";
import { sweepRows } from "./sweep.ts";
import { jsonTasks, tasksOf } from "./task-template.ts";

test("a sweep goes through every combination, the last parameter fastest", () => {
  expect(sweepRows("n = 1..2\ncolour = red, green")).toEqual([
    { n: "1", colour: "red" },
    { n: "1", colour: "green" },
    { n: "2", colour: "red" },
    { n: "2", colour: "green" },
  ]);
  expect(sweepRows("n = 008..010")).toEqual([{ n: "008" }, { n: "009" }, { n: "010" }]);
  expect(sweepRows("n = 10..50 step 20")).toEqual([{ n: "10" }, { n: "30" }, { n: "50" }]);
  expect(sweepRows("")).toEqual([{}]);
});

test.each([
  ["n", /no parameter/],
  ["n = 2..1", /goes nowhere/],
  ["n = 1..2\nn = 3", /twice/],
  ["n = a,,b", /empty value/],
  ["n = 1..1000\nm = 1..1000", /1000000 tasks/],
  ["n = 1..999999999999999", /at most/],
])("the sweep %j is refused in words", (text, said) => {
  expect(sweepRows(text)).toMatch(said);
});

test("a table's fields may be quoted, with commas, quotes and lines in them", () => {
  expect(csvRows('id,commandLine\r\na,"echo ""x, y"""\r\n\r\nb,"two\nlines"\r\n')).toEqual([
    { id: "a", commandLine: 'echo "x, y"' },
    { id: "b", commandLine: "two\nlines" },
  ]);
  expect(csvRows("a,b\n1,")).toEqual([{ a: "1", b: "" }]);
});

test.each([
  ["", /first line/],
  ["id", /no line below/],
  ["id,id\n1,2", /each once/],
  ["id,c\n1", /has 1 fields/],
  ['id\n"x', /does not end/],
])("the table %j is refused in words", (text, said) => {
  expect(csvRows(text)).toMatch(said);
});

test("a template's texts take the row's values, and other braces stay", () => {
  const template = {
    id: "t-{n}",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell's own
    commandLine: "awk '{print $1}' ${HOME}/{n}",
    environmentSettings: [{ name: "N", value: "{n}" }],
    requiredSlots: 2,
  };
  expect(tasksOf(template, [{ n: "7" }])).toEqual([
    {
      id: "t-7",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell's own
      commandLine: "awk '{print $1}' ${HOME}/7",
      environmentSettings: [{ name: "N", value: "7" }],
      requiredSlots: 2,
    },
  ]);
});

test.each([
  [{ id: "t", commandLine: "run" }, [{ n: "1" }, { n: "2" }], /put \{n\} into it/],
  [{ id: "t-{n}", commandLine: "" }, [{ n: "1" }], /command line/],
])("the template %j is refused in words", (template, rows, said) => {
  expect(tasksOf(template, rows)).toMatch(said);
});

test("JSON is one task or a list of tasks", () => {
  expect(jsonTasks('{ "id": "a", "commandLine": "b" }')).toHaveLength(1);
  expect(jsonTasks("[]")).toMatch(/from 1/);
  expect(jsonTasks("[1]")).toMatch(/needs an id/);
  expect(jsonTasks("{")).toMatch(/no JSON/);
});
