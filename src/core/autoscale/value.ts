/**
 * The values that an autoscale formula works with. Source: the page "Create a formula to automatically scale compute nodes in a
 * Batch pool".
 */
import type { SampleSeries } from "./sample-series.ts";

export type Value =
  | { readonly type: "double"; readonly number: number }
  | { readonly type: "doubleVec"; readonly numbers: readonly number[] }
  | { readonly type: "string"; readonly text: string }
  /** Milliseconds since the epoch. */
  | { readonly type: "timestamp"; readonly at: number }
  /** Milliseconds. */
  | { readonly type: "timeinterval"; readonly length: number }
  /** A variable of the service with a history; where a number is wanted, it is its latest. */
  | { readonly type: "metric"; readonly series: SampleSeries };

export type ValueType = Value["type"];

export const double = (number: number): Value => ({ type: "double", number });
export const doubleVec = (numbers: readonly number[]): Value => ({ type: "doubleVec", numbers });
export const string = (text: string): Value => ({ type: "string", text });
export const timestamp = (at: number): Value => ({ type: "timestamp", at });
export const timeinterval = (length: number): Value => ({ type: "timeinterval", length });

/** As the results of a run show it: `10`, `[1,2]`, `2016-10-13T19:18:47.805Z`, `00:15:00`. */
export function valueText(value: Value): string {
  switch (value.type) {
    case "double":
      return String(value.number);
    case "doubleVec":
      return `[${value.numbers.join(",")}]`;
    case "string":
      return value.text;
    case "timestamp":
      return new Date(value.at).toISOString();
    case "timeinterval":
      return timeSpan(value.length);
    case "metric":
      return String(value.series.latest ?? "");
  }
}

/** .NET's `[-][d.]hh:mm:ss[.fff]`. */
function timeSpan(milliseconds: number): string {
  const whole = Math.abs(Math.trunc(milliseconds));
  const two = (n: number) => String(Math.floor(n)).padStart(2, "0");
  const days = Math.floor(whole / 86_400_000);
  const fraction = whole % 1000;
  return [
    milliseconds < 0 ? "-" : "",
    days > 0 ? `${days}.` : "",
    `${two((whole / 3_600_000) % 24)}:${two((whole / 60_000) % 60)}:${two((whole / 1000) % 60)}`,
    fraction > 0 ? `.${String(fraction).padStart(3, "0")}` : "",
  ].join("");
}
