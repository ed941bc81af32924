/**
 * Points in time as fixed-width UTC text (`2024-01-31T08:00:00.0000000Z`, 100 ns): two instants compare as strings
 * compare, exactly, where a JavaScript number would lose the last digits that Azure's times carry.
 */

const ISO_INSTANT =
  /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,12}))?)?(Z|[+-]\d\d:\d\d)?)?$/;
const RFC_1123_INSTANT = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/;

/** The longest text that can be an instant, so that long values are dismissed without looking at them. */
const INSTANT_LENGTH_MAX = 40;

/**
 * Reads an ISO 8601 date or date-time (no offset means UTC) or an RFC 1123 date, the two forms of the Azure page
 * "Create queries to list Batch resources efficiently". Undefined when the text is neither, or is no real date.
 */
export function canonicalInstant(text: string): string | undefined {
  if (text.length > INSTANT_LENGTH_MAX) return undefined;
  const iso = ISO_INSTANT.exec(text);
  if (iso !== null) return fromFields(iso);
  if (!RFC_1123_INSTANT.test(text)) return undefined;
  const milliseconds = Date.parse(text);
  return Number.isNaN(milliseconds) ? undefined : render(milliseconds, "");
}

function fromFields(fields: RegExpExecArray): string | undefined {
  const [
    ,
    year = "",
    month = "",
    day = "",
    hour = "00",
    minute = "00",
    second = "00",
    fraction = "",
    zone = "Z",
  ] = fields;
  // `Date.parse` knows leap years and refuses hour 25, but lets 30 February roll over: hence the day of the month.
  const local = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(local) || new Date(local).getUTCDate() !== Number(day)) return undefined;
  if (zone === "Z") return `${year}-${month}-${day}T${hour}:${minute}:${second}.${ticks(fraction)}Z`;
  const offsetMinutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4));
  return render(local - (zone.startsWith("-") ? -1 : 1) * offsetMinutes * 60_000, fraction);
}

function render(milliseconds: number, fraction: string): string | undefined {
  const text = new Date(milliseconds).toISOString();
  // Years outside 0000-9999 are written with a sign and would not sort as text.
  return text.length === 24 ? `${text.slice(0, 19)}.${ticks(fraction)}Z` : undefined;
}

function ticks(fraction: string): string {
  return fraction.slice(0, 7).padEnd(7, "0");
}
