/**
 * What every match of a filter satisfies, in a form a store can look up: the filter's top-level conjuncts that compare
 * one property with literals. Sound, not complete: a store may use any of them, none, or a wider range, and must still
 * run the compiled filter over what it finds.
 *
 * Text is as written. Where the filter is compiled with `ignoreCase`, a store must not compare text by case either.
 */

import type { ComparisonOperator, Expression, Filter, Literal, LiteralType } from "./filter-expression.ts";

type ConstraintType = Exclude<LiteralType, "Null">;
type ConstraintValue = Exclude<Literal["value"], null>;

/** `value` is of the type and form that `Literal` documents: a `DateTime` is canonical UTC text with seven decimals. */
export type FilterConstraint =
  | {
      readonly property: string;
      readonly op: Exclude<ComparisonOperator, "ne"> | "startswith";
      readonly type: ConstraintType;
      readonly value: ConstraintValue;
    }
  | {
      readonly property: string;
      readonly op: "in";
      readonly type: ConstraintType;
      readonly values: readonly ConstraintValue[];
    };

const MIRRORED = { eq: "eq", gt: "lt", ge: "le", lt: "gt", le: "ge" } as const;

export function filterConstraints(filter: Filter): FilterConstraint[] {
  return conjuncts(filter.root).flatMap((conjunct) => constraint(conjunct) ?? []);
}

function conjuncts(expression: Expression): readonly Expression[] {
  return expression.kind === "and" ? expression.operands.flatMap(conjuncts) : [expression];
}

function constraint(expression: Expression): FilterConstraint | undefined {
  switch (expression.kind) {
    case "property":
      return { property: expression.name, op: "eq", type: "Boolean", value: true };
    case "not":
      return expression.operand.kind === "property"
        ? { property: expression.operand.name, op: "eq", type: "Boolean", value: false }
        : undefined;
    case "comparison":
      return comparison(expression.operator, expression.left, expression.right);
    case "call":
      return expression.name === "startswith" ? one("startswith", ...expression.args) : undefined;
    case "in":
      return anyOf(expression.literals.map((literal) => one("eq", expression.operand, literal)));
    case "or":
      return anyOf(expression.operands.map(constraint));
    default:
      return undefined;
  }
}

function comparison(
  operator: ComparisonOperator,
  left: Expression,
  right: Expression,
): FilterConstraint | undefined {
  if (operator === "ne") return undefined;
  return left.kind === "literal" ? one(MIRRORED[operator], right, left) : one(operator, left, right);
}

function one(
  op: Exclude<ComparisonOperator, "ne"> | "startswith",
  operand?: Expression,
  literal?: Expression,
): FilterConstraint | undefined {
  if (operand?.kind !== "property" || literal?.kind !== "literal") return undefined;
  const { type, value } = literal;
  return type === "Null" || value === null ? undefined : { property: operand.name, op, type, value };
}

/** `a eq 1 or a eq 2` as one list; undefined unless each alternative is such an equality of the same property. */
function anyOf(alternatives: readonly (FilterConstraint | undefined)[]): FilterConstraint | undefined {
  const [first] = alternatives;
  if (first === undefined) return undefined;
  const values: ConstraintValue[] = [];
  for (const alternative of alternatives) {
    if (alternative?.property !== first.property || alternative.type !== first.type) return undefined;
    if (alternative.op === "eq") values.push(alternative.value);
    else if (alternative.op === "in") values.push(...alternative.values);
    else return undefined;
  }
  return { property: first.property, op: "in", type: first.type, values };
}
