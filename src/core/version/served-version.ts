/**
 * The one rule by which every plane answers an api-version: a known one as it is described; a well-formed one newer than all that
 * are known as the newest known; any other not at all. So nothing has to be added here for each release of a client, and a date
 * that the real service never had is still refused. Pure.
 */

export type ServedVersion =
  /** Answered as `version`, which is another than was asked for when `isNewer`. */
  | { readonly version: string; readonly isNewer: boolean }
  /** `malformed`: no api-version at all. `newer`: only where the rule is strict. */
  | { readonly refusal: "malformed" | "unknown" | "newer" };

/** `2024-07-01`, `2024-07-01-preview`, and the data plane's `2024-07-01.20.0`. */
const WELL_FORMED = /^(\d{4})-(\d\d)-(\d\d)(?:-(?:alpha|beta|preview|privatepreview)|\.\d{1,3}\.\d{1,3})?$/;

/**
 * @param asked compares without case, as Azure's do
 * @param known oldest first
 * @param isStrict whether versions newer than the newest known are refused
 */
export function servedVersion(asked: string, known: readonly string[], isStrict: boolean): ServedVersion {
  const wanted = asked.toLowerCase();
  const version = known.find((candidate) => candidate.toLowerCase() === wanted);
  if (version !== undefined) return { version, isNewer: false };
  const date = dateOf(wanted);
  if (date === undefined) return { refusal: "malformed" };
  const newest = known.at(-1);
  if (newest === undefined || date <= (dateOf(newest) ?? newest)) return { refusal: "unknown" };
  return isStrict ? { refusal: "newer" } : { version: newest, isNewer: true };
}

/** Undefined for what no calendar has. */
function dateOf(version: string): string | undefined {
  const [, year, month = "", day = ""] = WELL_FORMED.exec(version) ?? [];
  if (year === undefined || month < "01" || month > "12" || day < "01" || day > "31") return undefined;
  return `${year}-${month}-${day}`;
}
