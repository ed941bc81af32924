/**
 * What a node may take of the machine's disk, where its service says so much: a volume of its own, in which what does not fit is refused
 * by the kernel, or else its folders are measured again and again, and whoever has taken more is ended. A node that is full says so once.
 */

import { existsSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { diskFullness, filesFor } from "../../core/lifecycle/disk-fullness.ts";
import { nodeFolder } from "../node-folder.ts";
import { folderFiles, folderUse } from "./folder-use.ts";
import { NodeVolume, volumeFolder } from "./node-volume.ts";

export interface NodeDiskOptions {
  readonly nodesFolder: string;
  readonly nodeKey: string;
  /** That the node may take; undefined for all that there is. */
  readonly bytes: number | undefined;
  /** Why there can be no volumes here; undefined where there can. Asked for only where one is wanted. */
  readonly obstacle: () => Promise<string | undefined>;
  /** The node has ids of its own. */
  readonly hasIds: boolean;
}

export interface DiskFull {
  readonly message: string;
  /** What is full refuses nothing by itself. */
  readonly endsRuns: boolean;
}

/** Beside the node's folder, and its own. */
const BESIDE = ["root", "logins", "packages", "mounts"];
/** Milliseconds. */
const LOOK_MS = 2_000;
/** Measuring takes no more than this share of the time. */
const MEASURE_SHARE = 0.05;

export class NodeDisk {
  /** The node's folder; not made by this. */
  readonly root: string;
  readonly #nodesFolder: string;
  readonly #bytes: number | undefined;
  readonly #volume: NodeVolume | undefined;
  readonly #closes = new AbortController();

  /** @throws NodeFault for a key that is no folder's name, and as `NodeVolume.open` */
  static async open({ nodesFolder, nodeKey, bytes, obstacle, hasIds }: NodeDiskOptions): Promise<NodeDisk> {
    const folder = nodeFolder(nodesFolder, nodeKey);
    const place = { nodesFolder, nodeKey };
    // One that has lain elsewhere stays there; a disk stays as well, whatever is wanted of new ones.
    const isNew = bytes !== undefined && !existsSync(folder) && (await obstacle()) === undefined;
    if (!NodeVolume.isThere(place) && !isNew) return new NodeDisk(folder, nodesFolder, bytes, undefined);
    const volume = await NodeVolume.open(place, bytes ?? 0, hasIds);
    return new NodeDisk(join(volumeFolder(place), nodeKey), nodesFolder, bytes, volume);
  }

  private constructor(
    root: string,
    nodesFolder: string,
    bytes: number | undefined,
    volume: NodeVolume | undefined,
  ) {
    this.root = root;
    this.#nodesFolder = nodesFolder;
    this.#bytes = bytes;
    this.#volume = volume;
  }

  /** @param onFull called once at most */
  watch(onFull: (full: DiskFull) => void): void {
    if (this.#volume || this.#bytes !== undefined) void this.#look(onFull).catch(() => {}); // it has closed
  }

  /** When nothing runs on the node any more. */
  async close(): Promise<void> {
    this.#closes.abort();
    await this.#volume?.close();
  }

  /** Once closed, with all that lies there where that is a volume. */
  remove(): void {
    this.#volume?.remove();
  }

  async #look(onFull: (full: DiskFull) => void): Promise<void> {
    const { signal } = this.#closes;
    let wasFull = false;
    for (let pause = LOOK_MS; ; ) {
      await delay(pause, undefined, { signal, ref: false });
      const began = performance.now();
      const full = this.#volume ? await this.#volumeFull(this.#volume) : await this.#folderFull();
      signal.throwIfAborted();
      // A volume that is full for a moment, for a task takes back what it has written, is not.
      if (full && (wasFull || full.endsRuns)) return onFull(full);
      wasFull = full !== undefined;
      pause = Math.max(LOOK_MS, (performance.now() - began) / MEASURE_SHARE);
    }
  }

  async #volumeFull({ folder }: NodeVolume): Promise<DiskFull | undefined> {
    const reason = diskFullness(await statfs(folder));
    return reason === undefined
      ? undefined
      : { message: `The node's disk is full: ${reason}.`, endsRuns: false };
  }

  async #folderFull(): Promise<DiskFull | undefined> {
    const limit = this.#bytes ?? Number.POSITIVE_INFINITY;
    const folders = [this.root, ...BESIDE.map((name) => `${this.root}.${name}`)];
    const used = await folderUse(folders, this.#closes.signal);
    if (used > limit)
      return { message: `The node's disk is full: ${used} bytes are taken of ${limit}.`, endsRuns: true };
    // Empty files take no bytes, and yet a disk has but so many.
    const filesMax = filesFor(limit, await statfs(this.#nodesFolder));
    const files = await folderFiles(folders, this.#closes.signal);
    if (files <= filesMax) return undefined;
    return { message: `The node's disk is full: ${files} files are there of ${filesMax}.`, endsRuns: true };
  }
}
