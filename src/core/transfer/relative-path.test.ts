import { expect, test } from "vitest";
import { namesBelow } from "./relative-path.ts";

test.each([
  ["a", ["a"]],
  ["./a//b/./c", ["a", "b", "c"]],
  ["..a/b..", ["..a", "b.."]],
])("%j stays below", (path, names) => expect(namesBelow(path)).toEqual(names));

test.each(["", ".", "/", "/a", "..", "a/../b", "a/..", "a\0b", "x/".repeat(3000)])("%j does not", (path) =>
  expect(namesBelow(path)).toBeUndefined(),
);
