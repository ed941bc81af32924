import { expect, test } from "vitest";
import { indented, labelled } from "./wrapped-lines.ts";

const WORDS = Array.from({ length: 40 }, (_, length) => "x".repeat(1 + (length % 9))).join(" ");

test.each(Array.from({ length: 30 }, (_, width) => width + 10))(
  "words behind a label of %i columns stand below each other, whole, within 80",
  (width) => {
    const lines = labelled("label", WORDS, 0, width).trimEnd().split("\n");
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(lines.map((line) => line.slice(0, width).trimEnd())).toEqual([
      "label",
      ...lines.slice(1).map(() => ""),
    ]);
    expect(lines.filter((line) => /^\s/.test(line.slice(width)))).toEqual([]);
    expect(lines.map((line) => line.slice(width)).join(" ")).toBe(WORDS);
  },
);

test("what has no place to break at is broken where the line ends", () => {
  expect(indented("y".repeat(100), 4)).toBe(`    ${"y".repeat(76)}\n    ${"y".repeat(24)}\n`);
});
