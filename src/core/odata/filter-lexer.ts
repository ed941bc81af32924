/**
 * Cuts a `$filter` into tokens and reads its literals, in both spellings clients use: OData 3 (`datetime'…'`,
 * `guid'…'`, `time'…'`) and OData 4 (bare instants and guids, `duration'…'`). Knows no grammar.
 */

import { GUID_PATTERN } from "../guid.ts";
import { durationTicks } from "./duration.ts";
import type { Literal } from "./filter-expression.ts";
import { canonicalInstant } from "./instant.ts";
import { invalidQueryParameter } from "./invalid-query-parameter.ts";

export type Token =
  | { readonly kind: "name" | "punctuation" | "end"; readonly text: string; readonly at: number }
  | { readonly kind: "literal"; readonly text: string; readonly literal: Literal; readonly at: number };

/** Ours: a filter comes in a query string, and servers commonly bound the whole request line at 16 KiB. */
export const FILTER_LENGTH_MAX = 16_384;

const SPACE = /\s+/y;
const PUNCTUATION = /[(),:]/y;
const STRING = /([A-Za-z]*)'((?:[^']|'')*)'(?!')/y;
const GUID = new RegExp(`${GUID_PATTERN}(?![\\w-])`, "iy");
const INSTANT = /\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d)?)?(?![\w:-])/y;
/** With the type suffixes of OData 3 (`5L`, `1.5M`). */
const NUMBER = /(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)[lmfd]?(?![\w.-])/iy;
const NAME = /[A-Za-z_][\w.]*(?:\/[A-Za-z_][\w.]*)*/y;

/** The error every part of the filter engine raises: what is wrong, and at which column (the first is 1). */
export function invalidFilter(text: string, at: number, problem: string): Error {
  return invalidQueryParameter("$filter", text, `${problem} (column ${at + 1})`);
}

/** All tokens of the text, the last being `end`. @throws Fault InvalidQueryParameterValue */
export function filterTokens(text: string): Token[] {
  if (text.length > FILTER_LENGTH_MAX) {
    throw invalidFilter(text, FILTER_LENGTH_MAX, `The filter is longer than ${FILTER_LENGTH_MAX} characters`);
  }
  const tokens: Token[] = [];
  let at = match(SPACE, text, 0)?.[0].length ?? 0;
  while (at < text.length) {
    const token = tokenAt(text, at);
    tokens.push(token);
    at += token.text.length;
    at += match(SPACE, text, at)?.[0].length ?? 0;
  }
  tokens.push({ kind: "end", text: "", at });
  return tokens;
}

function tokenAt(text: string, at: number): Token {
  const quoted = match(STRING, text, at);
  if (quoted !== null) {
    const [whole, prefix = "", body = ""] = quoted;
    return literalToken(whole, at, quotedLiteral(text, at, prefix, body.replaceAll("''", "'")));
  }
  const guid = match(GUID, text, at);
  if (guid !== null) return literalToken(guid[0], at, { type: "Guid", value: guid[0].toLowerCase() });
  const instant = match(INSTANT, text, at);
  if (instant !== null) return literalToken(instant[0], at, instantLiteral(text, at, instant[0]));
  const number = match(NUMBER, text, at);
  if (number !== null) return literalToken(number[0], at, { type: "Number", value: Number(number[1]) });
  const name = match(NAME, text, at);
  if (name !== null) return { kind: "name", text: name[0], at };
  const punctuation = match(PUNCTUATION, text, at);
  if (punctuation !== null) return { kind: "punctuation", text: punctuation[0], at };
  if (text[at] === "'") throw invalidFilter(text, at, "The string that starts here has no closing quote");
  throw invalidFilter(text, at, `Unexpected character '${String.fromCodePoint(text.codePointAt(at) ?? 0)}'`);
}

type LiteralValue = Pick<Literal, "type" | "value">;

function quotedLiteral(text: string, at: number, prefix: string, body: string): LiteralValue {
  switch (prefix.toLowerCase()) {
    case "":
      return { type: "String", value: body };
    case "datetime":
    case "datetimeoffset":
      return instantLiteral(text, at, body);
    case "guid":
      if (match(GUID, body, 0)?.[0] === body) return { type: "Guid", value: body.toLowerCase() };
      throw invalidFilter(text, at, "This is not a GUID");
    case "time":
    case "duration": {
      const ticks = durationTicks(body);
      if (ticks !== undefined) return { type: "Duration", value: ticks };
      throw invalidFilter(text, at, "This is not a duration such as PT15M");
    }
    default:
      throw invalidFilter(
        text,
        at,
        "Unknown prefix of a literal; known are datetime, guid, time and duration",
      );
  }
}

function instantLiteral(text: string, at: number, body: string): LiteralValue {
  const value = canonicalInstant(body);
  if (value !== undefined) return { type: "DateTime", value };
  throw invalidFilter(text, at, "This is not a date and time such as 2024-01-31T08:00:00Z");
}

function literalToken(text: string, at: number, literal: LiteralValue): Token {
  return { kind: "literal", text, literal: { kind: "literal", ...literal, at }, at };
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
