/** When a job schedule makes its next jobs, as far as its times tell. Pure. Source: Azure Batch REST, "Job Schedule - Add", Schedule. */

export interface ScheduleTimes {
  readonly doNotRunUntil?: string | undefined;
  readonly doNotRunAfter?: string | undefined;
  readonly recurrenceInterval?: string | undefined;
}

const UNITS_MS = [86_400_000, 3_600_000, 60_000, 1_000];

/** @returns milliseconds; undefined for what is no ISO 8601 duration of days, hours, minutes and seconds */
export function durationMs(text: string): number | undefined {
  const parts = /^P(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6}(?:\.\d{1,6})?)S)?)?$/.exec(
    text,
  );
  if (parts === null || !/\d/.test(text)) return undefined;
  return UNITS_MS.reduce((sum, unit, index) => sum + Number(parts[index + 1] ?? 0) * unit, 0);
}

/**
 * A job that still runs keeps the next one back: these are the earliest times.
 * @param first as the service tells the next run; undefined for a schedule that is still to be made
 * @param now milliseconds since the epoch
 */
export function nextRuns(
  { doNotRunUntil, doNotRunAfter, recurrenceInterval }: ScheduleTimes,
  first: string | undefined,
  now: number,
  count: number,
): readonly Date[] {
  const begin = new Date(first ?? doNotRunUntil ?? now).getTime();
  const last = doNotRunAfter === undefined ? Number.POSITIVE_INFINITY : new Date(doNotRunAfter).getTime();
  if (Number.isNaN(begin) || Number.isNaN(last)) return [];
  const every = recurrenceInterval === undefined ? undefined : durationMs(recurrenceInterval);
  const runs = every ? Array.from({ length: count }, (_, index) => begin + index * every) : [begin];
  return runs.filter((at) => at <= last).map((at) => new Date(at));
}
