/** The service's one clock. Only certificates, which clients check by their own clocks, keep the machine's. */
export class Clock {
  /** The machine's, in milliseconds since the epoch. */
  readonly machine: () => number;
  #advancedBy = 0;

  constructor(machine: () => number) {
    this.machine = machine;
  }

  /** Milliseconds since the epoch. Bound, for it is handed around. */
  readonly now = (): number => this.machine() + this.#advancedBy;

  /** Moves it forward, for tests. */
  advance(milliseconds: number): void {
    this.#advancedBy += milliseconds;
  }
}
