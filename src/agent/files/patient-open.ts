/**
 * Opens what is to be opened, also where this process, or the machine, has no descriptor left just now: whoever holds them gives some
 * back, and what was asked for is not refused for what others do.
 */
import { type FileHandle, open } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";

const TRIES = 100;
const PAUSE_MS = 50;

export function isOutOfDescriptors(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "EMFILE" || code === "ENFILE";
}

/** Does again what failed for want of descriptors. */
export async function withDescriptors<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!isOutOfDescriptors(error) || tries === TRIES) throw error;
      await delay(PAUSE_MS);
    }
  }
}

export function patientOpen(path: string | Buffer, flags: number, mode?: number): Promise<FileHandle> {
  return withDescriptors(() => open(path, flags, mode));
}
