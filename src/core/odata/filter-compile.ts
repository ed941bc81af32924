/**
 * Turns a parsed filter into closures over plain JSON resources. Values compare by the type the filter gives them:
 * dates as instants, text by UTF-16 code unit, whatever the locale.
 *
 * Null (OData 4.01 part 2, sections 5.1.1.1 and 5.1.1.2): an absent property, or one of another type than it is
 * compared with, is null. `null eq null` holds, `null ne x` holds, no order involves null; a function of null is null,
 * `not null` is null, `and` and `or` are three-valued, and a filter that yields null does not match.
 */

import { durationTicks } from "./duration.ts";
import type { ComparisonOperator, Expression, ExpressionType, Filter } from "./filter-expression.ts";
import { FILTER_FUNCTIONS } from "./filter-functions.ts";
import { commonType, expressionType } from "./filter-type.ts";
import { canonicalInstant } from "./instant.ts";

export type Predicate = (entity: unknown) => boolean;

export interface CompileFilterOptions {
  /**
   * Compare text without regard to case, as Azure does with property values ("Create queries to list Batch resources
   * efficiently": names are case-sensitive, values are not). Off: ordinal.
   */
  readonly ignoreCase?: boolean;
}

type Evaluate = (entity: unknown) => unknown;

export function compileFilter(filter: Filter, options: CompileFilterOptions = {}): Predicate {
  const evaluate = new FilterCompiler(options.ignoreCase ?? false).as("Boolean", filter.root);
  return (entity) => evaluate(entity) === true;
}

class FilterCompiler {
  readonly #ignoreCase: boolean;

  constructor(ignoreCase: boolean) {
    this.#ignoreCase = ignoreCase;
  }

  /** The expression's value as one of the given type, or null. */
  as(type: ExpressionType, expression: Expression): Evaluate {
    const evaluate = this.#evaluate(type, expression);
    if (type !== "String" || !this.#ignoreCase) return evaluate;
    return (entity) => {
      const text = evaluate(entity);
      return typeof text === "string" ? text.toUpperCase() : null;
    };
  }

  #evaluate(type: ExpressionType, expression: Expression): Evaluate {
    switch (expression.kind) {
      case "literal": {
        const { value } = expression;
        return () => value;
      }
      case "property": {
        const read = reader(expression.name.split("/"));
        const coerce = COERCIONS[type];
        return (entity) => coerce(read(entity));
      }
      case "call":
        return this.#call(expression.name, expression.args);
      case "not": {
        const operand = this.as("Boolean", expression.operand);
        return (entity) => negate(operand(entity));
      }
      case "and":
        return this.#junction(expression.operands, false);
      case "or":
        return this.#junction(expression.operands, true);
      case "in": {
        const matches = expression.literals.map((literal) =>
          this.#compare("eq", expression.operand, literal),
        );
        return (entity) => matches.some((match) => match(entity));
      }
      case "any": {
        const [read, { variable }] = [reader(expression.name.split("/")), expression];
        const holds = this.as("Boolean", expression.condition);
        return (entity) => {
          const list = read(entity);
          return Array.isArray(list) && list.some((element) => holds({ [variable]: element }) === true);
        };
      }
      case "comparison":
        return this.#compare(expression.operator, expression.left, expression.right);
    }
  }

  #compare(operator: ComparisonOperator, left: Expression, right: Expression): (entity: unknown) => boolean {
    const type = commonType(expressionType(left), expressionType(right));
    const holds = COMPARISONS[operator];
    // An underscore comes after capital letters and before small ones: here where lists have it, which are ordered by small letters.
    const isOrder = type === "String" && this.#ignoreCase && operator !== "eq" && operator !== "ne";
    const [a, b] = isOrder
      ? [lowerCased(this.#evaluate(type, left)), lowerCased(this.#evaluate(type, right))]
      : [this.as(type, left), this.as(type, right)];
    return (entity) => holds(a(entity), b(entity));
  }

  /** `decisive` is the operand value that settles the result: true for `or`, false for `and`. */
  #junction(expressions: readonly Expression[], decisive: boolean): Evaluate {
    const operands = expressions.map((expression) => this.as("Boolean", expression));
    return (entity) => {
      let result: boolean | null = !decisive;
      for (const operand of operands) {
        const value = operand(entity);
        if (value === decisive) return decisive;
        if (value === null) result = null;
      }
      return result;
    };
  }

  #call(name: string, expressions: readonly Expression[]): Evaluate {
    const definition = FILTER_FUNCTIONS.get(name);
    if (definition === undefined) throw new Error(`a parsed filter calls the unknown function ${name}`);
    const args = expressions.map((argument, i) => this.as(definition.parameters[i] ?? "Any", argument));
    return (entity) => {
      const values = args.map((argument) => argument(entity));
      return values.every((value) => typeof value === "string") ? definition.apply(values) : null;
    };
  }
}

function lowerCased(evaluate: Evaluate): Evaluate {
  return (entity) => {
    const text = evaluate(entity);
    return typeof text === "string" ? text.toLowerCase() : null;
  };
}

const COERCIONS: Record<ExpressionType, (value: unknown) => unknown> = {
  Null: (value) => value ?? null,
  Boolean: (value) => (typeof value === "boolean" ? value : null),
  Number: (value) => (typeof value === "number" ? value : null),
  String: (value) => (typeof value === "string" ? value : null),
  DateTime: (value) => (typeof value === "string" ? (canonicalInstant(value) ?? null) : null),
  Duration: (value) => (typeof value === "string" ? (durationTicks(value) ?? null) : null),
  Guid: (value) => (typeof value === "string" ? value.toLowerCase() : null),
  /** One property against another: text that reads as a date is one. */
  Any: (value) => (typeof value === "string" ? (canonicalInstant(value) ?? value) : (value ?? null)),
};

const COMPARISONS: Record<ComparisonOperator, (a: unknown, b: unknown) => boolean> = {
  eq: (a, b) => a === b,
  ne: (a, b) => a !== b,
  gt: (a, b) => order(a, b) > 0,
  ge: (a, b) => order(a, b) >= 0,
  lt: (a, b) => order(a, b) < 0,
  le: (a, b) => order(a, b) <= 0,
};

/** Below, at or above zero; NaN, which fails every comparison, where there is no order. */
function order(a: unknown, b: unknown): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "string" && typeof b === "string") return a < b ? -1 : Number(a > b);
  if (typeof a === "bigint" && typeof b === "bigint") return a < b ? -1 : Number(a > b);
  return Number.NaN;
}

function negate(value: unknown): boolean | null {
  return typeof value === "boolean" ? !value : null;
}

function reader(path: readonly string[]): Evaluate {
  return (entity) => {
    let value = entity;
    for (const name of path) {
      if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return null;
      value = (value as Record<string, unknown>)[name];
    }
    return value;
  };
}
