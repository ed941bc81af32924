import { expect, test } from "vitest";
import { parseSearch } from "./search.ts";

const NAMES = new Set(["displayName", "description"]);
const entity = { displayName: "Render Farm-Workers", description: null, id: "x" };

test.each([
  ['"displayName:render"', true],
  ['"DisplayName:FARM"', true],
  ['"displayName:workers"', true],
  ['"displayName:arm"', false],
  ['"displayName:farm" AND "displayName:render"', true],
  ['"displayName:farm" AND "displayName:none"', false],
  ['"displayName:none" OR "displayName:farm" AND "displayName:render"', true],
  ['"description:x"', false],
])("%s is %s", (text, expected) => {
  expect(parseSearch(text, NAMES)?.(entity)).toBe(expected);
});

test.each([
  "displayName:farm",
  '"displayName"',
  '"displayName:"',
  '"id:x"',
  '"displayName:a" XOR "displayName:b"',
  '"displayName:a',
  "",
  `${'"displayName:a" AND '.repeat(30)}"displayName:a"`,
])("%j is no search", (text) => {
  expect(parseSearch(text, NAMES)).toBeUndefined();
});
