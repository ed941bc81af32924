/**
 * ISO 8601 durations as the Batch service reads and writes them: .NET's `XmlConvert` rules, a month 30 days, a year 365.
 * Its largest time span stands for "no limit" and becomes Infinity here.
 */

/** `P10675199DT2H48M5.4775807S`, 2^63 - 1 ticks of 100 ns: the largest .NET `TimeSpan`. */
export const LONGEST_DURATION = "P10675199DT2H48M5.4775807S";

const LONGEST_MILLISECONDS = 922_337_203_685_477.6;

const DURATION =
  /^(-?)P(?:(\d{1,9})Y)?(?:(\d{1,9})M)?(?:(\d{1,9})D)?(?:T(?=\d)(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9}(?:\.\d+)?)S)?)?$/;

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** @returns milliseconds, Infinity for the largest time span; undefined for what is no duration or longer than that. */
export function parseDuration(text: string): number | undefined {
  const fields = DURATION.exec(text);
  if (fields === null || !/\d[YMDHS]$/.test(text)) return undefined;
  const [, sign, ...numbers] = fields;
  const [years = 0, months = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = numbers.map((n) =>
    Number(n ?? 0),
  );
  const milliseconds =
    (years * 365 + months * 30 + days) * DAY + hours * HOUR + minutes * MINUTE + seconds * SECOND;
  if (milliseconds > LONGEST_MILLISECONDS) return undefined;
  const bounded = milliseconds === LONGEST_MILLISECONDS ? Infinity : milliseconds;
  return sign === "-" ? -bounded : bounded;
}

/**
 * For text that a request check has already let through.
 * @throws RangeError for what is no duration
 */
export function durationToMilliseconds(text: string): number {
  const milliseconds = parseDuration(text);
  if (milliseconds === undefined) throw new RangeError(`not a duration: ${text}`);
  return milliseconds;
}

/** The spelling .NET gives: the largest units that fit, no weeks; `PT0S` for nothing. */
export function millisecondsToDuration(milliseconds: number): string {
  if (Math.abs(milliseconds) >= LONGEST_MILLISECONDS)
    return milliseconds < 0 ? `-${LONGEST_DURATION}` : LONGEST_DURATION;
  const whole = Math.abs(milliseconds);
  const days = Math.floor(whole / DAY);
  const hours = Math.floor((whole % DAY) / HOUR);
  const minutes = Math.floor((whole % HOUR) / MINUTE);
  const seconds = Number(((whole % MINUTE) / SECOND).toFixed(7));
  const time = [hours && `${hours}H`, minutes && `${minutes}M`, seconds && `${seconds}S`]
    .filter(Boolean)
    .join("");
  const text = `P${days ? `${days}D` : ""}${time && `T${time}`}`;
  return text === "P" ? "PT0S" : `${milliseconds < 0 ? "-" : ""}${text}`;
}
