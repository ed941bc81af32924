/**
 * Gives a tree of files to the ids that nodes have here: what belongs to 0 in it belongs to the nodes' administrator from then on. Where
 * mounts cannot show files with other owners, that takes its place.
 */
import { chmodSync, lchownSync, lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { NOBODY } from "./sandbox-accounts.ts";
import type { NodeRanges } from "./sandbox-ids.ts";

/** Between two looks at what else there is to do. */
const SLICE_ENTRIES = 256;
const SET_ID_BITS = 0o6000;

/** Ids beyond the range are nobody's, for whom its last one stands. Pure. */
export function nodeId(id: number, { start, length }: NodeRanges): number {
  const last = length <= NOBODY ? length - 1 : NOBODY;
  return start + (id < last ? id : last);
}

/** @param folder that nobody else changes meanwhile. No link in it is followed */
export async function shiftOwners(folder: string, ranges: NodeRanges): Promise<void> {
  /** A file that has several names is given away once. */
  const linked = new Set<number>();
  const folders: string[] = [];
  let seen = 0;
  const give = (path: string): void => {
    const stats = lstatSync(path);
    const { uid, gid, mode, nlink, ino } = stats;
    const isFolder = stats.isDirectory();
    if (isFolder) folders.push(path);
    else if (nlink > 1) {
      if (linked.has(ino)) return;
      linked.add(ino);
    }
    lchownSync(path, nodeId(uid, ranges), nodeId(gid, ranges));
    // Which the kernel takes away from a file with its owner.
    if (!stats.isSymbolicLink() && !isFolder && (mode & SET_ID_BITS) !== 0) chmodSync(path, mode & 0o7777);
  };
  give(folder);
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    for (const name of readdirSync(next)) {
      give(join(next, name));
      if (++seen % SLICE_ENTRIES === 0) await setImmediate();
    }
  }
}
