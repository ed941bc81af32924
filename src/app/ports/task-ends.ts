/**
 * Where the end of an attempt is told and waited for, so that a request that stops runs can answer after them. Knows no store: an
 * end is told inside the transaction that writes it, so whoever waits takes a turn to write before it reads.
 */

export class TaskEnds {
  readonly #waiting = new Map<number, Set<() => void>>();

  /** An attempt of the task has ended, or goes back to the queue. */
  tell(taskKey: number): void {
    const waiting = this.#waiting.get(taskKey);
    if (waiting === undefined) return;
    this.#waiting.delete(taskKey);
    for (const wake of waiting) wake();
  }

  /** Resolves when the task's end is told, or after the time given. */
  wait(taskKey: number, milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(taskKey) ?? new Set();
      this.#waiting.set(taskKey, waiting);
      const wake = () => {
        clearTimeout(timer);
        waiting.delete(wake);
        if (waiting.size === 0 && this.#waiting.get(taskKey) === waiting) this.#waiting.delete(taskKey);
        resolve();
      };
      const timer = setTimeout(wake, milliseconds);
      waiting.add(wake);
    });
  }
}
