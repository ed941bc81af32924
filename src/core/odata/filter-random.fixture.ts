/** For tests: random well-typed filters and resources, and a printer that shows how a filter was understood. */

import type { ComparisonOperator, Expression, Literal } from "./filter-expression.ts";

/** Uniform in [0, 1), the same sequence for the same seed (a linear congruential generator). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

type Random = () => number;

const pick = <T>(random: Random, options: readonly T[]): T => {
  const option = options[Math.floor(random() * options.length)];
  if (option === undefined) throw new Error("nothing to pick from");
  return option;
};

const IDS = ["a", "ab", "B", "it's", "and", ""];
const TIMES = [
  "2024-01-31T08:00:00.0000000Z",
  "2024-01-31T08:00:00.0000001Z",
  "2025-01-01T00:00:00.0000000Z",
];
const OPERATORS: readonly ComparisonOperator[] = ["eq", "ne", "gt", "ge", "lt", "le"];

const literal = (type: Literal["type"], value: Literal["value"]): Literal => ({
  kind: "literal",
  type,
  value,
  at: 0,
});
const property = (name: string): Expression => ({ kind: "property", name, at: 0 });

const OPERANDS: readonly ((random: Random) => readonly [Expression, Literal])[] = [
  (random) => [property("id"), literal("String", pick(random, IDS))],
  (random) => [property("state"), literal("String", pick(random, IDS))],
  (random) => [property("priority"), literal("Number", pick(random, [-1, 0, 1, 2.5]))],
  (random) => [property("executionInfo/exitCode"), literal("Number", pick(random, [0, 1, 137]))],
  (random) => [property("creationTime"), literal("DateTime", pick(random, TIMES))],
  (random) => [property("flag"), literal("Boolean", random() < 0.5)],
  () => [property("id"), literal("Null", null)],
];

export function randomFilter(random: Random, depth: number): Expression {
  const roll = random();
  if (depth > 0 && roll < 0.5) {
    const kind = pick(random, ["and", "or"] as const);
    const operands = Array.from({ length: pick(random, [2, 3]) }, () => randomFilter(random, depth - 1));
    return { kind, operands, at: 0 };
  }
  if (depth > 0 && roll < 0.65) return { kind: "not", operand: randomFilter(random, depth - 1), at: 0 };
  if (roll < 0.7) return property("flag");
  const [operand, first] = pick(random, OPERANDS)(random);
  if (roll < 0.76 && first.type === "String") {
    return { kind: "call", name: pick(random, ["startswith", "contains"]), args: [operand, first], at: 0 };
  }
  if (roll < 0.8) return { kind: "in", operand, literals: [first], at: 0 };
  const operator = pick(random, OPERATORS);
  const [left, right] = random() < 0.5 ? [operand, first] : [first, operand];
  return { kind: "comparison", operator, left, right, at: 0 };
}

/** A resource with the properties that random filters name, each sometimes absent. */
export function randomResource(random: Random): Record<string, unknown> {
  const maybe = <T>(value: T) => (random() < 0.8 ? value : undefined);
  return {
    id: maybe(pick(random, IDS)),
    state: maybe(pick(random, IDS)),
    priority: maybe(pick(random, [-1, 0, 1, 2.5])),
    flag: maybe(random() < 0.5),
    creationTime: maybe(pick(random, TIMES)),
    executionInfo: maybe({ exitCode: maybe(pick(random, [0, 1, 137])) }),
  };
}

/** The filter with every pair of parentheses written out; a duration shows its ticks. */
export function formatFilter(expression: Expression): string {
  switch (expression.kind) {
    case "literal":
      if (expression.type === "String") return `'${String(expression.value).replaceAll("'", "''")}'`;
      return expression.type === "Duration" ? `duration'${expression.value}'` : String(expression.value);
    case "property":
      return expression.name;
    case "call":
      return `${expression.name}(${expression.args.map(formatFilter).join(",")})`;
    case "comparison":
      return `(${formatFilter(expression.left)} ${expression.operator} ${formatFilter(expression.right)})`;
    case "in":
      return `(${formatFilter(expression.operand)} in (${expression.literals.map(formatFilter).join(",")}))`;
    case "not":
      return `(not ${formatFilter(expression.operand)})`;
    case "any": {
      const { name, variable, condition } = expression;
      return `${name}/any(${variable}:${formatFilter(condition)})`;
    }
    default:
      return `(${expression.operands.map(formatFilter).join(` ${expression.kind} `)})`;
  }
}
