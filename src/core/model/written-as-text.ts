/**
 * Values of other types that clients write as JSON strings: the service reads them by its .NET reader's rules. Command lines send options as
 * they were typed (`"5"`, `"true"`), forms send empty strings for what was left empty, and .NET's smallest date stands for none.
 */

const INTEGER = /^-?\d{1,19}$/;
const DECIMAL = /^-?\d{1,40}(?:\.\d{1,40})?(?:[eE][+-]?\d{1,3})?$/;
const SMALLEST_DATE = /^0001-01-01[Tt ]00:00:00(?:\.0{1,12})?(?:[Zz]|[+-]\d\d:?\d\d)?$/;

/** The number that the text is; what is no text, or no whole number, comes back as it is. */
export function integerOfText(value: unknown): unknown {
  return typeof value === "string" && INTEGER.test(value) ? Number(value) : value;
}

/** As `integerOfText`, for numbers with a fraction too. */
export function numberOfText(value: unknown): unknown {
  return typeof value === "string" && DECIMAL.test(value) ? Number(value) : value;
}

/** `true` and `false` in any case; anything else comes back as it is. */
export function booleanOfText(value: unknown): unknown {
  if (typeof value !== "string") return value;
  const word = value.toLowerCase();
  return word === "true" ? true : word === "false" ? false : value;
}

/** Types of which an empty string can be no value: it means that an optional property was not given. */
const NEVER_EMPTY: ReadonlySet<string> = new Set([
  "boolean",
  "int32",
  "int64",
  "double",
  "date-time",
  "duration",
]);

/** Whether a text says that an optional property of a type that is no plain string was not given. */
export function saysNothing(value: unknown, type: string, isEnum: boolean): boolean {
  if (value === "") return isEnum || NEVER_EMPTY.has(type);
  return type === "date-time" && typeof value === "string" && SMALLEST_DATE.test(value);
}
