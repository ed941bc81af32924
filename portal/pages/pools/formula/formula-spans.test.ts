import { expect, test } from "vitest";
import { evaluatedVariables, formulaSpans } from "./formula-spans.ts";

const kinds = (text: string) =>
  formulaSpans(text)
    .filter(({ kind }) => kind !== "other")
    .map(({ text: piece, kind }) => [piece, kind]);

test("a formula's pieces are told apart, and together they are the formula", () => {
  const formula = "// all\n$TargetDedicatedNodes = min(2.5, $x.GetSample(1)); $y = time('a b');";
  expect(kinds(formula)).toEqual([
    ["// all", "comment"],
    ["$TargetDedicatedNodes", "variable"],
    ["min", "function"],
    ["2.5", "number"],
    ["$x", "variable"],
    ["GetSample", "function"],
    ["1", "number"],
    ["$y", "variable"],
    ["time", "function"],
    ["'a b'", "string"],
  ]);
  expect(
    formulaSpans(formula)
      .map(({ text }) => text)
      .join(""),
  ).toBe(formula);
});

test("what is open to the end is what it began as", () => {
  expect(kinds("/* $a")).toEqual([["/* $a", "comment"]]);
  expect(kinds("'$a")).toEqual([["'$a", "string"]]);
});

test("an evaluation's results are variables with their values", () => {
  expect(evaluatedVariables("$TargetDedicatedNodes=3;$at=2016-10-13T19:18:47.805Z;$l=[1,2]")).toEqual([
    ["$TargetDedicatedNodes", "3"],
    ["$at", "2016-10-13T19:18:47.805Z"],
    ["$l", "[1,2]"],
  ]);
});
