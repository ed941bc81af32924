/** Spans of time as people type them. Pure. */
import { CommandError, exitCode } from "./command/exit-code.ts";

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** In seconds; undefined when the text is no span. */
export function spanSeconds(text: string): number | undefined {
  const [, number, unit = ""] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  return number === undefined ? undefined : Number(number) * (UNIT_SECONDS[unit] ?? 0);
}

/** @param text a time in ISO 8601, or a span back from now. @throws CommandError (usage) */
export function timeAgo(text: string, now: number): Date {
  const seconds = spanSeconds(text);
  const time = seconds === undefined ? Date.parse(text) : now - seconds * 1_000;
  if (!Number.isNaN(time)) return new Date(time);
  throw new CommandError(
    `'${text}' is neither a time (2026-01-31T12:00Z) nor a span (10m, 24h)`,
    exitCode.usage,
  );
}
