/**
 * Work on behalf of one request that is longer than others should wait for, taken in turns: after some milliseconds the event loop goes round once.
 */
import { setImmediate as nextTurn } from "node:timers/promises";

/** Milliseconds of one turn. Ours: what others notice begins at some fifty. */
const TURN_MS = 10;

export class Turns {
  #end = performance.now() + TURN_MS;

  /** Undefined while the turn may go on; else to be awaited. */
  over(): Promise<void> | undefined {
    return performance.now() < this.#end ? undefined : this.#next();
  }

  async #next(): Promise<void> {
    await nextTurn();
    this.#end = performance.now() + TURN_MS;
  }
}
