import { expect, test } from "vitest";
import { RepeatedEvents } from "./repeated-events.ts";

function events(kindsMax: number) {
  const told: unknown[][] = [];
  let end = () => {};
  const noted = new RepeatedEvents<string>({
    windowMs: 1_000,
    kindsMax,
    tell: (...words) => void told.push(words),
    later: (callback) => {
      end = callback;
    },
  });
  return { noted, told, endWindow: () => end() };
}

test("the first of a kind is told at once, the others as a number", () => {
  const { noted, told, endWindow } = events(5);
  for (let i = 0; i < 1_000; i++) noted.note("a", () => `a${i}`);
  noted.note("b", () => "b");
  expect(told).toEqual([
    ["a0", 1, false],
    ["b", 1, false],
  ]);
  expect(noted.isIdle).toBe(false);
  endWindow();
  expect(told.slice(2)).toEqual([["a0", 999, false]]);
  expect(noted.isIdle).toBe(true);
  noted.note("a", () => "again");
  expect(told.at(-1)).toEqual(["again", 1, false]);
});

test("a flood of kinds costs no more lines than there may be kinds, and is counted whole", () => {
  const { noted, told, endWindow } = events(3);
  for (let i = 0; i < 10_000; i++) noted.note(`kind ${i}`, () => `event ${i}`);
  endWindow();
  expect(told).toHaveLength(5);
  expect(told.at(-1)).toEqual(["event 3", 9_996, true]);
  expect(told.reduce((sum, [, times]) => sum + Number(times), 0)).toBe(10_000);
});
