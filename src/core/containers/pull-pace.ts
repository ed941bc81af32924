/** How slow a pull may be: a registry that gives its bytes one by one would hold it, and all that is made for it, for good. Pure; ours. */

export interface Pace {
  /** Milliseconds that it has in any case. */
  readonly patienceMs: number;
  /** What it has to bring beyond them, on the average. */
  readonly bytesPerSecond: number;
}

/** From a registry. */
export const COMING: Pace = { patienceMs: 120_000, bytesPerSecond: 64 * 1024 };
/** Out of layers, whose bytes may come to nothing on the disk. */
export const UNPACKING: Pace = { patienceMs: 300_000, bytesPerSecond: 1024 * 1024 };

/** @param bytes that it has brought */
export function isTooSlow({ patienceMs, bytesPerSecond }: Pace, elapsedMs: number, bytes: number): boolean {
  return elapsedMs > patienceMs + (bytes / bytesPerSecond) * 1_000;
}
