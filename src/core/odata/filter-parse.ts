/**
 * Parses a `$filter` by recursive descent; one method per level of precedence, loosest first:
 *
 *     or          and ("or" and)*
 *     and         comparison ("and" comparison)*
 *     comparison  operand ((eq | ne | gt | ge | lt | le) operand | "in" "(" literal ("," literal)* ")")?
 *     operand     "not" operand | "(" or ")" | literal | name | name "(" or ("," or)* ")" | list "/any(" name ":" or ")"
 *
 * `not` therefore binds tighter than a comparison, as OData has it: `not (a eq b)` needs its parentheses. Comparisons
 * do not chain. Operators are case-sensitive, as property names are. What a filter may name is the caller's set.
 */

import type { ComparisonOperator, Expression, ExpressionType, Filter, Literal } from "./filter-expression.ts";
import { FILTER_FUNCTIONS } from "./filter-functions.ts";
import { filterTokens, invalidFilter, type Token } from "./filter-lexer.ts";
import { expressionType, fits } from "./filter-type.ts";

/** Ours: nesting of parentheses, calls and `not`. Bounds the recursion of everything that walks the tree. */
export const FILTER_DEPTH_MAX = 64;

const COMPARISONS: ReadonlySet<string> = new Set<ComparisonOperator>(["eq", "ne", "gt", "ge", "lt", "le"]);
const LAMBDA = /\/any$/;
const OPERATORS = "and, or, eq, ne, gt, ge, lt, le or in";

/**
 * @param allowed the properties that may be filtered on, paths written with `/`; `list/any` for the elements of a list.
 * @throws Fault InvalidQueryParameterValue, its `Reason` naming the column and what was expected there.
 */
export function parseFilter(text: string, allowed: ReadonlySet<string>): Filter {
  return new FilterParser(text, allowed).parse();
}

class FilterParser {
  readonly #text: string;
  #allowed: ReadonlySet<string>;
  readonly #tokens: readonly Token[];
  #index = 0;
  #depth = 0;

  constructor(text: string, allowed: ReadonlySet<string>) {
    this.#text = text;
    this.#allowed = allowed;
    this.#tokens = filterTokens(text);
  }

  parse(): Filter {
    const start = this.#next;
    const root = this.#demand("Boolean", this.#or(), start.at);
    if (this.#next.kind !== "end") throw this.#expected(`the end of the filter, or ${OPERATORS}`);
    return { text: this.#text, root };
  }

  #or(): Expression {
    return this.#junction("or", () => this.#and());
  }

  #and(): Expression {
    return this.#junction("and", () => this.#comparison());
  }

  #junction(kind: "and" | "or", operand: () => Expression): Expression {
    const at = this.#next.at;
    const first = operand();
    if (!this.#isName(kind)) return first;
    const operands = [this.#demand("Boolean", first, at)];
    while (this.#takeName(kind)) {
      const start = this.#next.at;
      operands.push(this.#demand("Boolean", operand(), start));
    }
    return { kind, operands, at };
  }

  #comparison(): Expression {
    const left = this.#operand();
    const token = this.#next;
    if (token.kind !== "name") return left;
    if (token.text === "in") return this.#membership(left);
    if (!isComparison(token.text)) return left;
    this.#index++;
    const right = this.#operand();
    this.#comparable(left, right, token);
    return { kind: "comparison", operator: token.text, left, right, at: token.at };
  }

  #membership(operand: Expression): Expression {
    const token = this.#take();
    const literals = this.#list((): Literal => {
      const element = this.#operand();
      if (element.kind !== "literal") throw this.#fail(element.at, "A list after 'in' holds literals only");
      this.#comparable(operand, element, token);
      return element;
    });
    return { kind: "in", operand, literals, at: token.at };
  }

  #operand(): Expression {
    const token = this.#next;
    if (token.kind === "literal") {
      this.#index++;
      return token.literal;
    }
    if (token.kind === "end" || (token.kind === "punctuation" && token.text !== "(")) {
      throw this.#expected("a property, a literal, a function or '('");
    }
    if (++this.#depth > FILTER_DEPTH_MAX) {
      throw this.#fail(token.at, `The filter is nested more than ${FILTER_DEPTH_MAX} levels deep`);
    }
    const expression = token.kind === "name" ? this.#name() : this.#group();
    this.#depth--;
    return expression;
  }

  #group(): Expression {
    this.#punctuation("(");
    const expression = this.#or();
    this.#punctuation(")");
    return expression;
  }

  #name(): Expression {
    const { text, at } = this.#take();
    switch (text) {
      case "not": {
        const start = this.#next.at;
        return { kind: "not", operand: this.#demand("Boolean", this.#operand(), start), at };
      }
      case "true":
      case "false":
        return { kind: "literal", type: "Boolean", value: text === "true", at };
      case "null":
        return { kind: "literal", type: "Null", value: null, at };
    }
    if (this.#next.text === "(" && this.#next.kind === "punctuation") {
      return LAMBDA.test(text) && this.#allowed.has(text) ? this.#lambda(text, at) : this.#call(text, at);
    }
    if (this.#allowed.has(text)) return { kind: "property", name: text, at };
    const known = [...this.#allowed].join(", ");
    throw this.#fail(at, `The property '${text}' cannot be used in this filter; these can: ${known}`);
  }

  /** Its condition names nothing but the element. */
  #lambda(text: string, at: number): Expression {
    this.#punctuation("(");
    const { kind, text: variable } = this.#take();
    if (kind !== "name") throw this.#fail(at, `'${text}' needs a variable, as in x:x eq 'y'`);
    this.#punctuation(":");
    const outside = this.#allowed;
    this.#allowed = new Set([variable]);
    const start = this.#next.at;
    const condition = this.#demand("Boolean", this.#or(), start);
    this.#allowed = outside;
    this.#punctuation(")");
    return { kind: "any", name: text.replace(LAMBDA, ""), variable, condition, at };
  }

  #call(name: string, at: number): Expression {
    const definition = FILTER_FUNCTIONS.get(name);
    if (definition === undefined) {
      const known = [...FILTER_FUNCTIONS.keys()].join(", ");
      throw this.#fail(at, `There is no function '${name}'; there are ${known}`);
    }
    const args = this.#list((position) => {
      const start = this.#next.at;
      return this.#demand(definition.parameters[position] ?? "Any", this.#or(), start);
    });
    const arity = definition.parameters.length;
    if (args.length !== arity)
      throw this.#fail(at, `'${name}' takes ${arity} argument(s), not ${args.length}`);
    return { kind: "call", name, args, at };
  }

  #list<Element>(element: (position: number) => Element): Element[] {
    this.#punctuation("(");
    const elements = [element(0)];
    while (this.#next.kind === "punctuation" && this.#next.text === ",") {
      this.#index++;
      elements.push(element(elements.length));
    }
    this.#punctuation(")");
    return elements;
  }

  #demand(wanted: ExpressionType, expression: Expression, at: number): Expression {
    const actual = expressionType(expression);
    if (fits(actual, wanted)) return expression;
    throw this.#fail(at, `Expected a ${wanted} here, found a ${actual}`);
  }

  #comparable(left: Expression, right: Expression, operator: Token): void {
    const [a, b] = [expressionType(left), expressionType(right)];
    if (!fits(a, b)) throw this.#fail(operator.at, `'${operator.text}' cannot compare a ${a} with a ${b}`);
  }

  get #next(): Token {
    const token = this.#tokens[this.#index];
    if (token === undefined) throw new Error("the parser has read past the end token");
    return token;
  }

  #take(): Token {
    const token = this.#next;
    this.#index++;
    return token;
  }

  #isName(text: string): boolean {
    return this.#next.kind === "name" && this.#next.text === text;
  }

  #takeName(text: string): boolean {
    const found = this.#isName(text);
    if (found) this.#index++;
    return found;
  }

  #punctuation(text: string): void {
    if (this.#next.kind !== "punctuation" || this.#next.text !== text) throw this.#expected(`'${text}'`);
    this.#index++;
  }

  #expected(what: string): Error {
    const { kind, text, at } = this.#next;
    return this.#fail(
      at,
      `Expected ${what}, found ${kind === "end" ? "the end of the filter" : `'${text}'`}`,
    );
  }

  #fail(at: number, problem: string): Error {
    return invalidFilter(this.#text, at, problem);
  }
}

function isComparison(text: string): text is ComparisonOperator {
  return COMPARISONS.has(text);
}
