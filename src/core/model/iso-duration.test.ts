import { expect, test } from "vitest";
import { LONGEST_DURATION, millisecondsToDuration, parseDuration } from "./iso-duration.ts";

test.each([
  ["PT15M", 900_000],
  ["PT0S", 0],
  ["P1DT2H3M4.5S", 93_784_500],
  ["PT0.001S", 1],
  ["-PT5M", -300_000],
  ["P7D", 604_800_000],
])("%s is %d milliseconds, and is written so again", (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds);
  expect(millisecondsToDuration(milliseconds)).toBe(text);
});

test("a month counts 30 days and a year 365", () => {
  expect(parseDuration("P1Y1M")).toBe(395 * 86_400_000);
});

test("the largest .NET time span means no limit, in both directions", () => {
  expect(parseDuration(LONGEST_DURATION)).toBe(Infinity);
  expect(millisecondsToDuration(Infinity)).toBe(LONGEST_DURATION);
});

test.each([
  "",
  "P",
  "PT",
  "15M",
  "PT15",
  "P1W",
  "PT1M2H",
  "P1DT",
  "PT1.S",
  "P10675200D",
  "pt5m",
  " PT5M",
  "PT5M\n",
  "P1S",
])("%j is no duration", (text) => {
  expect(parseDuration(text)).toBeUndefined();
});
