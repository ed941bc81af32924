/**
 * Reads a formula: statements `name = expression;` with C's precedence. Nothing is looked up yet; what a name means is known when
 * the formula runs.
 */
import { AUTOSCALE_FORMULA_MAX_CHARACTERS } from "../../wire/batch/limits.ts";
import { Fault } from "../fault.ts";
import { formulaTokens, type Token } from "./formula-lexer.ts";
import { FormulaProblem, type Position } from "./formula-problem.ts";

export type Expression = { readonly at: Position } & (
  | { readonly kind: "number"; readonly number: number }
  | { readonly kind: "string"; readonly text: string }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Expression[] }
  | {
      readonly kind: "method";
      readonly of: Expression;
      readonly name: string;
      readonly args: readonly Expression[];
    }
  | { readonly kind: "member"; readonly of: Expression; readonly name: string }
  | { readonly kind: "unary"; readonly operator: string; readonly operand: Expression }
  | {
      readonly kind: "binary";
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: "choice";
      readonly test: Expression;
      readonly then: Expression;
      readonly otherwise: Expression;
    }
);

/** An assignment, or an expression for its effect, as `stop();`. */
export interface Statement {
  readonly at: Position;
  readonly name?: string;
  readonly value: Expression;
}

/** Loosest first. */
const LEVELS: readonly (readonly string[])[] = [
  ["||"],
  ["&&"],
  ["==", "!="],
  ["<", "<=", ">", ">="],
  ["+", "-"],
  ["*", "/"],
];

/** Deeper nesting is refused: formulas come from outside, and the stack is ours. */
const MAX_DEPTH = 64;

/** Source: the autoscale page. */
const MAX_STATEMENTS = 100;

/** @throws Fault AutoScalingFormulaTooLong; FormulaProblem AutoScalingFormulaSyntaxError */
export function formulaParse(text: string): readonly Statement[] {
  if (text.length > AUTOSCALE_FORMULA_MAX_CHARACTERS) throw new Fault("AutoScalingFormulaTooLong");
  return new Parser(formulaTokens(text)).statements();
}

class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  statements(): Statement[] {
    const statements: Statement[] = [];
    while (this.#peek().kind !== "end") {
      if (this.#take(";")) continue;
      if (statements.length === MAX_STATEMENTS)
        throw this.#problem(`A formula has at most ${MAX_STATEMENTS} statements`);
      statements.push(this.#statement());
      if (this.#peek().kind !== "end") this.#expect(";");
    }
    if (statements.length === 0) throw this.#problem("The formula has no statement");
    return statements;
  }

  #statement(): Statement {
    const first = this.#peek();
    const second = this.#tokens[this.#next + 1];
    if (first.kind === "name" && second?.kind === "symbol" && second.symbol === "=") {
      this.#next += 2;
      return { at: first.at, name: first.name, value: this.#expression() };
    }
    return { at: first.at, value: this.#expression() };
  }

  #expression(): Expression {
    if (++this.#depth > MAX_DEPTH) throw this.#problem("The formula is nested too deeply");
    const test = this.#binary(0);
    const question = this.#take("?");
    if (!question) {
      this.#depth--;
      return test;
    }
    const then = this.#expression();
    this.#expect(":");
    const otherwise = this.#expression();
    this.#depth--;
    return { kind: "choice", at: question.at, test, then, otherwise };
  }

  #binary(level: number): Expression {
    const operators = LEVELS[level];
    if (!operators) return this.#unary();
    let left = this.#binary(level + 1);
    for (;;) {
      const token = this.#peek();
      if (token.kind !== "symbol" || !operators.includes(token.symbol)) return left;
      this.#next++;
      left = {
        kind: "binary",
        at: token.at,
        operator: token.symbol,
        left,
        right: this.#binary(level + 1),
      };
    }
  }

  #unary(): Expression {
    const signs: Token[] = [];
    for (let sign = this.#take("-") ?? this.#take("!"); sign; sign = this.#take("-") ?? this.#take("!")) {
      signs.push(sign);
      if (signs.length > MAX_DEPTH) throw this.#problem("The formula is nested too deeply");
    }
    let operand = this.#postfix();
    for (const sign of signs.reverse()) {
      if (sign.kind === "symbol") operand = { kind: "unary", at: sign.at, operator: sign.symbol, operand };
    }
    return operand;
  }

  #postfix(): Expression {
    let value = this.#primary();
    for (let length = 0; this.#take("."); length++) {
      if (length > MAX_DEPTH) throw this.#problem("The formula is nested too deeply");
      const token = this.#peek();
      if (token.kind !== "name") throw this.#problem("A name must follow '.'");
      this.#next++;
      const { name, at } = token;
      value = this.#take("(")
        ? { kind: "method", at, of: value, name, args: this.#arguments() }
        : { kind: "member", at, of: value, name };
    }
    return value;
  }

  #primary(): Expression {
    const token = this.#peek();
    this.#next++;
    switch (token.kind) {
      case "number":
        return { kind: "number", at: token.at, number: token.number };
      case "string":
        return { kind: "string", at: token.at, text: token.text };
      case "name":
        return this.#take("(")
          ? { kind: "call", at: token.at, name: token.name, args: this.#arguments() }
          : { kind: "name", at: token.at, name: token.name };
      default: {
        this.#next--;
        if (!this.#take("(")) throw this.#problem("An expression is expected");
        const inner = this.#expression();
        this.#expect(")");
        return inner;
      }
    }
  }

  #arguments(): Expression[] {
    const args: Expression[] = [];
    if (this.#take(")")) return args;
    do args.push(this.#expression());
    while (this.#take(","));
    this.#expect(")");
    return args;
  }

  #peek(): Token {
    // The last token is the end, and nothing steps over it.
    return this.#tokens[Math.min(this.#next, this.#tokens.length - 1)] as Token;
  }

  #take(symbol: string): Token | undefined {
    const token = this.#peek();
    if (token.kind !== "symbol" || token.symbol !== symbol) return undefined;
    this.#next++;
    return token;
  }

  #expect(symbol: string): void {
    if (!this.#take(symbol)) throw this.#problem(`'${symbol}' is expected`);
  }

  #problem(message: string): FormulaProblem {
    return new FormulaProblem("AutoScalingFormulaSyntaxError", this.#peek().at, message);
  }
}
