import { expect, test } from "vitest";
import { nodeId } from "./shift-owners.ts";

test.each([
  [0, 32_768],
  [1000, 33_768],
  [65_534, 65_536],
  [40_000, 65_536],
])("what belongs to %i in an image belongs to %i where nodes share an ordinary user's ids", (id, owner) => {
  expect(nodeId(id, { start: 32_768, length: 32_769, count: 1 })).toBe(owner);
});

test("a range that is long enough has all ids of an image", () => {
  const ranges = { start: 100, length: 65_536, count: 1 };
  expect([0, 65_533, 65_534, 65_535, 70_000].map((id) => nodeId(id, ranges))).toEqual([
    100, 65_633, 65_634, 65_634, 65_634,
  ]);
});
