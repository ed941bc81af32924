import { expect, test } from "vitest";
import { barsBetween, ganttOf, type TaskTime } from "./gantt-layout.ts";
import { sampledRates, stepFor, taskRates, withSample } from "./task-rates.ts";

const task = (id: string, node: string, start: number, end?: number): TaskTime => ({
  id,
  node,
  created: 0,
  start,
  end,
  outcome: end === undefined ? "running" : "succeeded",
});

test("tasks that run beside each other on a node stand in lanes of their own, and lanes are used again", () => {
  const { nodes, lanes, from, to } = ganttOf(
    [task("c", "n1", 30, 40), task("a", "n1", 10, 30), task("b", "n1", 20), task("d", "n2", 15, 16)],
    50,
  );
  expect(nodes).toEqual([
    { node: "n1", first: 0, count: 2 },
    { node: "n2", first: 2, count: 1 },
  ]);
  expect(lanes.map((lane) => lane.map((bar) => [bar.task.id, bar.start, bar.end]))).toEqual([
    [
      ["a", 10, 30],
      ["c", 30, 40],
    ],
    [["b", 20, 50]],
    [["d", 15, 16]],
  ]);
  expect([from, to]).toEqual([10, 50]);
});

test("of a lane only the bars between two times are looked at", () => {
  const { lanes } = ganttOf([task("a", "n", 0, 10), task("b", "n", 10, 20), task("c", "n", 30, 40)], 50);
  expect(barsBetween(lanes[0] ?? [], 12, 35).map((bar) => bar.task.id)).toEqual(["b", "c"]);
  expect(barsBetween(lanes[0] ?? [], 21, 29)).toEqual([]);
});

test("what has not begun has no bar", () => {
  const waiting: TaskTime = {
    id: "w",
    node: undefined,
    created: 1,
    start: undefined,
    end: undefined,
    outcome: "waiting",
  };
  expect(ganttOf([waiting], 5)).toMatchObject({ nodes: [], lanes: [] });
});

test("rates count who waits and runs at the end of each step, and who ended in it, a minute", () => {
  const s = 1_000;
  const rates = taskRates(
    [task("a", "n", 1 * s, 2 * s), task("b", "n", 2 * s, 4 * s), task("c", "n", 4 * s)],
    5 * s,
  );
  expect(rates.stepMs).toBe(s);
  expect(rates.waiting).toEqual([2, 1, 1, 0, 0]);
  expect(rates.running).toEqual([1, 1, 1, 1, 1]);
  expect(rates.succeeded).toEqual([0, 60, 0, 60, 0]);
});

test("steps grow with the time that they cover", () => {
  expect(stepFor(60_000)).toBe(1_000);
  expect(stepFor(3_600_000)).toBe(30_000);
  expect(stepFor(1e12) * 120).toBeGreaterThanOrEqual(1e12);
});

test("counts looked at one after the other make rates, and never grow without end", () => {
  const sample = (at: number, succeeded: number) => ({ at, active: 1, running: 2, succeeded, failed: 0 });
  expect(sampledRates([sample(0, 0), sample(30_000, 10)]).succeeded).toEqual([0, 20]);
  let samples: ReturnType<typeof withSample> = [];
  for (let at = 0; at < 5_000; at++) samples = withSample(samples, sample(at, at));
  expect(samples.length).toBeLessThanOrEqual(600);
  expect(samples[0]?.at).toBe(0);
});
