/** When a new secret ends, by what the form says. Pure. */

export const EXPIRIES = [
  ["1", "In 1 year"],
  ["2", "In 2 years"],
  ["never", "Never"],
  ["custom", "Custom"],
] as const;

/** What Azure's portal wrote for "Never". */
const NEVER = "2299-12-30T23:59:59Z";

/** @returns undefined where the date typed is none, or has passed */
export function expiryTime(choice: string, custom: string, now: number): string | undefined {
  if (choice === "never") return NEVER;
  if (choice === "custom") {
    const end = /^\d{4}-\d{2}-\d{2}$/.test(custom) ? Date.parse(custom) : Number.NaN;
    return end > now ? new Date(end).toISOString() : undefined;
  }
  const end = new Date(now);
  end.setUTCFullYear(end.getUTCFullYear() + Number(choice));
  return end.toISOString();
}
