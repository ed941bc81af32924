/** The rows of a parametric sweep: every combination of what its parameters go through. Pure, and bounded before anything is made. */

/** Values by parameter. */
export type ParameterRow = Readonly<Record<string, string>>;

/** So many tasks one form makes. */
export const TASKS_MAX = 100_000;
const PARAMETERS_MAX = 10;
const NAME = /^[A-Za-z_]\w{0,63}$/;

interface Parameter {
  readonly name: string;
  readonly count: number;
  value(index: number): string;
}

/**
 * @param text a parameter a line: `n = 1..100`, `size = 10..50 step 10`, or `colour = red, green`; the last one changes fastest
 * @returns what is wrong, in words, where no rows come out of it
 */
export function sweepRows(text: string): readonly ParameterRow[] | string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  if (lines.length === 0) return [{}];
  if (lines.length > PARAMETERS_MAX) return `A sweep has at most ${PARAMETERS_MAX} parameters.`;
  const parameters: Parameter[] = [];
  for (const line of lines) {
    const parameter = parameterOf(line);
    if (typeof parameter === "string") return parameter;
    if (parameters.some(({ name }) => name === parameter.name))
      return `The parameter ${parameter.name} stands there twice.`;
    parameters.push(parameter);
  }
  const total = parameters.reduce((product, { count }) => product * count, 1);
  if (total > TASKS_MAX) return `That would be ${total} tasks; at most ${TASKS_MAX} are made at once.`;
  return Array.from({ length: total }, (_, index) => rowAt(parameters, index));
}

function rowAt(parameters: readonly Parameter[], index: number): ParameterRow {
  const row: Record<string, string> = {};
  let rest = index;
  for (const { name, count, value } of parameters.toReversed()) {
    row[name] = value(rest % count);
    rest = Math.floor(rest / count);
  }
  return row;
}

function parameterOf(line: string): Parameter | string {
  const at = line.indexOf("=");
  const name = line.slice(0, at).trim();
  if (at < 0 || !NAME.test(name))
    return `'${line.trim().slice(0, 80)}' is no parameter: write 'n = 1..10' or 'colour = red, green'.`;
  const given = line.slice(at + 1).trim();
  const range = /^(-?\d{1,15})\.\.(-?\d{1,15})( +step +(\d{1,15}))?$/.exec(given);
  if (range === null) {
    const values = given.split(",").map((value) => value.trim());
    return values.every((value) => value !== "")
      ? { name, count: values.length, value: (index) => values[index] ?? "" }
      : `The parameter ${name} has an empty value.`;
  }
  const [first, last, step] = [Number(range[1]), Number(range[2]), Number(range[4] ?? 1)];
  if (last < first || step < 1) return `The parameter ${name} goes nowhere: ${given}.`;
  // As many digits as the first one has, so that ids sort as numbers do.
  const digits = /^0\d/.test(range[1] ?? "") ? (range[1] ?? "").length : 0;
  return {
    name,
    count: Math.floor((last - first) / step) + 1,
    value: (index) => String(first + index * step).padStart(digits, "0"),
  };
}
