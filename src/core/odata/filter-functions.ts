/**
 * The functions a `$filter` may call: parameter types, result type and meaning (OData 4.01 part 2, section 5.1.1.5;
 * `substringof` is OData 3's spelling of `contains`, needle first). To add one, add a line. A null argument makes the
 * result null; that is the evaluator's part.
 */

import type { ExpressionType } from "./filter-expression.ts";

export interface FilterFunction {
  readonly parameters: readonly ExpressionType[];
  readonly returns: ExpressionType;
  /** Called with as many arguments as `parameters`, each of its type and none null. */
  readonly apply: (args: readonly string[]) => boolean | number | string;
}

const test = (apply: (a: string, b: string) => boolean): FilterFunction => ({
  parameters: ["String", "String"],
  returns: "Boolean",
  apply: ([a = "", b = ""]) => apply(a, b),
});

const change = (apply: (text: string) => string): FilterFunction => ({
  parameters: ["String"],
  returns: "String",
  apply: ([text = ""]) => apply(text),
});

export const FILTER_FUNCTIONS: ReadonlyMap<string, FilterFunction> = new Map([
  ["startswith", test((text, prefix) => text.startsWith(prefix))],
  ["endswith", test((text, suffix) => text.endsWith(suffix))],
  ["contains", test((text, part) => text.includes(part))],
  ["substringof", test((part, text) => text.includes(part))],
  ["tolower", change((text) => text.toLowerCase())],
  ["toupper", change((text) => text.toUpperCase())],
  ["trim", change((text) => text.trim())],
  ["length", { parameters: ["String"], returns: "Number", apply: ([text = ""]) => text.length }],
  [
    "indexof",
    {
      parameters: ["String", "String"],
      returns: "Number",
      apply: ([text = "", part = ""]) => text.indexOf(part),
    },
  ],
  ["concat", { parameters: ["String", "String"], returns: "String", apply: ([a = "", b = ""]) => a + b }],
]);
