/** The history of one variable of a pool, and the questions a formula may ask it. Pure. */

/** Milliseconds between two samples of a pool. Source: the autoscale page, "GetSamplePeriod". */
export const SAMPLE_PERIOD = 30_000;

export interface Sample {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly value: number;
}

export class SampleSeries {
  readonly name: string;
  /** Oldest first. */
  readonly #samples: readonly Sample[];
  readonly #present: number | undefined;
  readonly #newest: number | undefined;

  /**
   * @param present the variable's value now, where it stands for the variable
   * @param newest what a sample would be now: that of a pool so new that it has none
   */
  constructor(name: string, samples: readonly Sample[], present?: number, newest?: number) {
    this.name = name;
    this.#samples = samples;
    this.#present = present;
    this.#newest = newest;
  }

  get latest(): number | undefined {
    return this.#present ?? this.#samples.at(-1)?.value;
  }

  get count(): number {
    return this.#samples.length;
  }

  /** When the oldest sample was taken; undefined without any. */
  get since(): number | undefined {
    return this.#samples[0]?.at;
  }

  /** The latest ones, oldest first, as many as there are. */
  last(count: number): readonly number[] {
    if (count === 0) return [];
    if (this.#samples.length === 0) return this.#newest === undefined ? [] : [this.#newest];
    return this.#samples.slice(-count).map(({ value }) => value);
  }

  /** Those of a span of time, both ends included, oldest first. */
  between(from: number, to: number): readonly number[] {
    return this.#samples.filter(({ at }) => at >= from && at <= to).map(({ value }) => value);
  }

  /** How much of a span of time has been sampled: 0 to 100. */
  percent(from: number, to: number): number {
    const expected = Math.max(1, Math.floor((to - from) / SAMPLE_PERIOD));
    return Math.min(100, (100 * this.between(from, to).length) / expected);
  }
}
