/** Several processes of this checkout may come to make the same folder at once: one makes it, the others wait and find it made. */
import { mkdir, rm, stat } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";

/** A lock that is this old, in milliseconds, was left behind. */
const LEFT_BEHIND_MS = 300_000;

/**
 * Does some work while no other process does work under the same lock.
 *
 * @param lock a folder that is there while somebody works
 */
export async function withFolderLock(lock: string, work: () => Promise<void>): Promise<void> {
  while (!(await taken(lock))) await delay(200);
  try {
    await work();
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}

async function taken(lock: string): Promise<boolean> {
  try {
    await mkdir(lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    const held = await stat(lock).catch(() => undefined);
    if (held && Date.now() - held.mtimeMs > LEFT_BEHIND_MS) await rm(lock, { recursive: true, force: true });
    return false;
  }
}
