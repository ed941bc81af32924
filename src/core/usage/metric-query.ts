/**
 * What a request for metrics asks for, and the points that answer it. Sources: Azure Monitor's "Metrics - List"; "Supported metrics for
 * Microsoft.Batch/batchAccounts". Pure.
 */
import { parseDuration } from "../model/iso-duration.ts";

const HOUR_MS = 3_600_000;
/** Metrics are kept for 93 days. */
export const KEPT_HOURS = 93 * 24;
/** Finer ones are not kept here. */
export const GRAINS = ["PT1H", "PT6H", "PT12H", "P1D"] as const;
/** A client that names none gets minutes of Azure; the finest that there is here. */
const DEFAULT_GRAIN = GRAINS[0];

/** Of the epoch. @param at epoch milliseconds */
export const hourOf = (at: number): number => Math.floor(at / HOUR_MS);

export interface MetricQuery {
  /** Epoch milliseconds. */
  readonly from: number;
  readonly to: number;
  readonly grain: string;
  /** Hours of one point. */
  readonly hours: number;
}

/** @returns the query, or what is wrong with it */
export function readMetricQuery(
  timespan: string | undefined,
  interval: string | undefined,
  now: number,
): MetricQuery | string {
  const grain = interval ?? DEFAULT_GRAIN;
  const hours = (parseDuration(grain) ?? 0) / HOUR_MS;
  if (!GRAINS.some((known) => parseDuration(known) === hours * HOUR_MS))
    return `The interval '${grain}' is not kept here: take one of ${GRAINS.join(", ")}.`;
  const span = timespan === undefined ? [now - HOUR_MS, now] : readSpan(timespan, now);
  const [from = Number.NaN, to = Number.NaN] = span;
  if (Number.isNaN(from) || Number.isNaN(to))
    return `The timespan '${timespan}' is none: give start and end in ISO 8601 with a slash between them, or a duration.`;
  if (from >= to) return `The timespan '${timespan}' ends before it begins.`;
  if (to - from > KEPT_HOURS * HOUR_MS) return `The timespan '${timespan}' is longer than 93 days.`;
  return { from, to, grain, hours };
}

function readSpan(timespan: string, now: number): number[] {
  const [start = "", end, more] = timespan.split("/", 3);
  if (more !== undefined) return [];
  if (end === undefined) return [now - (parseDuration(start) ?? Number.NaN), now];
  const length = parseDuration(end);
  const from = Date.parse(start);
  return [from, length === undefined ? Date.parse(end) : from + length];
}

/** One for each interval from the first hour on, with nought where nothing was counted. */
export function metricPoints(
  { from, to, hours }: MetricQuery,
  counted: readonly { readonly hour: number; readonly count: number }[],
): { readonly timeStamp: string; readonly total: number }[] {
  const first = hourOf(from);
  const points: { timeStamp: string; total: number }[] = [];
  for (let hour = first; hour * HOUR_MS < to; hour += hours)
    points.push({ timeStamp: `${new Date(hour * HOUR_MS).toISOString().slice(0, 19)}Z`, total: 0 });
  for (const { hour, count } of counted) {
    const point = points[Math.floor((hour - first) / hours)];
    if (point !== undefined) point.total += count;
  }
  return points;
}
