/**
 * The functions of autoscale formulas. What takes a list of vectors takes numbers among them too, and all elements count as one
 * list. Source: the autoscale page, "Functions".
 */
import { double, doubleVec, timestamp, type Value } from "./value.ts";

/** What is wrong with the arguments; the evaluator knows where. */
export class FunctionProblem extends Error {}

export interface FunctionWorld {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** From 0 to 1. */
  readonly random: () => number;
}

type FormulaFunction = (args: readonly Value[], world: FunctionWorld) => Value;

const ofNumbers =
  (compute: (numbers: readonly number[]) => number): FormulaFunction =>
  (args) => {
    const numbers = args.flatMap(numbersOf);
    if (numbers.length === 0) throw new FunctionProblem("needs at least one number");
    return double(compute(numbers));
  };

/** Of one number, or of each of a list of numbers and vectors, which gives a vector. */
const ofEach =
  (compute: (number: number) => number): FormulaFunction =>
  (args) => {
    const [only] = args;
    if (args.length === 1 && only?.type !== "doubleVec") return double(compute(numberOf(only)));
    if (args.length === 0) throw new FunctionProblem("needs at least one number");
    return doubleVec(args.flatMap(numbersOf).map(compute));
  };

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
const mean = (numbers: readonly number[]) => sum(numbers) / numbers.length;
const least = (numbers: readonly number[]) => numbers.reduce((a, b) => Math.min(a, b));
const greatest = (numbers: readonly number[]) => numbers.reduce((a, b) => Math.max(a, b));

/** Of a sample: divided by one less than its size. */
function standardDeviation(numbers: readonly number[]): number {
  if (numbers.length < 2) return 0;
  const center = mean(numbers);
  return Math.sqrt(sum(numbers.map((number) => (number - center) ** 2)) / (numbers.length - 1));
}

/** Between the two nearest ranks, in proportion. */
function percentile(numbers: readonly number[], percent: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const rank = (Math.min(100, Math.max(0, percent)) / 100) * (sorted.length - 1);
  const below = sorted[Math.floor(rank)] ?? 0;
  const above = sorted[Math.ceil(rank)] ?? below;
  return below + (above - below) * (rank - Math.floor(rank));
}

export const formulaFunctions: ReadonlyMap<string, FormulaFunction> = new Map<string, FormulaFunction>([
  ["avg", ofNumbers(mean)],
  ["max", ofNumbers(greatest)],
  ["min", ofNumbers(least)],
  ["sum", ofNumbers(sum)],
  ["std", ofNumbers(standardDeviation)],
  ["range", ofNumbers((numbers) => greatest(numbers) - least(numbers))],
  ["norm", ofNumbers((numbers) => Math.sqrt(sum(numbers.map((number) => number ** 2))))],
  ["ceil", ofEach(Math.ceil)],
  ["floor", ofEach(Math.floor)],
  ["round", ofEach((number) => Math.sign(number) * Math.round(Math.abs(number)))],
  ["lg", ofEach(Math.log2)],
  ["ln", ofEach(Math.log)],
  ["log", ofEach(Math.log10)],
  ["len", (args) => double(args.flatMap(numbersOf).length)],
  ["vec", (args) => doubleVec(args.flatMap(numbersOf))],
  [
    "percentile",
    (args) => {
      const [vector, percent] = exactly(args, 2);
      const numbers = vectorOf(vector);
      if (numbers.length === 0) throw new FunctionProblem("needs at least one number");
      return double(percentile(numbers, numberOf(percent)));
    },
  ],
  [
    "val",
    (args) => {
      const [vector, index] = exactly(args, 2);
      const found = vectorOf(vector)[numberOf(index)];
      if (found === undefined) throw new FunctionProblem("has no element of that index");
      return double(found);
    },
  ],
  [
    "rand",
    (args, { random }) => {
      exactly(args, 0);
      return double(random());
    },
  ],
  [
    "time",
    (args, { now }) => {
      const text = args.length === 0 ? "" : textOf(exactly(args, 1)[0]);
      if (text === "") return timestamp(now);
      const at = parseTime(text);
      if (at === undefined) throw new FunctionProblem(`does not read '${text.slice(0, 64)}' as a time`);
      return timestamp(at);
    },
  ],
]);

/** As RFC 1123 writes it, always GMT. */
const RFC_1123 = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

const W3C = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,7})?)?(?:Z|[+-]\d\d:?\d\d)?)?$/i;

/** W3C-DTF, of which a day may stand without its time and what names no zone is UTC; or RFC 1123. */
function parseTime(text: string): number | undefined {
  if (RFC_1123.test(text)) {
    const day = Date.parse(text);
    return Number.isNaN(day) ? undefined : day;
  }
  if (!W3C.test(text)) return undefined;
  const full = /^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text;
  const at = Date.parse(/(Z|[+-]\d\d:?\d\d)$/i.test(full) ? full : `${full}Z`);
  return Number.isNaN(at) ? undefined : at;
}

function exactly(args: readonly Value[], count: number): readonly Value[] {
  if (args.length !== count) throw new FunctionProblem(`takes ${count} argument${count === 1 ? "" : "s"}`);
  return args;
}

export function numberOf(value: Value | undefined): number {
  if (value?.type === "double") return value.number;
  if (value?.type === "metric" && value.series.latest !== undefined) return value.series.latest;
  throw new FunctionProblem(`needs a double, not a ${value?.type}`);
}

function numbersOf(value: Value): readonly number[] {
  return value.type === "doubleVec" ? value.numbers : [numberOf(value)];
}

function vectorOf(value: Value | undefined): readonly number[] {
  if (value?.type === "doubleVec") return value.numbers;
  throw new FunctionProblem(`needs a doubleVec, not a ${value?.type}`);
}

function textOf(value: Value | undefined): string {
  if (value?.type === "string") return value.text;
  throw new FunctionProblem(`needs a string, not a ${value?.type}`);
}
