/** Waits for a condition by looking again and again, for as long as a working service on a busy machine may need. */
import { setTimeout as delay } from "node:timers/promises";

const PATIENCE_MS = 25_000;
const PAUSE_MS = 15;

/**
 * @returns the first value of `look` that is neither undefined nor false
 * @throws naming what never came
 */
export async function eventually<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > giveUpAt) throw new Error(`waited ${PATIENCE_MS / 1000} s in vain for ${what}`);
    await delay(PAUSE_MS);
  }
}
