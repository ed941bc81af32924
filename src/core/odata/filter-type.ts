/** The little type system of filters: what an expression yields, and which types go together. */

import type { Expression, ExpressionType } from "./filter-expression.ts";
import { FILTER_FUNCTIONS } from "./filter-functions.ts";

/** The type as far as the text tells: `Any` for a property. */
export function expressionType(expression: Expression): ExpressionType {
  switch (expression.kind) {
    case "literal":
      return expression.type;
    case "property":
      return "Any";
    case "call":
      return FILTER_FUNCTIONS.get(expression.name)?.returns ?? "Any";
    default:
      return "Boolean";
  }
}

/** Whether a value of one type may stand where the other is wanted, or be compared with it. */
export function fits(a: ExpressionType, b: ExpressionType): boolean {
  return a === b || isOpen(a) || isOpen(b);
}

/** The type in which two expressions that fit are compared: the one that is known. */
export function commonType(a: ExpressionType, b: ExpressionType): ExpressionType {
  if (!isOpen(a)) return a;
  if (!isOpen(b)) return b;
  return a === "Null" ? a : b;
}

function isOpen(type: ExpressionType): boolean {
  return type === "Any" || type === "Null";
}
