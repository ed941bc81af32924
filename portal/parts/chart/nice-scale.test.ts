import { expect, test } from "vitest";
import { niceScale } from "./nice-scale.ts";

test.each([
  [0, [0, 0.5, 1]],
  [3, [0, 1, 2, 3]],
  [100, [0, 50, 100]],
  [87, [0, 50, 100]],
  [4_200, [0, 2_000, 4_000, 6_000]],
])("a scale up to %d has the numbers %j", (most, ticks) => {
  expect(niceScale(most)).toEqual({ top: ticks.at(-1), ticks });
});
