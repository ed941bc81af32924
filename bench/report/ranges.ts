/**
 * What `--check` holds a figure to: its ratio to what was measured beside it in the same round, so that a slower or a busier machine
 * changes nothing. The ranges are wider than the noise of one quick round, and narrower than what a careless change costs.
 */
import { type Bar, type Figure, meetsBar, ratioOf } from "../bench-row.ts";
import { barText } from "./table.ts";

export type Range = {
  /** Of the row. */
  readonly name: string;
  /** Of the figure. */
  readonly what: string;
} & Bar;

export const RANGES: readonly Range[] = [
  { name: "job-get", what: "GET job, one principal", atLeast: 0.2 },
  { name: "containers", what: "tasks in containers, one slot", atLeast: 0.1 },
  { name: "containers", what: "the same, beside podman", atLeast: 3 },
  { name: "flat", what: "G1 page of 10", atMost: 4 },
  { name: "flat", what: "G1 page, nothing found", atMost: 4 },
  { name: "flat", what: "G2 placed behind blocked", atMost: 4 },
  { name: "flat", what: "G2 placed behind too wide", atMost: 4 },
  { name: "flat", what: "G3 ends with ranges", atMost: 4 },
  { name: "flat", what: "G4 stall of a fan-out", atMost: 10 },
];

/** A sentence for each figure that is out of its range; figures without a range, and ranges without a figure, say nothing. */
export function outOfRange(figures: readonly Figure[], ranges: readonly Range[] = RANGES): string[] {
  return figures.flatMap((figure) => {
    const what = figure.what.trim();
    const range = ranges.find((one) => one.name === figure.name && one.what === what);
    const ratio = ratioOf(figure);
    if (range === undefined || ratio === undefined || meetsBar({ ...figure, bar: range })) return [];
    return [`${figure.name}: ${what}: ${ratio.toFixed(2)} of ${figure.against?.name}, ${barText(range)}`];
  });
}
