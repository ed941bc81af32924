import { expect, test } from "vitest";
import { compileFilter } from "./filter-compile.ts";
import { filterConstraints } from "./filter-constraints.ts";
import { parseFilter } from "./filter-parse.ts";
import { seededRandom } from "./filter-random.fixture.ts";
import { keyRange } from "./key-range.ts";

const filterOf = (text: string) => parseFilter(text, new Set(["id", "state"]));

test.each([
  ["id ge 't5'", { after: "t4\u{10ffff}", until: undefined }],
  ["id gt 'T5'", { after: "t5", until: undefined }],
  ["id ge 'b' and id gt 'c' and id lt 'f' and id le 'e'", { after: "c", until: "e\0" }],
  ["startswith(id, 'Ab')", { after: "aa\u{10ffff}", until: "ab\u{10ffff}" }],
  ["state eq 'active'", { after: "", until: undefined }],
  ["id ge 'a' or id lt 'c'", { after: "", until: undefined }],
  // The Kelvin sign is a k in small letters.
  ["id ge '\u212A'", { after: "", until: undefined }],
])("%s can hold in a part of the list alone", (text, expected) => {
  expect(keyRange(filterConstraints(filterOf(text)), "id")).toEqual(expected);
});

test("whatever a filter holds for lies in the part that is looked at", () => {
  const random = seededRandom(14);
  const text = () =>
    Array.from({ length: 1 + Math.floor(random() * 3) }, () => "aBz_-09Z"[Math.floor(random() * 8)]).join("");
  for (let round = 0; round < 3_000; round++) {
    const operator = ["eq", "ge", "gt", "le", "lt", "startswith"][Math.floor(random() * 6)];
    const literal = text();
    const filter = filterOf(
      operator === "startswith" ? `startswith(id, '${literal}')` : `id ${operator} '${literal}'`,
    );
    const { after, until } = keyRange(filterConstraints(filter), "id");
    const id = text();
    const key = id.toLowerCase();
    const isLookedAt = key > after && (until === undefined || key < until);
    if (compileFilter(filter, { ignoreCase: true })({ id }))
      expect(isLookedAt, `${operator} ${literal}: ${id}`).toBe(true);
  }
});
