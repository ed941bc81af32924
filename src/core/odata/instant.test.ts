import { expect, test } from "vitest";
import { durationTicks } from "./duration.ts";
import { canonicalInstant } from "./instant.ts";

test.each([
  ["2024-02-29", "2024-02-29T00:00:00.0000000Z"],
  ["2024-02-29T23:59", "2024-02-29T23:59:00.0000000Z"],
  ["2024-02-29T23:59:58", "2024-02-29T23:59:58.0000000Z"],
  ["2024-02-29T23:59:58.1Z", "2024-02-29T23:59:58.1000000Z"],
  ["2024-02-29T23:59:58.123456789Z", "2024-02-29T23:59:58.1234567Z"],
  ["2024-02-29T23:30:00.5-01:00", "2024-03-01T00:30:00.5000000Z"],
  ["2024-03-01T00:30:00+05:45", "2024-02-29T18:45:00.0000000Z"],
  ["Sun, 08 May 2011 08:49:37 GMT", "2011-05-08T08:49:37.0000000Z"],
])("%s is the instant %s", (text, instant) => {
  expect(canonicalInstant(text)).toBe(instant);
});

test.each([
  "",
  "2024",
  "2023-02-29",
  "2024-13-01",
  "2024-01-01T25:00:00Z",
  "2024-01-01T00:00:00 Z",
  "0000-01-01T00:00:00+01:00",
  "Sun, 08 Foo 2011 08:49:37 GMT",
  "tomorrow",
])("%s is no instant", (text) => {
  expect(canonicalInstant(text)).toBeUndefined();
});

test.each([
  ["PT0S", 0n],
  ["PT15M", 9_000_000_000n],
  ["P1DT1H1M1.0000001S", 900_610_000_001n],
  ["-PT1S", -10_000_000n],
  ["P10675199DT2H48M5.4775807S", 9_223_372_036_854_775_807n],
])("%s lasts %s ticks", (text, ticks) => {
  expect(durationTicks(text)).toBe(ticks);
});

test.each(["", "P", "PT", "P1DT", "1M", "P1Y", "PT1X", "PT1.5M"])("%s is no duration", (text) => {
  expect(durationTicks(text)).toBeUndefined();
});
