import { expect, test } from "vitest";
import { durationMs, nextRuns } from "./schedule-runs.ts";

const NOW = Date.parse("2026-01-01T00:00:00Z");
const runs = (...args: Parameters<typeof nextRuns>) =>
  nextRuns(...args).map((at) => at.toISOString().slice(5, 16));

test.each([
  ["PT1H30M", 5_400_000],
  ["P1D", 86_400_000],
  ["PT0.5S", 500],
  ["P", undefined],
  ["PT", undefined],
  ["1 hour", undefined],
])("%s is %s milliseconds", (text, expected) => {
  expect(durationMs(text)).toBe(expected);
});

test("a schedule runs from its first time on, as often as it says, and no later than its last", () => {
  const schedule = { recurrenceInterval: "PT6H", doNotRunAfter: "2026-01-01T13:00:00Z" };
  expect(runs(schedule, undefined, NOW, 5)).toEqual(["01-01T00:00", "01-01T06:00", "01-01T12:00"]);
  expect(runs({ ...schedule, doNotRunUntil: "2026-01-01T12:00:00Z" }, undefined, NOW, 5)).toEqual([
    "01-01T12:00",
  ]);
});

test("the service's own next run is where it goes on; without recurrence there is one", () => {
  expect(runs({ recurrenceInterval: "P1D" }, "2026-02-01T01:00:00Z", NOW, 2)).toEqual([
    "02-01T01:00",
    "02-02T01:00",
  ]);
  expect(runs({}, "2026-02-01T01:00:00Z", NOW, 3)).toHaveLength(1);
  expect(runs({ doNotRunUntil: "soon" }, undefined, NOW, 3)).toEqual([]);
});
