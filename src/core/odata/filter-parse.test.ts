import { expect, test } from "vitest";
import { Fault } from "../fault.ts";
import type { Expression } from "./filter-expression.ts";
import { FILTER_LENGTH_MAX } from "./filter-lexer.ts";
import { FILTER_DEPTH_MAX, parseFilter } from "./filter-parse.ts";
import { formatFilter, randomFilter, seededRandom } from "./filter-random.fixture.ts";

const NAMES = new Set(["id", "state", "priority", "flag", "creationTime", "executionInfo/exitCode"]);
const parse = (text: string) => formatFilter(parseFilter(text, NAMES).root);

/** The `Reason` of the refusal, after checking the rest of it. */
function refusal(text: string): string {
  try {
    parseFilter(text, NAMES);
  } catch (fault) {
    expect(fault).toBeInstanceOf(Fault);
    if (!(fault instanceof Fault)) throw fault;
    expect(fault.code).toBe("InvalidQueryParameterValue");
    const values = new Map(fault.values.map(({ key, value }) => [key, value]));
    expect(values.get("QueryParameterName")).toBe("$filter");
    expect(text.startsWith((values.get("QueryParameterValue") ?? "?").replace("…", ""))).toBe(true);
    return values.get("Reason") ?? "";
  }
  throw new Error(`parsed: ${text}`);
}

test.each([
  ["id eq 'a' or id eq 'b' and id eq 'c'", "((id eq 'a') or ((id eq 'b') and (id eq 'c')))"],
  ["(id eq 'a' or id eq 'b') and id eq 'c'", "(((id eq 'a') or (id eq 'b')) and (id eq 'c'))"],
  ["not flag and flag", "((not flag) and flag)"],
  ["not (flag and flag)", "(not (flag and flag))"],
  ["not flag eq true", "((not flag) eq true)"],
  ["flag or flag or flag", "(flag or flag or flag)"],
  ["not not startswith(id, 'a')", "(not (not startswith(id,'a')))"],
])("%s is read by OData's precedence", (text, meaning) => {
  expect(parse(text)).toBe(meaning);
});

test.each([
  ["id eq 'it''s'", "(id eq 'it''s')"],
  ["id eq ''", "(id eq '')"],
  ["id eq 'and or ('", "(id eq 'and or (')"],
  ["executionInfo/exitCode ge -5", "(executionInfo/exitCode ge -5)"],
  ["priority eq 5L", "(priority eq 5)"],
  ["priority lt 1.5e3", "(priority lt 1500)"],
  ["flag ne false", "(flag ne false)"],
  ["id eq null", "(id eq null)"],
  ["priority in (1, 2,3)", "(priority in (1,2,3))"],
  ["creationTime gt DateTime'2024-01-31T08:00:00+01:00'", "(creationTime gt 2024-01-31T07:00:00.0000000Z)"],
  [
    "creationTime gt datetime'Wed, 31 Jan 2024 08:00:00 GMT'",
    "(creationTime gt 2024-01-31T08:00:00.0000000Z)",
  ],
  ["creationTime gt 2024-01-31T08:00:00.1234567Z", "(creationTime gt 2024-01-31T08:00:00.1234567Z)"],
  ["id eq guid'9C4D50EE-2D56-4CD3-8152-34347DC9F2B0'", "(id eq 9c4d50ee-2d56-4cd3-8152-34347dc9f2b0)"],
  ["id eq 9C4D50EE-2D56-4CD3-8152-34347DC9F2B0", "(id eq 9c4d50ee-2d56-4cd3-8152-34347dc9f2b0)"],
  ["id eq time'PT1M'", "(id eq duration'600000000')"],
  ["id eq duration'P1DT0.5S'", "(id eq duration'864005000000')"],
  ["substringof('a', tolower(id))", "substringof('a',tolower(id))"],
  ["  id\teq\n'a'  ", "(id eq 'a')"],
])("%s keeps its literals", (text, meaning) => {
  expect(parse(text)).toBe(meaning);
});

test.each([
  ["", "Expected a property, a literal, a function or '(', found the end of the filter (column 1)"],
  ["id eq", "Expected a property, a literal, a function or '(', found the end of the filter (column 6)"],
  ["(id eq 'a'", "Expected ')', found the end of the filter (column 11)"],
  ["id eq 'a' state", /^Expected the end of the filter, or and, or, .*, found 'state' \(column 11\)$/],
  ["id eq 'a' eq 'b'", /^Expected the end of the filter.*found 'eq' \(column 11\)$/],
  ["id = 'a'", "Unexpected character '=' (column 4)"],
  ["id eq 'a''b", "The string that starts here has no closing quote (column 7)"],
  ["Id eq 'a'", /^The property 'Id' cannot be used in this filter; these can: id, state, .*\(column 1\)$/],
  ["id eq 'a' and owner eq 'b'", /^The property 'owner' .*\(column 15\)$/],
  ["matches(id, 'a')", /^There is no function 'matches'; .*\(column 1\)$/],
  ["constructor(id)", /^There is no function 'constructor'/],
  ["startswith(id)", "'startswith' takes 2 argument(s), not 1 (column 1)"],
  ["startswith(id, 5)", "Expected a String here, found a Number (column 16)"],
  ["length(id) and flag", "Expected a Boolean here, found a Number (column 1)"],
  ["flag and 'a'", "Expected a Boolean here, found a String (column 10)"],
  ["'a'", "Expected a Boolean here, found a String (column 1)"],
  ["length(id) eq 'a'", "'eq' cannot compare a Number with a String (column 12)"],
  ["creationTime gt datetime'2024-02-30T00:00:00Z'", /^This is not a date and time .*\(column 17\)$/],
  ["id eq time'5 minutes'", /^This is not a duration .*\(column 7\)$/],
  ["id eq guid'x'", "This is not a GUID (column 7)"],
  ["id eq binary'00'", /^Unknown prefix of a literal/],
  ["priority in ()", /^Expected a property.*found '\)' \(column 14\)$/],
  ["priority in (id)", "A list after 'in' holds literals only (column 14)"],
  ["id AND state", /^Expected the end of the filter.*found 'AND'/],
])("%s is refused with the place and what was expected", (text, reason) => {
  expect(refusal(text)).toEqual(typeof reason === "string" ? reason : expect.stringMatching(reason));
});

test("nesting is bounded, whatever it is made of", () => {
  const nested = (depth: number, open: string, close: string) =>
    `${open.repeat(depth)}flag${close.repeat(depth)}`;
  expect(parse(nested(FILTER_DEPTH_MAX - 1, "(", ")"))).toBe("flag");
  for (const text of [
    nested(FILTER_DEPTH_MAX, "(", ")"),
    "(".repeat(10_000),
    nested(3_000, "not ", ""),
    `${nested(1_500, "tolower(", ")")} eq 'a'`,
  ]) {
    expect(refusal(text)).toMatch(/nested more than/);
  }
});

test("a long chain needs no nesting", () => {
  const chain = Array.from({ length: 2_000 }, () => "flag").join(" or ");
  expect((parseFilter(chain, NAMES).root as Expression & { kind: "or" }).operands).toHaveLength(2_000);
});

test("a filter longer than the bound is refused and its echo is cut", () => {
  expect(refusal(`id eq '${"a".repeat(FILTER_LENGTH_MAX)}'`)).toMatch(/longer than/);
});

test("an unclosed string of quotes is refused without backtracking", () => {
  expect(refusal(`id eq ${"'".repeat(16_001)}a`)).toMatch(/no closing quote/);
});

test("any filter that can be written is read back as it was meant", () => {
  const random = seededRandom(1);
  for (let round = 0; round < 500; round++) {
    const text = formatFilter(randomFilter(random, 4));
    expect(parse(text)).toBe(text);
  }
});
