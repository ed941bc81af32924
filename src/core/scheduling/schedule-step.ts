/**
 * When a job schedule makes its next job. Pure: the caller persists, then acts. Source: Azure Batch REST, "Job Schedule - Add",
 * Schedule.
 */

/** Times in milliseconds since the epoch, lengths in milliseconds. */
export interface ScheduleTimes {
  readonly doNotRunUntil?: number | undefined;
  readonly doNotRunAfter?: number | undefined;
  /** How late the job of an occurrence may come; Infinity by default. */
  readonly startWindow: number;
  /** Undefined: one job, once. */
  readonly recurrence?: number | undefined;
}

export interface ScheduleProgress {
  /** The earliest occurrence that has not been served; null when none is left. */
  readonly dueAt: number | null;
  /** A schedule has one active job at a time. */
  readonly hasActiveJob: boolean;
}

export interface ScheduleStep {
  readonly action: "create" | "complete" | "wait";
  /** As in `ScheduleProgress`, after the action. */
  readonly dueAt: number | null;
  /** When to ask again, if nothing happens before; null: only when something does. */
  readonly wakeAt: number | null;
}

/** The first occurrence: recurrences are counted from it. */
export function firstDue(times: ScheduleTimes, addedAt: number): number {
  return times.doNotRunUntil ?? addedAt;
}

export function scheduleStep(times: ScheduleTimes, progress: ScheduleProgress, now: number): ScheduleStep {
  const { recurrence, startWindow, doNotRunAfter: last = Infinity } = times;
  const dueAt = nextDue(times, progress.dueAt, now);
  if (dueAt !== null && dueAt <= now && !progress.hasActiveJob) {
    const following = recurrence === undefined ? null : dueAt + recurrence;
    return { action: "create", dueAt: following, wakeAt: earliest([following, last + 1], now) };
  }
  const mayFollow = dueAt !== null || (recurrence !== undefined && now <= last);
  if (!mayFollow && !progress.hasActiveJob) return { action: "complete", dueAt: null, wakeAt: null };
  const moments = dueAt === null ? [] : [dueAt, dueAt + startWindow + 1, dueAt + (recurrence ?? Infinity)];
  return { action: "wait", dueAt, wakeAt: earliest([...moments, last + 1], now) };
}

/** Passes over occurrences whose time has gone by unused: no job is made up for them. */
function nextDue(times: ScheduleTimes, dueAt: number | null, now: number): number | null {
  const { recurrence, startWindow, doNotRunAfter: last = Infinity } = times;
  if (dueAt === null || now > last) return null;
  let due = dueAt;
  if (recurrence !== undefined && due + recurrence <= now) {
    due += Math.floor((now - due) / recurrence) * recurrence;
  }
  if (now > due + startWindow) {
    if (recurrence === undefined) return null;
    due += recurrence;
  }
  return due > last ? null : due;
}

function earliest(moments: readonly (number | null)[], now: number): number | null {
  const ahead = moments.filter((at): at is number => at !== null && at > now && at !== Infinity);
  return ahead.length === 0 ? null : Math.min(...ahead);
}
