import { expect, test } from "vitest";
import { hourOf, metricPoints, readMetricQuery } from "./metric-query.ts";

const NOW = Date.parse("2026-12-01T14:20:00Z");

test("a timespan is two instants, an instant and a duration, or a duration that ends now", () => {
  const query = (timespan?: string, interval?: string) => readMetricQuery(timespan, interval, NOW);
  const from = Date.parse("2026-12-01T00:00:00Z");
  expect(query("2026-12-01T00:00:00Z/2026-12-01T06:00:00Z", "PT6H")).toEqual({
    from,
    to: Date.parse("2026-12-01T06:00:00Z"),
    grain: "PT6H",
    hours: 6,
  });
  expect(query("2026-12-01T00:00:00Z/P1D", "P1D")).toMatchObject({ from, to: from + 86_400_000, hours: 24 });
  expect(query("PT2H")).toMatchObject({ from: NOW - 7_200_000, to: NOW, hours: 1 });
  expect(query()).toMatchObject({ from: NOW - 3_600_000, to: NOW, grain: "PT1H" });
});

test.each([
  ["a/b", "PT1H", "is none"],
  ["2026-12-01T00:00:00Z/2026-12-01T01:00:00Z/x", "PT1H", "is none"],
  ["2026-12-01T06:00:00Z/2026-12-01T00:00:00Z", "PT1H", "ends before it begins"],
  ["2026-01-01T00:00:00Z/2026-12-01T00:00:00Z", "P1D", "longer than 93 days"],
  ["PT1H", "PT1M", "not kept here: take one of PT1H"],
  ["PT1H", "P10675199DT2H48M5.4775807S", "not kept here"],
])("%s by %s: %s", (timespan, interval, problem) => {
  expect(readMetricQuery(timespan, interval, NOW)).toContain(problem);
});

test("each interval has a point, and hours are counted in theirs", () => {
  const query = { from: NOW - 5 * 3_600_000, to: NOW, grain: "PT6H", hours: 6 };
  const hour = hourOf(NOW);
  expect(
    metricPoints(query, [
      { hour: hour - 5, count: 2 },
      { hour, count: 3 },
    ]),
  ).toEqual([{ timeStamp: "2026-12-01T09:00:00Z", total: 5 }]);
  const daily = { ...query, from: NOW - 47 * 3_600_000, hours: 24 };
  expect(metricPoints(daily, [{ hour, count: 1 }]).map(({ total }) => total)).toEqual([0, 1]);
});
