/** What a row of the bench is, and what it finds out. */

export type Unit = "/s" | "/cpu-s" | "s" | "ms" | "MB" | "MB/s" | "MB/cpu-s" | "kB" | "%" | "count";

/** Held against the ratio where there is one, else against the value. */
export type Bar = { readonly atLeast: number } | { readonly atMost: number };

export interface Figure {
  readonly name: string;
  readonly what: string;
  readonly unit: Unit;
  /** One value per round. The table shows medians. */
  readonly values: readonly number[];
  /** What the value is compared with, measured right beside it in the same rounds. */
  readonly against?: { readonly name: string; readonly values: readonly number[] };
  readonly bar?: Bar;
  /** The bar is one for the value, though there is a ratio. */
  readonly isBarOnValue?: boolean;
  /** What else was seen, for the JSON. */
  readonly detail?: Readonly<Record<string, number>>;
}

export interface Skipped {
  readonly name: string;
  readonly skipped: string;
}

export interface BenchContext {
  readonly quick: boolean;
  readonly rounds: number;
  /** What `service-process.ts` starts. */
  readonly program: string;
  /** The folder of another tree, mostly an older one, for rows that compare the two. */
  readonly against?: string;
  /** On a disk. */
  readonly folder: string;
  /** In memory; undefined where there is no tmpfs to be had. */
  readonly memoryFolder: string | undefined;
  /** Node's compile cache for the services under test. */
  readonly cacheFolder: string;
  readonly progress: (line: string) => void;
}

export interface BenchRow {
  readonly name: string;
  readonly about: string;
  /** Measured only when it is asked for by name. */
  readonly isByHand?: boolean;
  run(context: BenchContext): Promise<readonly (Figure | Skipped)[]>;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Of each round its own ratio, so that a machine that slows down slows both sides. */
export function ratioOf({ values, against }: Figure): number | undefined {
  if (!against) return undefined;
  return median(values.map((value, round) => value / (against.values[round] ?? Number.NaN)));
}

/** Undefined where there is no bar. */
export function meetsBar(figure: Figure): boolean | undefined {
  const { bar, values, isBarOnValue = false } = figure;
  if (!bar) return undefined;
  const judged = isBarOnValue ? median(values) : (ratioOf(figure) ?? median(values));
  return "atLeast" in bar ? judged >= bar.atLeast : judged <= bar.atMost;
}
