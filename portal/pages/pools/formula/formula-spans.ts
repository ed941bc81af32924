/** A formula cut into pieces by what they are, for their colours. Pure, and linear; judges nothing, the service does. */

export interface FormulaSpan {
  readonly text: string;
  readonly kind: "comment" | "string" | "number" | "variable" | "function" | "name" | "other";
  /** Where it begins. */
  readonly start: number;
}

/** Comments and strings first: what stands in them is nothing else. */
const PIECE =
  /(\/\/[^\n]*|\/\*[^*]*(?:\*(?!\/)[^*]*)*(?:\*\/)?)|("[^"\n]*"?|'[^'\n]*'?)|(\d[\d.]*)|(\$\w+)|([A-Za-z_]\w*)/g;

export function formulaSpans(text: string): FormulaSpan[] {
  const spans: FormulaSpan[] = [];
  let from = 0;
  const add = (to: number, kind: FormulaSpan["kind"]) => {
    if (to > from) spans.push({ text: text.slice(from, to), kind, start: from });
    from = to;
  };
  for (const match of text.matchAll(PIECE)) {
    add(match.index, "other");
    const [whole, comment, quoted, number, variable] = match;
    const end = match.index + whole.length;
    if (comment !== undefined) add(end, "comment");
    else if (quoted !== undefined) add(end, "string");
    else if (number !== undefined) add(end, "number");
    else if (variable !== undefined) add(end, "variable");
    else add(end, text[end] === "(" ? "function" : "name");
  }
  add(text.length, "other");
  return spans;
}

/** What an evaluation tells: `$TargetDedicatedNodes=3;$x=[1,2]`. */
export function evaluatedVariables(results: string): readonly (readonly [name: string, value: string])[] {
  return results
    .split(";")
    .map((each) => each.trim())
    .filter((each) => each.startsWith("$") && each.includes("="))
    .map((each) => [each.slice(0, each.indexOf("=")), each.slice(each.indexOf("=") + 1)] as const);
}
