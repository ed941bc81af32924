/** The ranges of the bench: each is of a row that there is, and a figure outside of it is told. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Figure } from "../../bench/bench-row.ts";
import { outOfRange, RANGES } from "../../bench/report/ranges.ts";
import { repository, trackedFiles } from "./source-files.ts";

const figure = (own: number, theirs: number): Figure => ({
  name: "row",
  what: "  a thing",
  unit: "/s",
  values: [own],
  against: { name: "a peer", values: [theirs] },
});
const ranges = [{ name: "row", what: "a thing", atLeast: 0.5 }];

test("a ratio below its range is told, one within it is not, whatever the rates", () => {
  expect(outOfRange([figure(49, 100)], ranges)).toEqual(["row: a thing: 0.49 of a peer, ≥ 0.5"]);
  expect(outOfRange([figure(51, 100), figure(0.6, 1)], ranges)).toEqual([]);
});

test("every range is of a figure that a row of the bench gives", () => {
  const rows = trackedFiles
    .filter((file) => /^bench\/(rows|peers)\/.*\.ts$/.test(file))
    .map((file) => readFileSync(join(repository, file), "utf8"))
    .join("\n");
  const unknown = RANGES.flatMap(({ name, what }) => [name, what]).filter((text) => !rows.includes(text));
  expect(unknown).toEqual([]);
});
