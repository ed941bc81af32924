/**
 * No pattern of the sources can take more time than its text is long: nested repeats, repeats beside each other that share a character, and a
 * search that begins anew at every place. Text from outside is read by index instead. The analyser is the one of eslint-plugin-regexp.
 */
import { analyse } from "scslre";
import { parseSync } from "vite";
import { expect, test } from "vitest";
import { contentOf, isTest, sourceFiles } from "./source-files.ts";

interface Pattern {
  readonly pattern: string;
  readonly flags: string;
}

/** Patterns that may stay, with why. This list only shrinks. */
const EXEMPT: readonly string[] = [];

function patternsOf(name: string, code: string): Pattern[] {
  const found: Pattern[] = [];
  const look = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    if ("regex" in node && node.regex) found.push(node.regex as Pattern);
    else for (const part of Object.values(node)) look(part);
  };
  look(parseSync(name, code).program);
  return found;
}

const slow = ({ pattern, flags }: Pattern) =>
  analyse({ source: pattern, flags }, { reportTypes: { Move: !flags.includes("y") } }).reports.length > 0;

test("the guard knows what it looks for", () => {
  const code =
    "const a = /^(\\S+) +(\\S.*?) *$/; const b = /\\s*,\\s*/; const c = /(a+)+$/; const d = /\\/+$/;";
  expect(patternsOf("x.ts", code).map(slow)).toEqual([true, true, true, true]);
  expect(patternsOf("x.ts", "const a = /^[a-z]+-\\d+$/;").map(slow)).toEqual([false]);
});

test("no pattern can go quadratic", () => {
  const found = sourceFiles
    .filter((file) => !isTest(file))
    .flatMap((file) =>
      patternsOf(file, contentOf(file))
        .filter(slow)
        .map(({ pattern, flags }) => `${file}: /${pattern}/${flags}`),
    );
  expect(found.filter((line) => !EXEMPT.includes(line))).toEqual([]);
  expect(EXEMPT.filter((line) => !found.includes(line))).toEqual([]);
});
