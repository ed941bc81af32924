/**
 * Ends a pull that takes what is not its own: the machine's last room, more than its account's share of it, or time for which it brings nothing.
 * Whoever pulls looks at the signal; what is to be ended is theirs to end.
 */
import { statfsSync } from "node:fs";
import { COMING, isTooSlow, type Pace, UNPACKING } from "../../core/containers/pull-pace.ts";
import { roomForImages } from "../../core/lifecycle/disk-fullness.ts";
import { folderUse } from "../disk/folder-use.ts";
import type { ImageStore } from "./image-store.ts";

const LOOK_MS = 500;
/** Measuring takes no more than this share of the time. */
const MEASURE_SHARE = 0.05;
const MEASURE_MS = 2_000;

/** More is asked for than the account's share. The text is the one by which a full disk is known. */
export class ShareTaken extends Error {
  constructor() {
    super("disk quota exceeded: the images of its account take their share of the machine's room");
  }
}

export interface PullWatchOptions {
  readonly store: ImageStore;
  readonly account: string;
  /** Bytes that other pulls of the account have brought, which are in no image yet. */
  readonly beside: () => number;
  /** Of folders, in bytes. */
  readonly measure?: typeof folderUse;
}

export class PullWatch {
  readonly #options: PullWatchOptions;
  readonly #abort = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #folders: string[] = [];
  /** Undefined as long as nobody waits for bytes. */
  #pace: { readonly of: Pace; readonly since: number; readonly before: number } | undefined;
  #measureAt = 0;
  #bytes = 0;

  constructor(options: PullWatchOptions) {
    this.#options = options;
    options.store.makeFolder();
    this.#lookAtDisk();
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
    this.#timer.unref();
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** That it has brought, when it was last measured. */
  get bytes(): number {
    return this.#bytes;
  }

  /** From now on a registry is waited for. @param folder into which it brings its bytes */
  comes(folder: string): void {
    this.#follow(folder, COMING);
  }

  /** From now on layers are unpacked. */
  unpacks(folder: string): void {
    this.#follow(folder, UNPACKING);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#abort.abort(new Error("the pull is over"));
  }

  #follow(folder: string, of: Pace): void {
    if (!this.#folders.includes(folder)) this.#folders.push(folder);
    this.#pace = { of, since: performance.now(), before: this.#bytes };
  }

  #look(): void {
    this.#lookAtDisk();
    if (!this.signal.aborted && performance.now() >= this.#measureAt) void this.#measure();
  }

  #lookAtDisk(): void {
    if (this.#room() < 0) this.#abort.abort(new Error("no space left on device"));
  }

  #room(): number {
    return roomForImages(statfsSync(this.#options.store.folder));
  }

  async #measure(): Promise<void> {
    const { store, account, beside, measure = folderUse } = this.#options;
    this.#measureAt = Number.POSITIVE_INFINITY;
    const began = performance.now();
    const bytes = await measure(this.#folders, this.signal);
    if (this.signal.aborted) return;
    this.#bytes = bytes;
    const now = performance.now();
    this.#measureAt = now + Math.max(MEASURE_MS, (now - began) / MEASURE_SHARE);
    // What all pulls have brought lies in the room, too.
    const others = beside();
    const left = this.#room() + bytes + others;
    if (bytes + others > store.allowance(left, account)) this.#abort.abort(new ShareTaken());
    const pace = this.#pace;
    if (pace && isTooSlow(pace.of, now - pace.since, bytes - pace.before))
      this.#abort.abort(
        new Error(`too slow: ${bytes - pace.before} bytes in ${Math.round((now - pace.since) / 1_000)} s`),
      );
  }
}
