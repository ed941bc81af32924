/**
 * Runs one idempotent step again and again: on a nudge, and on a period in case a nudge was lost. Never twice at once; a nudge
 * during a run makes one more run after it. A step that throws is logged and tried again at the next turn.
 *
 *   idle ──nudge/period──▶ running ──done──▶ idle
 *                             └──nudged meanwhile──▶ running
 */
import { unexpected } from "../core/unexpected.ts";
export interface ReconcilerOptions {
  readonly name: string;
  readonly periodMs: number;
  readonly step: () => Promise<void>;
  readonly log: (line: string) => void;
}

export class Reconciler {
  readonly #options: ReconcilerOptions;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #nudged = false;
  #closed = false;

  constructor(options: ReconcilerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => this.nudge(), this.#options.periodMs);
    this.nudge();
  }

  nudge(): void {
    this.#nudged = true;
    if (!this.#closed) this.#running ??= this.#run();
  }

  /** Resolves when no step runs any more. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#nudged && !this.#closed) {
      this.#nudged = false;
      try {
        await this.#options.step();
      } catch (error) {
        this.#options.log(`${this.#options.name}: ${unexpected(error)}`);
      }
    }
    this.#running = undefined;
  }
}
