/** The operators of autoscale formulas, by the types they meet. Source: the autoscale page, "Operations". */
import { FunctionProblem, numberOf } from "./formula-functions.ts";
import { double, doubleVec, timeinterval, timestamp, type Value } from "./value.ts";

const ARITHMETIC: Readonly<Record<string, (a: number, b: number) => number>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
};

const COMPARISON: Readonly<Record<string, (a: number | string, b: number | string) => boolean>> = {
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
  "==": (a, b) => a === b,
  "!=": (a, b) => a !== b,
};

/** Neither `&&` nor `||`, which may leave their right side alone. @throws FunctionProblem when the types do not go together */
export function applyBinary(operator: string, a: Value, b: Value): Value {
  const compare = COMPARISON[operator];
  const result = compare ? comparison(compare, plain(a), plain(b)) : arithmetic(operator, plain(a), plain(b));
  if (!result) throw new FunctionProblem(`cannot be applied to a ${a.type} and a ${b.type}`);
  return result;
}

/** @throws FunctionProblem */
export function applyUnary(operator: string, operand: Value): Value {
  const value = plain(operand);
  if (operator === "!") return double(isTrue(value) ? 0 : 1);
  switch (value.type) {
    case "double":
      return double(-value.number);
    case "doubleVec":
      return doubleVec(value.numbers.map((number) => -number));
    case "timeinterval":
      return timeinterval(-value.length);
    default:
      throw new FunctionProblem(`cannot be applied to a ${value.type}`);
  }
}

/** A number that is not 0. @throws FunctionProblem for what is no number */
export function isTrue(value: Value): boolean {
  return numberOf(value) !== 0;
}

/** A variable of the service, standing alone, is its latest value. */
function plain(value: Value): Value {
  return value.type === "metric" ? double(numberOf(value)) : value;
}

function arithmetic(operator: string, a: Value, b: Value): Value | undefined {
  const compute = ARITHMETIC[operator];
  if (!compute) return undefined;
  if (a.type === "double" && b.type === "double") return double(compute(a.number, b.number));
  if (a.type === "doubleVec" && b.type === "double") {
    return doubleVec(a.numbers.map((number) => compute(number, b.number)));
  }
  if (a.type === "double" && b.type === "doubleVec") {
    return doubleVec(b.numbers.map((number) => compute(a.number, number)));
  }
  if (a.type === "doubleVec" && b.type === "doubleVec") {
    if (a.numbers.length !== b.numbers.length)
      throw new FunctionProblem("needs two vectors of the same length");
    return doubleVec(a.numbers.map((number, i) => compute(number, b.numbers[i] ?? 0)));
  }
  const isSum = operator === "+" || operator === "-";
  if (a.type === "timeinterval" && b.type === "timeinterval") {
    return isSum ? timeinterval(compute(a.length, b.length)) : undefined;
  }
  if (a.type === "timeinterval" && b.type === "double") {
    return isSum ? undefined : timeinterval(compute(a.length, b.number));
  }
  if (a.type === "double" && b.type === "timeinterval") {
    return operator === "*" ? timeinterval(a.number * b.length) : undefined;
  }
  if (a.type === "timestamp" && b.type === "timeinterval") {
    return isSum ? timestamp(compute(a.at, b.length)) : undefined;
  }
  if (a.type === "timeinterval" && b.type === "timestamp") {
    return operator === "+" ? timestamp(a.length + b.at) : undefined;
  }
  if (a.type === "timestamp" && b.type === "timestamp") {
    return operator === "-" ? timeinterval(a.at - b.at) : undefined;
  }
  return undefined;
}

function comparison(
  compare: (a: number | string, b: number | string) => boolean,
  a: Value,
  b: Value,
): Value | undefined {
  if (a.type !== b.type || a.type === "doubleVec") return undefined;
  return double(compare(scalar(a), scalar(b)) ? 1 : 0);
}

function scalar(value: Value): number | string {
  switch (value.type) {
    case "string":
      return value.text;
    case "timestamp":
      return value.at;
    case "timeinterval":
      return value.length;
    default:
      return numberOf(value);
  }
}
