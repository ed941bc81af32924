/** The two ways in which time enters the client; tests bring their own. */
import { setTimeout as delay } from "node:timers/promises";

export interface Timing {
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** @throws an `AbortError` as soon as the signal says so */
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}

export const realTiming: Timing = {
  clock: Date.now,
  sleep: (milliseconds, signal) => delay(milliseconds, undefined, signal && { signal }),
};
