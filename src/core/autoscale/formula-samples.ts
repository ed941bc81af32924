/** What a formula may ask of a service variable's history. Source: the autoscale page, "Methods". */
import { FunctionProblem, numberOf } from "./formula-functions.ts";
import { SAMPLE_PERIOD, type SampleSeries } from "./sample-series.ts";
import { double, doubleVec, timeinterval, timestamp, type Value } from "./value.ts";

/** There is less history than the formula asks for. */
export class TooFewSamples extends Error {}

/** @throws FunctionProblem; TooFewSamples */
export function sampleMethod(
  series: SampleSeries,
  method: string,
  args: readonly Value[],
  now: number,
): Value {
  switch (method) {
    case "GetSample":
      return getSample(series, args, now);
    case "GetSamplePercent": {
      const { from, to, rest } = span(args, now);
      if (rest.length > 0) throw new FunctionProblem("takes a start and an end");
      return double(series.percent(from, to));
    }
    case "GetSamplePeriod":
      none(args);
      return timeinterval(SAMPLE_PERIOD);
    case "Count":
      none(args);
      return double(series.count);
    case "HistoryBeginTime":
      none(args);
      return timestamp(series.since ?? now);
    default:
      throw new FunctionProblem("is not a method of a service variable");
  }
}

function getSample(series: SampleSeries, args: readonly Value[], now: number): Value {
  const [first] = args;
  if (first?.type === "double" || first?.type === "metric") {
    if (args.length > 1) throw new FunctionProblem("takes a count, or a start, an end and a percentage");
    const count = Math.max(0, Math.floor(numberOf(first)));
    return doubleVec(series.last(count));
  }
  const { from, to, rest } = span(args, now);
  if (rest.length > 1) throw new FunctionProblem("takes a count, or a start, an end and a percentage");
  const wanted = rest[0] === undefined ? 0 : numberOf(rest[0]);
  const percent = series.percent(from, to);
  if (percent < wanted || percent === 0) {
    throw new TooFewSamples(
      `${series.name} has samples of ${Math.floor(percent)} percent of the time asked for`,
    );
  }
  return doubleVec(series.between(from, to));
}

/** From the start to the end, or to now. A time interval looks back from now; the two may come in either order. */
function span(args: readonly Value[], now: number): { from: number; to: number; rest: readonly Value[] } {
  const [first, second] = args;
  const start = moment(first, now);
  if (start === undefined) throw new FunctionProblem("needs a timestamp or a timeinterval");
  const end = moment(second, now);
  const [from, to] = [Math.min(start, end ?? now), Math.max(start, end ?? now)];
  return { from, to, rest: args.slice(end === undefined ? 1 : 2) };
}

function moment(value: Value | undefined, now: number): number | undefined {
  if (value?.type === "timestamp") return value.at;
  return value?.type === "timeinterval" ? now - value.length : undefined;
}

function none(args: readonly Value[]): void {
  if (args.length > 0) throw new FunctionProblem("takes no arguments");
}
