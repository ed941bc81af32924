/**
 * Runs a formula. It ends always and soon: there are no loops, the length is bounded by the parser, and the numbers it may touch by a
 * budget. It sees nothing but what it is given.
 */

import { FunctionProblem, type FunctionWorld, formulaFunctions } from "./formula-functions.ts";
import { applyBinary, applyUnary, isTrue } from "./formula-operators.ts";
import type { Expression, Statement } from "./formula-parse.ts";
import { FormulaProblem } from "./formula-problem.ts";
import { sampleMethod, TooFewSamples } from "./formula-samples.ts";
import type { SampleSeries } from "./sample-series.ts";
import { double, string, timeinterval, type Value } from "./value.ts";

export interface FormulaWorld extends FunctionWorld {
  /** Service variables that are read, by their name with its `$`. */
  readonly metrics: ReadonlyMap<string, SampleSeries>;
  /** What the variables that a formula may write hold before it runs. */
  readonly writable: ReadonlyMap<string, Value>;
}

/** Numbers that one run may read or make. Ours: a day's samples of each variable, several times over. */
const MAX_NUMBERS = 500_000;

const SECOND = 1000;
const DAY = 86_400 * SECOND;

const CONSTANTS: ReadonlyMap<string, Value> = new Map([
  ["TimeInterval_Zero", timeinterval(0)],
  ["TimeInterval_100ns", timeinterval(0.0001)],
  ["TimeInterval_Microsecond", timeinterval(0.001)],
  ["TimeInterval_Millisecond", timeinterval(1)],
  ["TimeInterval_Second", timeinterval(SECOND)],
  ["TimeInterval_Minute", timeinterval(60 * SECOND)],
  ["TimeInterval_Hour", timeinterval(3600 * SECOND)],
  ["TimeInterval_Day", timeinterval(DAY)],
  ["TimeInterval_Week", timeinterval(7 * DAY)],
  ["TimeInterval_Year", timeinterval(365 * DAY)],
  ...["requeue", "terminate", "taskcompletion", "retaineddata"].map((name) => [name, string(name)] as const),
]);

/** Older names of variables that a formula may write. Source: the autoscale page. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ["$TargetDedicated", "$TargetDedicatedNodes"],
  ["$TargetLowPriority", "$TargetLowPriorityNodes"],
]);

/** @returns all variables that were written, in the order of their first writing. @throws FormulaProblem */
export function formulaRun(
  statements: readonly Statement[],
  world: FormulaWorld,
): ReadonlyMap<string, Value> {
  const run = new Run(world);
  for (const { name, value, at } of statements) {
    // Ends the formula; what was written by then counts.
    if (value.kind === "call" && value.name === "stop" && value.args.length === 0) break;
    const result = run.evaluate(value);
    if (name === undefined) continue;
    if (world.metrics.has(name) || CONSTANTS.has(name))
      throw new FormulaProblem("AutoScalingFormulaEvaluationError", at, `${name} cannot be written`);
    run.write(name, result);
  }
  return run.variables;
}

class Run {
  readonly variables = new Map<string, Value>();
  readonly #world: FormulaWorld;
  readonly #named = new Set<string>();
  #numbersLeft = MAX_NUMBERS;

  constructor(world: FormulaWorld) {
    this.#world = world;
  }

  /** By its full name once that has been written, an alias writes nothing any more. */
  write(name: string, value: Value): void {
    const full = ALIASES.get(name);
    if (full === undefined) {
      this.#named.add(name);
      this.variables.set(name, value);
    } else if (!this.#named.has(full)) this.variables.set(full, value);
  }

  evaluate(expression: Expression): Value {
    switch (expression.kind) {
      case "number":
        return double(expression.number);
      case "string":
        return string(expression.text);
      case "name":
        return this.#variable(expression);
      case "unary": {
        const operand = this.evaluate(expression.operand);
        return this.#try(expression, expression.operator, () => applyUnary(expression.operator, operand));
      }
      case "binary":
        return this.#binary(expression);
      case "choice": {
        const test = this.evaluate(expression.test);
        const holds = this.#try(expression, "?", () => isTrue(test));
        return this.evaluate(holds ? expression.then : expression.otherwise);
      }
      case "call": {
        const { name, args } = expression;
        const apply = formulaFunctions.get(name);
        if (!apply) throw failed(expression, `There is no function ${name}`);
        const values = args.map((arg) => this.evaluate(arg));
        return this.#spend(
          expression,
          this.#try(expression, name, () => apply(values, this.#world)),
          ...values,
        );
      }
      case "method": {
        const { name, args } = expression;
        const on = this.evaluate(expression.of);
        if (on.type !== "metric") throw failed(expression, `A ${on.type} has no method ${name}`);
        const values = args.map((arg) => this.evaluate(arg));
        const { now } = this.#world;
        return this.#spend(
          expression,
          this.#try(expression, name, () => sampleMethod(on.series, name, values, now)),
        );
      }
      case "member":
        return member(expression, this.evaluate(expression.of));
    }
  }

  /** Goes down the left side in a loop: `a + b + c + …` must not be as deep as it is long. */
  #binary(expression: Extract<Expression, { kind: "binary" }>): Value {
    const spine: Extract<Expression, { kind: "binary" }>[] = [];
    let leftmost: Expression = expression;
    while (leftmost.kind === "binary") {
      spine.push(leftmost);
      leftmost = leftmost.left;
    }
    let value = this.evaluate(leftmost);
    for (const step of spine.reverse()) value = this.#apply(step, value);
    return value;
  }

  #apply(expression: Extract<Expression, { kind: "binary" }>, left: Value): Value {
    const { operator } = expression;
    if (operator === "&&" || operator === "||") {
      const decided = this.#try(expression, operator, () => isTrue(left)) === (operator === "||");
      if (decided) return double(operator === "||" ? 1 : 0);
      const right = this.evaluate(expression.right);
      return double(this.#try(expression, operator, () => isTrue(right)) ? 1 : 0);
    }
    const right = this.evaluate(expression.right);
    return this.#spend(
      expression,
      this.#try(expression, operator, () => applyBinary(operator, left, right)),
    );
  }

  #variable(expression: Extract<Expression, { kind: "name" }>): Value {
    const name = ALIASES.get(expression.name) ?? expression.name;
    const { metrics, writable } = this.#world;
    const known = this.variables.get(name) ?? writable.get(name) ?? CONSTANTS.get(name);
    if (known) return known;
    const series = metrics.get(name);
    if (!series) throw failed(expression, `Undefined symbol: ${name}`);
    return { type: "metric", series };
  }

  #spend(expression: Expression, result: Value, ...read: readonly Value[]): Value {
    for (const value of [result, ...read]) {
      this.#numbersLeft -= value.type === "doubleVec" ? value.numbers.length : 1;
    }
    if (this.#numbersLeft < 0) throw failed(expression, "The formula takes too long");
    return result;
  }

  #try<T>(expression: Expression, name: string, work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (error instanceof FunctionProblem) throw failed(expression, `${name} ${error.message}`);
      if (error instanceof TooFewSamples)
        throw new FormulaProblem("InsufficientSampleData", expression.at, error.message);
      throw error;
    }
  }
}

function member(expression: Extract<Expression, { kind: "member" }>, of: Value): Value {
  if (of.type === "timestamp") {
    const date = new Date(of.at);
    switch (expression.name) {
      case "year":
        return double(date.getUTCFullYear());
      case "month":
        return double(date.getUTCMonth() + 1);
      case "day":
        return double(date.getUTCDate());
      case "weekday":
        return double(date.getUTCDay());
      case "hour":
        return double(date.getUTCHours());
      case "minute":
        return double(date.getUTCMinutes());
      case "second":
        return double(date.getUTCSeconds());
    }
  }
  throw failed(expression, `A ${of.type} has no member ${expression.name}`);
}

function failed({ at }: Expression, message: string): FormulaProblem {
  return new FormulaProblem("AutoScalingFormulaEvaluationError", at, message);
}
