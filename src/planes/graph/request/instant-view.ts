/** Times as Graph writes them. */

/** The portal's date for a secret without end: Graph has no other word for it. */
export const NEVER_ENDS = Date.UTC(2299, 11, 31);

/** @param time milliseconds since the epoch; null and infinity stand for "never" */
export function instantView(time: number | null): string {
  const shown = time === null || time > NEVER_ENDS ? NEVER_ENDS : time;
  return new Date(shown).toISOString().replace(".000Z", "Z");
}
