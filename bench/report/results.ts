/** The figures as JSON: what the table shows, and what it has no room for. */
import { type Figure, median, meetsBar, ratioOf, type Skipped } from "../bench-row.ts";
import type { Machine } from "./machine.ts";

export function resultsJson(
  machine: Machine,
  figures: readonly Figure[],
  skipped: readonly Skipped[],
): string {
  const rows = figures.map((figure) => ({
    name: figure.name,
    what: figure.what.trim(),
    unit: figure.unit,
    median: median(figure.values),
    values: figure.values,
    ...(figure.against && {
      against: { ...figure.against, median: median(figure.against.values) },
      ratio: ratioOf(figure),
    }),
    ...(figure.bar && { bar: figure.bar, met: meetsBar(figure) }),
    ...(figure.detail && { detail: figure.detail }),
  }));
  return `${JSON.stringify({ machine, rows, skipped }, null, 2)}\n`;
}
