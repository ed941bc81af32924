/** Cuts a formula into tokens. Comments are those of C and C++; strings stand between double or single quotes. */
import { FormulaProblem, type Position } from "./formula-problem.ts";

export type Token = { readonly at: Position } & (
  | { readonly kind: "number"; readonly number: number }
  | { readonly kind: "string"; readonly text: string }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "symbol"; readonly symbol: string }
  | { readonly kind: "end" }
);

const BLANK = /(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)+/y;
const NUMBER = /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const NAME = /[$A-Za-z_][\w$]*/y;
const STRING = /"([^"\n]*)"|'([^'\n]*)'/y;
const SYMBOL = /&&|\|\||[=!<>]=|[-+*/<>=!?:;,.()]/y;

/** @throws FormulaProblem for a character that begins nothing */
export function formulaTokens(text: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  let lineStart = 0;
  let position = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = position;
    const match = pattern.exec(text);
    if (match) position += match[0].length;
    return match;
  };
  for (;;) {
    const blank = take(BLANK)?.[0] ?? "";
    for (let i = blank.indexOf("\n"); i >= 0; i = blank.indexOf("\n", i + 1)) {
      line++;
      lineStart = position - blank.length + i + 1;
    }
    const at = { line, column: position - lineStart + 1 };
    if (position >= text.length) {
      tokens.push({ kind: "end", at });
      return tokens;
    }
    const number = take(NUMBER);
    if (number) {
      tokens.push({ kind: "number", number: Number(number[0]), at });
      continue;
    }
    const name = take(NAME);
    if (name) {
      tokens.push({ kind: "name", name: name[0], at });
      continue;
    }
    const quoted = take(STRING);
    if (quoted) {
      tokens.push({ kind: "string", text: quoted[1] ?? quoted[2] ?? "", at });
      continue;
    }
    const symbol = take(SYMBOL);
    if (!symbol) {
      const found = String.fromCodePoint(text.codePointAt(position) ?? 0);
      throw new FormulaProblem("AutoScalingFormulaSyntaxError", at, `Unexpected character '${found}'`);
    }
    tokens.push({ kind: "symbol", symbol: symbol[0], at });
  }
}
