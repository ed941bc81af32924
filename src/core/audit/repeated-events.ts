/**
 * Keeps a flood out of a log without losing its size: in each window the first event of a kind is told at once, others like it are
 * counted and told together at the window's end, and kinds beyond a few are told as one. What passes time is handed in.
 */

export interface RepeatedEventsOptions<T> {
  readonly windowMs: number;
  /** Kinds that one window tells apart. */
  readonly kindsMax: number;
  /**
   * @param times how many events this one stands for
   * @param isMixed it stands for others that were not like it, too
   */
  readonly tell: (event: T, times: number, isMixed: boolean) => void;
  /** Calls back once, after that many milliseconds. */
  readonly later: (callback: () => void, ms: number) => void;
}

interface Counted<T> {
  readonly event: T;
  /** Not told yet. */
  times: number;
}

export class RepeatedEvents<T> {
  readonly #options: RepeatedEventsOptions<T>;
  readonly #kinds = new Map<string, Counted<T>>();
  #others: Counted<T> | undefined;
  #isOpen = false;

  constructor(options: RepeatedEventsOptions<T>) {
    this.#options = options;
  }

  /** @param make called where the event is the first of its kind */
  note(kind: string, make: () => T): void {
    const { windowMs, kindsMax, tell, later } = this.#options;
    const counted = this.#kinds.get(kind) ?? this.#others;
    if (counted) {
      counted.times++;
      return;
    }
    const event = make();
    if (this.#kinds.size < kindsMax) this.#kinds.set(kind, { event, times: 0 });
    else this.#others = { event, times: 0 };
    tell(event, 1, false);
    if (this.#isOpen) return;
    this.#isOpen = true;
    later(() => this.close(), windowMs);
  }

  /** Ends the window: tells what has only been counted. */
  close(): void {
    const counted = [...this.#kinds.values()];
    const others = this.#others;
    this.#kinds.clear();
    this.#others = undefined;
    this.#isOpen = false;
    for (const { event, times } of counted) if (times > 0) this.#options.tell(event, times, false);
    if (others && others.times > 0) this.#options.tell(others.event, others.times, true);
  }

  /** Nothing is being counted. */
  get isIdle(): boolean {
    return !this.#isOpen;
  }
}
