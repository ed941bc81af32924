/** ISO 8601 durations of fixed length (days and smaller) as a count of 100 ns ticks, so that they compare exactly. */

const DURATION = /^(-?)P(?:(\d{1,9})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})(?:\.(\d{1,12}))?S)?)?$/;
const TICKS_PER_SECOND = 10_000_000n;

/** `PT1M` gives 600,000,000. Undefined when the text is no duration; years and months have no fixed length. */
export function durationTicks(text: string): bigint | undefined {
  const fields = DURATION.exec(text);
  if (fields === null || !/\d[DHMS]$/.test(text)) return undefined;
  const [, sign, days = "0", hours = "0", minutes = "0", seconds = "0", fraction = ""] = fields;
  const wholeSeconds = ((BigInt(days) * 24n + BigInt(hours)) * 60n + BigInt(minutes)) * 60n + BigInt(seconds);
  const ticks = wholeSeconds * TICKS_PER_SECOND + BigInt(fraction.slice(0, 7).padEnd(7, "0"));
  return sign === "-" ? -ticks : ticks;
}
