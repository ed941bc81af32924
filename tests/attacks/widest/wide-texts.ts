/** Texts that are as long, wide or deep as a request line or a header can carry. */
import type { PlaneRequest } from "../plane-sender.ts";

export interface WideRequest extends Omit<PlaneRequest, "body"> {
  /** For the report: which place of which operation. */
  readonly what: string;
  /** Made when it is sent: all of them together have some gigabytes. */
  readonly body?: () => string;
}

/** Line and headers together may have 32 KiB. */
const CHARACTERS = 25_000;
const fill = (piece: string, characters = CHARACTERS) => piece.repeat(Math.floor(characters / piece.length));

export const LONG_QUERY = Array.from({ length: 3_500 }, (_, n) => `a${n}=b`).join("&");

export const HEADER_VALUES: readonly (readonly [string, string])[] = [
  ["spaces", `a${" ".repeat(CHARACTERS)}b`],
  ["tags", fill('"a", ')],
  ["commas", fill(",")],
  ["quotes", fill('"')],
  ["digits", `bytes=${fill("9")}`],
];

/** @param name of a property that may be filtered on. Encoded, so that what is long for the parser is somewhat shorter. */
export function filters(name: string): readonly (readonly [string, string])[] {
  const or = (term: string) => `${fill(`${term}+or+`)}${term}`;
  return [
    ["or", or(`${name}+eq+'a'`)],
    ["startswith", or(`startswith(${name},'a')`)],
    ["in", `${name}+in+(${fill("'a',")}'a')`],
    ["not", `${fill("not+")}true`],
    ["groups", `${fill("(", 12_000)}true${fill(")", 12_000)}`],
    ["half deep", or(`${"(".repeat(60)}${name}+eq+'a'${")".repeat(60)}`)],
    ["text", `startswith(${name},'${fill("a")}')`],
    ["spaces", `${name}${fill("+")}eq+'a'`],
    ["name", fill("a")],
    ["path", fill("a/")],
    ["quotes", fill("'")],
  ];
}

/** JSON as deep and as wide as a body of so many bytes can be. */
export function oddBodies(bytes: number): readonly (readonly [string, () => string])[] {
  const members = () => Array.from({ length: Math.floor(bytes / 14) }, (_, n) => `"p${n}":1`);
  return [
    ["deep lists", () => "[".repeat(bytes)],
    ["deep objects", () => '{"a":'.repeat(Math.floor(bytes / 5))],
    ["wide", () => `{${members().join()}}`],
    ["list", () => `[${"0,".repeat(Math.floor(bytes / 2) - 2)}0]`],
    ["text", () => `{"id":"${"x".repeat(bytes - 10)}"}`],
    ["escapes", () => `{"id":"${"\\u0000".repeat(Math.floor(bytes / 6) - 3)}"}`],
  ];
}
