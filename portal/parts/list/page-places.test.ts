import { expect, test } from "vitest";
import { NO_PAGES, offsetsOf, type PagePlaces, pageOf, pagesBetween, withPage } from "./page-places.ts";

const THREE = [
  [0, 10, "b"],
  [1, 10, "c"],
  [2, 5, undefined],
] as const;
const three = THREE.reduce<PagePlaces>(
  (places, [page, length, next]) => withPage(places, page, length, next),
  NO_PAGES,
);

test("a row is found in the page that it lies in", () => {
  const offsets = offsetsOf(three);
  expect(offsets).toEqual([0, 10, 20, 25]);
  expect([0, 9, 10, 24].map((row) => pageOf(offsets, row))).toEqual([0, 0, 1, 2]);
});

test("the page that is to come is asked for when what was seen ends in sight, and no page that is empty", () => {
  const shown = (places: PagePlaces, from: number, to: number) =>
    pagesBetween(places, offsetsOf(places), from, to);
  expect(shown(NO_PAGES, 0, 40)).toEqual([0]);
  expect(shown(withPage(NO_PAGES, 0, 0, "b"), 0, 40)).toEqual([1]);
  expect(shown(withPage(NO_PAGES, 0, 0), 0, 40)).toEqual([0]);
  expect(shown(withPage(NO_PAGES, 0, 100, "b"), 0, 40)).toEqual([0]);
  expect(shown(withPage(NO_PAGES, 0, 100, "b"), 70, 110)).toEqual([0, 1]);
  expect(shown(three, 8, 12)).toEqual([0, 1]);
  expect(shown(three, 22, 60)).toEqual([2]);
});

test("what is seen again as it was changes nothing", () => {
  expect(withPage(three, 1, 10, "c")).toBe(three);
});

test("where a page's end moved, the next one keeps its room and those behind are forgotten", () => {
  const moved = withPage(three, 0, 9, "x");
  expect(moved).toEqual({ starts: [undefined, "x"], lengths: [9, 10] });
  expect(withPage(moved, 1, 10, "c")).toEqual({ starts: [undefined, "x", "c"], lengths: [9, 10] });
  expect(withPage(three, 0, 4)).toEqual({ starts: [undefined], lengths: [4] });
});

test("a page that came to be longer keeps those behind it where it ends as before", () => {
  expect(withPage(three, 1, 8, "c")).toEqual({ starts: [undefined, "b", "c"], lengths: [10, 8, 5] });
});
