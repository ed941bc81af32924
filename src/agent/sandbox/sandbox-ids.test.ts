import { describe, expect, it } from "vitest";
import { nodeRanges } from "./sandbox-ids.ts";

describe("the ids of all nodes", () => {
  it("lie above everybody's where all ids are there", () => {
    expect(nodeRanges(4_294_967_295)).toEqual({ start: 1_000_000_000, length: 65_536, count: 8_192 });
  });

  it.each([
    ["an ordinary user's range, which all share", 65_537, { start: 32_768, length: 32_769, count: 1 }],
    ["a short one", 2_003, { start: 1, length: 2_002, count: 1 }],
    ["hardly enough", 1_003, { start: 1, length: 1_002, count: 1 }],
  ])("are %s", (_, known, ranges) => {
    expect(nodeRanges(known)).toEqual(ranges);
  });

  it.each([0, 1, 2, 1_002])("are none when only %i are there", (known) => {
    expect(nodeRanges(known)).toBeUndefined();
  });

  it.each([1_003, 5_000, 65_536, 65_537, 1_000_000])("of %i are all there, and nobody's twice", (known) => {
    const { start, length, count } = nodeRanges(known) ?? { start: 0, length: 0, count: 0 };
    expect(start).toBeGreaterThan(0);
    expect(count).toBeGreaterThan(0);
    expect(start + length * count).toBeLessThanOrEqual(known);
  });
});
