import { expect, test } from "vitest";
import { isWorthShrinking } from "./idle-heap.ts";

const MB = 1024 * 1024;
/** As a service is five seconds after its start. */
const STARTED = { busy: 40_000, young: 30 * MB, used: 36 * MB };

test("a service that waits gives back what its start has left behind, once", () => {
  expect(isWorthShrinking(STARTED)).toBe(true);
  expect(isWorthShrinking({ ...STARTED, young: MB })).toBe(false);
});

test("a service that works is let alone, and so is a heap whose collection would be noticed", () => {
  expect(isWorthShrinking({ ...STARTED, busy: 1_000_000 })).toBe(false);
  expect(isWorthShrinking({ ...STARTED, used: 300 * MB })).toBe(false);
});
