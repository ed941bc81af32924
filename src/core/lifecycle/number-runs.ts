/**
 * Which numbers of a job are satisfied, as runs without a gap: however many there are, to add one, to take one away and to find where
 * a range still waits looks at two runs.
 */
export interface NumberRun {
  readonly first: number;
  readonly last: number;
}

/** What to do to the stored runs. */
export interface RunChange {
  readonly remove: readonly NumberRun[];
  readonly add: readonly NumberRun[];
}

const NOTHING: RunChange = { remove: [], add: [] };

/** @param near the runs that hold `number`, or the number before or after it */
export function runsWith(near: readonly NumberRun[], number: number): RunChange {
  if (near.some((run) => holds(run, number))) return NOTHING;
  const before = near.find(({ last }) => last === number - 1);
  const after = near.find(({ first }) => first === number + 1);
  const remove = [before, after].filter((run) => run !== undefined);
  return { remove, add: [{ first: before?.first ?? number, last: after?.last ?? number }] };
}

/** @param near as for `runsWith` */
export function runsWithout(near: readonly NumberRun[], number: number): RunChange {
  const run = near.find((known) => holds(known, number));
  if (run === undefined) return NOTHING;
  const rest = [
    { first: run.first, last: number - 1 },
    { first: number + 1, last: run.last },
  ];
  return { remove: [run], add: rest.filter(({ first, last }) => first <= last) };
}

/** The same numbers in as few ranges as can be. A range that ends before it begins means nothing. */
export function mergedRanges(ranges: readonly NumberRun[]): NumberRun[] {
  const merged: { first: number; last: number }[] = [];
  const sorted = ranges.filter(({ first, last }) => first <= last).sort((a, b) => a.first - b.first);
  for (const { first, last } of sorted) {
    const before = merged.at(-1);
    if (before !== undefined && first <= before.last + 1) before.last = Math.max(before.last, last);
    else merged.push({ first, last });
  }
  return merged;
}

const holds = ({ first, last }: NumberRun, number: number): boolean => first <= number && number <= last;
