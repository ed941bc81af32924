import { expect, test } from "vitest";
import { mergedRanges, type NumberRun, runsWith, runsWithout } from "./number-runs.ts";

/** A generator of numbers below `below` that is the same each time. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

const numbersOf = (runs: readonly NumberRun[]): number[] =>
  runs
    .flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, i) => first + i))
    .sort((a, b) => a - b);

test("runs hold the numbers that were added and not taken away, and no two of them touch", () => {
  for (let seed = 1; seed <= 20; seed++) {
    const pick = random(seed);
    let runs: NumberRun[] = [];
    const numbers = new Set<number>();
    for (let step = 0; step < 200; step++) {
      const number = pick(30);
      const near = runs.filter(({ first, last }) => first <= number + 1 && last >= number - 1);
      const isAdded = pick(3) > 0;
      const { remove, add } = isAdded ? runsWith(near, number) : runsWithout(near, number);
      if (isAdded) numbers.add(number);
      else numbers.delete(number);
      runs = [...runs.filter((run) => !remove.includes(run)), ...add];
      expect(numbersOf(runs)).toEqual([...numbers].sort((a, b) => a - b));
      for (const { last } of runs) expect(numbers.has(last + 1)).toBe(false);
    }
  }
});

test("merged ranges say the same in fewer words", () => {
  expect(mergedRanges([])).toEqual([]);
  expect(mergedRanges([{ first: 5, last: 4 }])).toEqual([]);
  for (let seed = 1; seed <= 50; seed++) {
    const pick = random(seed);
    const ranges = Array.from({ length: 1 + pick(12) }, () => {
      const first = pick(60);
      return { first, last: first + pick(6) };
    });
    const merged = mergedRanges(ranges);
    expect(numbersOf(merged)).toEqual([...new Set(numbersOf(ranges))].sort((a, b) => a - b));
    for (const [index, { first }] of merged.entries())
      expect(first).toBeGreaterThan((merged[index - 1]?.last ?? -2) + 1);
  }
});
