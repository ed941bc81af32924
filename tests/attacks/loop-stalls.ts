/**
 * How long the event loop of this process has stood still at a time, as its own thread computed: what other programs and other tests on
 * the machine take from it is not counted, and neither is what its other threads do.
 */
export class LoopStalls {
  static readonly #LOOK_MS = 5;
  readonly #timer: NodeJS.Timeout;
  #last = performance.now();
  #cpu = process.threadCpuUsage();
  #longest = 0;

  constructor(onStall: (ms: number) => void = () => {}) {
    this.#timer = setInterval(() => {
      const now = performance.now();
      const { user, system } = process.threadCpuUsage(this.#cpu);
      const stood = Math.min(now - this.#last - LoopStalls.#LOOK_MS, (user + system) / 1_000);
      this.#longest = Math.max(this.#longest, stood);
      this.#last = now;
      this.#cpu = process.threadCpuUsage();
      if (stood > 0) onStall(stood);
    }, LoopStalls.#LOOK_MS).unref();
  }

  /** Milliseconds. */
  get longest(): number {
    return this.#longest;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
