import { expect, test } from "vitest";
import { SAMPLE_MS, scalingOf } from "./scaling.ts";

test("samples lie back from now, and a target where it was seen", () => {
  const variables = [
    ["$TargetDedicatedNodes", "1"],
    ["$needed", "[4, 3, 2]"],
    ["$nodes", "[1,2]"],
  ] as const;
  const until = 10 * SAMPLE_MS;
  expect(scalingOf(variables, [{ at: until, nodes: 5 }], until)).toEqual({
    times: [9 * SAMPLE_MS, until],
    needed: [3, 2],
    nodes: [1, 2],
    targets: [Number.NaN, 5],
  });
});

test("one sample is a number, and none is nothing", () => {
  expect(
    scalingOf(
      [
        ["$needed", "7"],
        ["$nodes", "1"],
      ],
      [],
      0,
    ).needed,
  ).toEqual([7]);
  expect(scalingOf([["$needed", "[]"]], [], 0).times).toEqual([]);
});
