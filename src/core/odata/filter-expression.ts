/**
 * The tree of a parsed `$filter`. Plain data, made by `filter-parse.ts`; `at` is the zero-based place in the text,
 * kept so that later checks can name the column too.
 */

export type ComparisonOperator = "eq" | "ne" | "gt" | "ge" | "lt" | "le";

export type LiteralType = "Null" | "Boolean" | "Number" | "String" | "DateTime" | "Duration" | "Guid";

/** What an expression yields; a property's type is not known from the text. */
export type ExpressionType = LiteralType | "Any";

/**
 * `DateTime` holds a canonical instant (`instant.ts`), `Duration` ticks of 100 ns (`duration.ts`), `Guid` lower case;
 * the others their JSON value.
 */
export interface Literal {
  readonly kind: "literal";
  readonly type: LiteralType;
  readonly value: null | boolean | number | string | bigint;
  readonly at: number;
}

export interface Property {
  readonly kind: "property";
  /** As written: `executionInfo/exitCode`. */
  readonly name: string;
  readonly at: number;
}

export interface Call {
  readonly kind: "call";
  readonly name: string;
  readonly args: readonly Expression[];
  readonly at: number;
}

export interface Comparison {
  readonly kind: "comparison";
  readonly operator: ComparisonOperator;
  readonly left: Expression;
  readonly right: Expression;
  readonly at: number;
}

export interface Membership {
  readonly kind: "in";
  readonly operand: Expression;
  readonly literals: readonly Literal[];
  readonly at: number;
}

export interface Negation {
  readonly kind: "not";
  readonly operand: Expression;
  readonly at: number;
}

/** A whole chain `a and b and c` is one node, so the tree is never deeper than the text is nested. */
export interface Junction {
  readonly kind: "and" | "or";
  readonly operands: readonly Expression[];
  readonly at: number;
}

/** `names/any(n:n eq 'x')`: whether the condition holds for an element, which `variable` stands for. */
export interface Lambda {
  readonly kind: "any";
  /** Of the list: `names`. */
  readonly name: string;
  readonly variable: string;
  readonly condition: Expression;
  readonly at: number;
}

export type Expression = Literal | Property | Call | Comparison | Membership | Negation | Junction | Lambda;

export interface Filter {
  /** The text it was parsed from, for error messages. */
  readonly text: string;
  readonly root: Expression;
}
