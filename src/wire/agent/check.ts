/**
 * What a value that a peer has sent must look like, said as tables whose types follow the messages'. A check looks at what its table
 * names and at nothing else: properties that a later version adds pass, and no value decides how deep or how long a check goes.
 */

declare const CHECKED: unique symbol;

/** Returns what is wrong, in words that repeat nothing of the value; undefined for a value that is a `T`. */
export type Check<T> = ((value: unknown) => string | undefined) & { readonly [CHECKED]?: (value: T) => T };

/** A check for each property but the tag, which tells which table it is. */
export type Fields<T, Tag extends keyof T = never> = {
  readonly [P in Exclude<keyof T, Tag>]: Check<T[P]>;
};

/** @param max characters */
export function text(max: number, pattern?: RegExp): Check<string> {
  return (value) => {
    if (typeof value !== "string") return "is no text";
    if (value.length > max) return `is longer than ${max} characters`;
    return pattern === undefined || pattern.test(value) ? undefined : "has not the form that is asked for";
  };
}

export function integer(min: number, max: number): Check<number> {
  return (value) =>
    Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max
      ? undefined
      : `is no whole number from ${min} to ${max}`;
}

export const flag: Check<boolean> = (value) => (typeof value === "boolean" ? undefined : "is no truth value");

/** ISO 8601, UTC, as `Date.prototype.toISOString` writes the years from 0 to 9999. */
export const instant: Check<string> = (value) =>
  typeof value === "string" &&
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/.test(value) &&
  Number.isFinite(Date.parse(value))
    ? undefined
    : "is no instant";

export function oneOf<const T extends string>(...words: readonly T[]): Check<T> {
  return (value) =>
    words.includes(value as T) ? undefined : `is none of ${words.map((word) => `"${word}"`).join(", ")}`;
}

export function optional<T>(check: Check<T>): Check<T | undefined> {
  return (value) => (value === undefined ? undefined : check(value));
}

/** @param max entries */
export function list<T>(check: Check<T>, max: number): Check<readonly T[]> {
  return (value) => {
    if (!Array.isArray(value)) return "is no list";
    if (value.length > max) return `has more than ${max} entries`;
    for (const entry of value) {
      const problem = check(entry);
      if (problem !== undefined) return `has an entry that ${problem}`;
    }
    return undefined;
  };
}

export function pair<A, B>(first: Check<A>, second: Check<B>): Check<readonly [A, B]> {
  return (value) => {
    if (!Array.isArray(value) || value.length !== 2) return "is no pair";
    return first(value[0]) ?? second(value[1]);
  };
}

/** Names are the peer's choice. @param max names */
export function dictionary<T>(
  name: Check<string>,
  check: Check<T>,
  max: number,
): Check<Readonly<Record<string, T>>> {
  return (value) => {
    if (!isObject(value)) return "is no object";
    const entries = Object.entries(value);
    if (entries.length > max) return `has more than ${max} properties`;
    for (const [key, entry] of entries) {
      const problem = name(key) ?? check(entry);
      if (problem !== undefined) return `has a property that ${problem}`;
    }
    return undefined;
  };
}

export function object<T extends object>(fields: Fields<T>): Check<T> {
  const checkFields = fieldsCheck(fields);
  return (value) => (isObject(value) ? checkFields(value) : "is no object");
}

/** Objects of several kinds, told apart by one property's text. `kinds` are all there are. */
export function variants<T extends object, Tag extends keyof T & string>(
  tag: Tag,
  tables: { readonly [V in T[Tag] & string]: Fields<Extract<T, Readonly<Record<Tag, V>>>, Tag> },
): Check<T> & { readonly kinds: readonly string[] } {
  const checks = new Map(
    Object.entries(tables as Readonly<Record<string, object>>).map(([kind, fields]) => [
      kind,
      fieldsCheck(fields),
    ]),
  );
  const check: Check<T> = (value) => {
    if (!isObject(value)) return "is no object";
    const kind = own(value, tag);
    const fields = typeof kind === "string" ? checks.get(kind) : undefined;
    if (!fields) return `has no "${tag}" that is known`;
    const problem = fields(value);
    return problem === undefined ? undefined : `is no ${String(kind)}: it ${problem}`;
  };
  return Object.assign(check, { kinds: [...checks.keys()] });
}

function fieldsCheck(fields: object): (value: object) => string | undefined {
  const entries = Object.entries(fields) as [string, Check<unknown>][];
  return (value) => {
    for (const [name, check] of entries) {
      const problem = check(own(value, name));
      if (problem !== undefined) return `has a "${name}" that ${problem}`;
    }
    return undefined;
  };
}

/** What the value itself has: nothing that every object has is a peer's word. */
function own(value: object, name: string): unknown {
  return Object.hasOwn(value, name) ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
