/** The figures as one table of at most 80 columns. */
import { type Bar, type Figure, median, meetsBar, ratioOf, type Unit } from "../bench-row.ts";

const COLUMNS = { what: 28, value: 10, against: 15, peer: 8, ratio: 5, bar: 8 };

export function renderTable(figures: readonly Figure[]): string {
  const header = line("", "batchyard", "against", "", "ratio", "bar");
  return [header, "-".repeat(79), ...figures.map(figureLine)].join("\n");
}

function figureLine(figure: Figure): string {
  const { what, values, unit, against, bar } = figure;
  const ratio = ratioOf(figure);
  return line(
    what,
    `${number(median(values), unit)}${SUFFIX[unit]}`,
    against?.name ?? "",
    against ? number(median(against.values), unit) : "",
    ratio === undefined ? "" : ratio.toFixed(2),
    bar ? `${barText(bar)} ${meetsBar(figure) ? "ok" : "NO"}` : "",
  );
}

const SUFFIX: Record<Unit, string> = {
  "/s": "/s",
  "/cpu-s": "/cs",
  s: " s",
  ms: " ms",
  MB: " MB",
  "MB/s": " MB/s",
  "MB/cpu-s": " MB/cs",
  kB: " kB",
  "%": " %",
  count: "",
};

function number(value: number, unit: Unit): string {
  if (unit === "s" || unit === "ms" || unit === "%") return value.toFixed(2);
  return Math.round(value).toLocaleString("en");
}

export function barText(bar: Bar): string {
  return "atLeast" in bar ? `≥ ${bar.atLeast}` : `≤ ${bar.atMost}`;
}

function line(
  what: string,
  value: string,
  against: string,
  peer: string,
  ratio: string,
  bar: string,
): string {
  return [
    what.padEnd(COLUMNS.what),
    value.padStart(COLUMNS.value),
    against.padEnd(COLUMNS.against),
    peer.padStart(COLUMNS.peer),
    ratio.padStart(COLUMNS.ratio),
    bar,
  ]
    .join(" ")
    .trimEnd();
}
