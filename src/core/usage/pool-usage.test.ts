import { expect, test } from "vitest";
import { poolUsage } from "./pool-usage.ts";

const HOUR = 3_600_000;
const span = (poolId: string, from: number, to: number, vmSize = "standard_d2_v3") => ({
  poolId,
  vmSize,
  from: from * HOUR,
  to: to * HOUR,
});

test("nodes of one pool add up, each by its cores and by the part of its time that was asked for", () => {
  const spans = [span("b", 0, 4), span("B", 3, 9), span("a", 2, 3, "standard_f4s_v2"), span("a", 8, 9)];
  expect(poolUsage(spans, 1 * HOUR, 5 * HOUR)).toEqual([
    { poolId: "a", vmSize: "standard_f4s_v2", coreTime: 4 * HOUR },
    { poolId: "B", vmSize: "standard_d2_v3", coreTime: 2 * (3 + 2) * HOUR },
  ]);
});
