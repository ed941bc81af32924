/** How many tasks waited and ran, and how many ended a minute, over time. Pure. */
import type { TaskTime } from "./gantt-layout.ts";

export interface Rates {
  /** Milliseconds since the epoch: where each step ends. */
  readonly times: readonly number[];
  readonly stepMs: number;
  readonly waiting: readonly number[];
  readonly running: readonly number[];
  /** A minute. */
  readonly succeeded: readonly number[];
  readonly failed: readonly number[];
}

const STEPS_MAX = 120;
const STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400];
const MINUTE_MS = 60_000;

export function stepFor(spanMs: number): number {
  const step = STEPS_S.find((seconds) => spanMs / (seconds * 1_000) <= STEPS_MAX);
  return step === undefined ? Math.ceil(spanMs / STEPS_MAX) : step * 1_000;
}

/** @param now where what has not ended yet stands */
export function taskRates(tasks: readonly TaskTime[], now: number): Rates {
  const from = tasks.reduce((least, { created }) => Math.min(least, created), now);
  const to = tasks.some(({ end }) => end === undefined)
    ? now
    : tasks.reduce((most, { end = 0 }) => Math.max(most, end), from);
  const stepMs = stepFor(to - from);
  const count = Math.max(1, Math.ceil((to - from) / stepMs));
  const zeros = () => new Array<number>(count).fill(0);
  // Changes first, summed up afterwards: each task costs the same, however long it took.
  const [waits, runs, succeeded, failed] = [zeros(), zeros(), zeros(), zeros()];
  const add = (series: number[], at: number, change: number) => {
    const index = Math.min(count - 1, Math.max(0, Math.ceil((at - from) / stepMs) - 1));
    if (at <= to) series[index] = (series[index] ?? 0) + change;
  };
  for (const { created, start, end, outcome } of tasks) {
    add(waits, created, 1);
    if (start !== undefined || end !== undefined) add(waits, start ?? end ?? 0, -1);
    if (start !== undefined) add(runs, start, 1);
    if (end === undefined) continue;
    if (start !== undefined) add(runs, end, -1);
    add(outcome === "failed" ? failed : succeeded, end, MINUTE_MS / stepMs);
  }
  return {
    times: Array.from({ length: count }, (_, index) => Math.min(to, from + (index + 1) * stepMs)),
    stepMs,
    waiting: summed(waits),
    running: summed(runs),
    succeeded,
    failed,
  };
}

function summed(changes: readonly number[]): number[] {
  let sum = 0;
  return changes.map((change) => {
    sum += change;
    return sum;
  });
}

export interface CountSample {
  readonly at: number;
  readonly active: number;
  readonly running: number;
  readonly succeeded: number;
  readonly failed: number;
}

/** Out of counts that were looked at one after the other, where there are too many tasks to look at each. */
export function sampledRates(samples: readonly CountSample[]): Rates {
  const perMinute = (of: (sample: CountSample) => number) =>
    samples.map((sample, index) => {
      const before = samples[index - 1];
      if (before === undefined || sample.at <= before.at) return 0;
      return Math.max(0, ((of(sample) - of(before)) * MINUTE_MS) / (sample.at - before.at));
    });
  return {
    times: samples.map(({ at }) => at),
    stepMs: 0,
    waiting: samples.map(({ active }) => active),
    running: samples.map(({ running }) => running),
    succeeded: perMinute(({ succeeded }) => succeeded),
    failed: perMinute(({ failed }) => failed),
  };
}

const SAMPLES_MAX = 600;

/** Keeps every second one when there are too many: the whole time stays in sight. */
export function withSample(samples: readonly CountSample[], sample: CountSample): readonly CountSample[] {
  const all = [...samples, sample];
  return all.length <= SAMPLES_MAX ? all : all.filter((_, index) => index % 2 === 0);
}
