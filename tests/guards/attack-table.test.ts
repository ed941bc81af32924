/** docs/security.md and tests/attacks say the same: a section for each file, a row with a wall for each test. */
import { basename } from "node:path";
import { expect, test } from "vitest";
import { contentOf, trackedFiles } from "./source-files.ts";

const TITLE = /^\s*test(?:\.skipIf\([^)\n]*\)|\.each\([^\n]*\))?\(\s*"((?:[^"\\]|\\.)+)"/gm;
const ROW = /^\| (?!Attack \|)(.+?) \| (.+) \|$/gm;

const files = trackedFiles.filter((file) => /^tests\/attacks\/.*\.test\.ts$/.test(file));
const sections = new Map(
  contentOf("docs/security.md")
    .split(/^## /m)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf("\n")).trim(), section] as const),
);

test("every section of the table is a file of attacks, and every file a section", () => {
  expect([...sections.keys()].sort()).toEqual(files.map((file) => basename(file, ".test.ts")).sort());
});

test.each(files)("every attack of %s has its row, and every row its attack", (file) => {
  const titles = [...contentOf(file).matchAll(TITLE)].map(([, title = ""]) => title.replaceAll('\\"', '"'));
  const rows = [...(sections.get(basename(file, ".test.ts")) ?? "").matchAll(ROW)].map(([, title]) => title);
  expect(titles.length).toBeGreaterThan(0);
  expect(rows).toEqual(titles);
});
