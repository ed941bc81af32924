/**
 * The length of a loop inside a write, where a request or a stranger decides how much there is to do: everybody else waits for the transaction. What
 * is left over stands in the store as still to be done, and goes on in a transaction of its own, also after a kill.
 */

/** Milliseconds. Ours: with the commit itself still less than others notice. */
const SLICE_MS = 10;

export class WriteSlice {
  readonly #end = performance.now() + SLICE_MS;

  get isOver(): boolean {
    return performance.now() > this.#end;
  }
}
