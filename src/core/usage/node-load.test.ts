import { expect, test } from "vitest";
import { cpuPercentage, loadPlus, memoryAverage, NO_LOAD, timedLoad } from "./node-load.ts";

const node = (allocated_at: number, cpu_time: number, memory_peak: number) => ({
  allocated_at,
  is_dedicated: 1,
  cpu_time,
  disk_blocks_read: 1,
  disk_blocks_written: 2,
  memory_time: 500,
  memory_peak,
});

test("nodes add up by their time, their processors and the largest of their peaks", () => {
  const load = loadPlus(
    timedLoad(node(0, 1_000_000, 2), 2, 2_000),
    timedLoad(node(1_000, 500_000, 1), 2, 2_000),
  );
  expect(load).toMatchObject({ node_time: 3_000, core_time: 6_000, memory_peak: 2, disk_blocks_written: 4 });
  // A second and a half of the six that two nodes of two cores had.
  expect(cpuPercentage(load)).toBeCloseTo(25);
  expect(memoryAverage(load)).toBeCloseTo(1 / 3);
});

test("nothing was used of nodes that were never there, and never more than all", () => {
  expect([cpuPercentage(NO_LOAD), memoryAverage(NO_LOAD)]).toEqual([0, 0]);
  expect(cpuPercentage(timedLoad(node(0, 9_000_000, 0), 1, 1_000))).toBe(100);
});
