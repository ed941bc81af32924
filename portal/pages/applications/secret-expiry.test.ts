import { expect, test } from "vitest";
import { expiryTime } from "./secret-expiry.ts";

const NOW = Date.parse("2026-11-30T12:00:00Z");

test.each([
  ["1", "", "2027-11-30T12:00:00.000Z"],
  ["2", "", "2028-11-30T12:00:00.000Z"],
  ["never", "", "2299-12-30T23:59:59Z"],
  ["custom", "2027-01-31", "2027-01-31T00:00:00.000Z"],
  ["custom", "2026-01-31", undefined],
  ["custom", "soon", undefined],
])("%s %s is %s", (choice, custom, end) => {
  expect(expiryTime(choice, custom, NOW)).toBe(end);
});
