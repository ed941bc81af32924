/** How much room the database's file system has left, asked again after some milliseconds. */
import { statfsSync } from "node:fs";
import { Fault } from "../../core/fault.ts";

/** Bytes that are left to what must go on (ends of tasks, sign-ins, deletions); on a small file system a share of it. Ours. */
const KEPT_BYTES = 64 * 1024 * 1024;
const KEPT_SHARE = 1 / 20;
/** Ours: in so long a time requests take but a part of what the database keeps free. */
const CHECK_EVERY_MS = 10;

export class DiskSpace {
  readonly #folder: string;
  #isFull = false;
  #checkedAt = Number.NEGATIVE_INFINITY;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Whether only what cannot wait may be added. */
  get isFull(): boolean {
    const now = performance.now();
    if (now - this.#checkedAt >= CHECK_EVERY_MS) {
      this.#checkedAt = now;
      this.#isFull = hasNoRoom(this.#folder);
    }
    return this.#isFull;
  }

  /** Whether so much may be added without touching the reserve. @param bytes */
  hasRoomFor(bytes: number): boolean {
    return !this.#isFull && !hasNoRoom(this.#folder, bytes);
  }

  /** The database has found no room: believed until the next look. */
  found(): void {
    this.#checkedAt = performance.now();
    this.#isFull = true;
  }
}

function hasNoRoom(folder: string, more = 0): boolean {
  const { bavail, blocks, bsize } = statfsSync(folder);
  return bavail * bsize - more < Math.min(KEPT_BYTES, blocks * bsize * KEPT_SHARE);
}

export function diskFull(cause?: unknown): Fault {
  const text = "The disk that the service keeps its data on is full. Free some space and try again.";
  return new Fault("InsufficientStorage", text, { status: 507, ...(cause !== undefined && { cause }) });
}
