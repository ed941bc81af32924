/**
 * Lists a folder in the byte order of whole relative paths, so that a page can go on after any name. That order is not
 * the order of a walk: `a-b` comes between `a` and `a/b`. Of a folder only the entries that the page may need are kept, however many it
 * has; for what a task has made beyond all measure there are limits.
 */
import type { Dirent } from "node:fs";
import { type FileHandle, lstat } from "node:fs/promises";
import type { FileProperties } from "../../wire/agent/messages.ts";
import { FileFault } from "./file-fault.ts";
import { folderEntries } from "./folder-entries.ts";
import { entryPath, fileProperties, openBelow, openFolderIn } from "./node-path.ts";

export interface ListRequest {
  readonly root: string;
  readonly path: string;
  readonly recursive: boolean;
  /** Only names after this one. */
  readonly after?: string;
  readonly limit: number;
  /** Whether nobody waits for the list any more. */
  readonly isCancelled?: () => boolean;
}

/** Folders below the one that is asked for; what lies deeper is not shown. Each holds a descriptor while it is walked. */
const DEPTH_MAX = 100;
/** Longer ones cannot be asked for: PATH_MAX, less what comes before them. Bytes. */
const NAME_MAX_BYTES = 3_500;
/** The longest page as it is sent; a page has one entry at least. Bytes. */
const PAGE_MAX_BYTES = 256 * 1024;
/** What an entry takes beside its name. Bytes. */
const ENTRY_BYTES = 220;
/** Entries that one page may look at: of a folder with so many, any page takes some seconds. */
const LOOKED_AT_MAX = 2_000_000;
/** Entries that are kept at a time, of the folder that was asked for and of those near it; and further down. */
const [KEPT_MAX, KEPT_DEEP_MAX] = [1_024, 64];
const NEAR = 4;

export async function listFiles(request: ListRequest): Promise<{ entries: FileProperties[]; more: boolean }> {
  const entries: FileProperties[] = [];
  let bytes = 0;
  const folder = await openBelow(request.root, request.path);
  try {
    const after = request.after === undefined ? undefined : byteOrder(request.after);
    for await (const entry of walk(folder, "", 0, { ...request, after, lookedAt: 0 })) {
      bytes += ENTRY_BYTES + Buffer.byteLength(JSON.stringify(entry.name));
      const isFull = entries.length === request.limit || (bytes > PAGE_MAX_BYTES && entries.length > 0);
      if (isFull) return { entries, more: true };
      entries.push(entry);
    }
    return { entries, more: false };
  } finally {
    await folder.close();
  }
}

interface Walk {
  readonly root: string;
  readonly path: string;
  readonly recursive: boolean;
  readonly after: string | undefined;
  readonly isCancelled?: () => boolean;
  /** Entries, so far. */
  lookedAt: number;
}

/** An entry's place in the order. A folder has two: its own name, and with a slash the names below it. */
interface Turn {
  readonly entry: Dirent<Buffer>;
  readonly key: string;
  readonly isBelow: boolean;
}

async function* walk(
  folder: FileHandle,
  prefix: string,
  depth: number,
  walking: Walk,
): AsyncGenerator<FileProperties> {
  const keep = depth < NEAR ? KEPT_MAX : KEPT_DEEP_MAX;
  for (let done: string | undefined; ; ) {
    const turns = await nextTurns(folder, prefix, depth, keep, done, walking);
    for (const { entry, key, isBelow } of turns) {
      if (isBelow) yield* walkBelow(folder, entry.name, key, depth + 1, walking);
      else {
        const properties = await entryProperties(folder, entry.name, key, entry.isSymbolicLink(), walking);
        if (properties) yield properties;
      }
    }
    if (turns.length < keep) return;
    done = turns.at(-1)?.key;
  }
}

/** @returns in order, the first ones behind `done`; fewer than `keep` are the last */
async function nextTurns(
  folder: FileHandle,
  prefix: string,
  depth: number,
  keep: number,
  done: string | undefined,
  walking: Walk,
): Promise<Turn[]> {
  const { after, recursive } = walking;
  let turns: Turn[] = [];
  let bound: string | undefined;
  const consider = (entry: Dirent<Buffer>, key: string, isBelow: boolean) => {
    if (done !== undefined && key <= done) return;
    if (after !== undefined && key <= after && !(isBelow && after.startsWith(key))) return;
    if (bound !== undefined && key >= bound) return;
    turns.push({ entry, key, isBelow });
    if (turns.length < 2 * keep) return;
    turns = sorted(turns).slice(0, keep);
    bound = turns.at(-1)?.key;
  };
  for await (const entry of folderEntries(folder)) {
    if (++walking.lookedAt > LOOKED_AT_MAX)
      throw new FileFault("OperationInvalidForCurrentState", "The folder has too many entries to be listed.");
    if (walking.isCancelled?.())
      throw new FileFault("OperationInvalidForCurrentState", "Nobody waits for it.");
    const key = prefix + entry.name.toString("latin1");
    if (key.length > NAME_MAX_BYTES) continue;
    consider(entry, key, false);
    if (recursive && depth < DEPTH_MAX && entry.isDirectory()) consider(entry, `${key}/`, true);
  }
  return sorted(turns).slice(0, keep);
}

function sorted(turns: Turn[]): Turn[] {
  return turns.sort((a, b) => (a.key < b.key ? -1 : 1));
}

async function* walkBelow(
  folder: FileHandle,
  name: Buffer,
  prefix: string,
  depth: number,
  walking: Walk,
): AsyncGenerator<FileProperties> {
  const inner = await openFolderIn(folder, name).catch(() => undefined); // removed or replaced since
  if (!inner) return;
  try {
    yield* walk(inner, prefix, depth, walking);
  } finally {
    await inner.close();
  }
}

/** Undefined for what has gone since, and for links that lead nowhere or out of the node. Links are shown as what they lead to. */
async function entryProperties(
  folder: FileHandle,
  name: Buffer,
  key: string,
  isLink: boolean,
  { root, path }: Walk,
): Promise<FileProperties | undefined> {
  const relative = Buffer.from(key, "latin1").toString();
  try {
    if (!isLink) return fileProperties(relative, await lstat(entryPath(folder, name)));
    const target = await openBelow(root, `${path}/${relative}`.replace(/^\//, ""));
    try {
      return fileProperties(relative, await target.stat());
    } finally {
      await target.close();
    }
  } catch {
    return undefined;
  }
}

/** A string whose `<` is the byte order of the UTF-8 text. */
function byteOrder(text: string): string {
  return Buffer.from(text).toString("latin1");
}
