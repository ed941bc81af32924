import { expect, test } from "vitest";
import { attemptUsage, usageOf, usagePlus, usageText } from "./task-usage.ts";

const measured = { userTime: 1_500, kernelTime: 250, blocksRead: 8, blocksWritten: 16, memory: 4_096 };

test("attempts of a task add up, and are read back as they were kept", () => {
  const first = attemptUsage(1_000, 3_000, measured);
  const both = usagePlus(usageOf(usageText(first)), attemptUsage(5_000, 5_500, measured));
  expect(both).toEqual({
    userTime: 3_000,
    kernelTime: 500,
    wallTime: 2_500,
    blocksRead: 16,
    blocksWritten: 32,
  });
});

test("of an attempt that nobody measured its time is known; clocks that disagree make none", () => {
  const none = { userTime: 0, kernelTime: 0, blocksRead: 0, blocksWritten: 0 };
  expect(attemptUsage(1_000, 1_200, undefined)).toEqual({ ...none, wallTime: 200 });
  expect(attemptUsage(1_000, 900, undefined)).toEqual({ ...none, wallTime: 0 });
  expect(usageOf(null)).toEqual({ ...none, wallTime: 0 });
});
