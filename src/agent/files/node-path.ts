/**
 * Opens what a path names below a node's root and nothing else. Tasks write these folders while they are read, so a path
 * is never judged by its text: it is resolved by the kernel once, into a handle that opens no content, and the kernel is
 * asked where that handle lies. All further work goes through the handle.
 */
import { constants, type Stats } from "node:fs";
import { type FileHandle, readlink } from "node:fs/promises";
import type { FileProperties } from "../../wire/agent/messages.ts";
import { FileFault } from "./file-fault.ts";
import { patientOpen } from "./patient-open.ts";

/** Linux: a handle that names a file without opening it, so that no device and no FIFO stirs. Not in `fs.constants`. */
export const O_PATH = 0o10000000;

/**
 * Symbolic links are followed as long as they end below the root.
 * @param root absolute and without symbolic links
 * @throws FileFault `FileNotFound` for what is not there and for what is elsewhere, without telling which
 */
export async function openBelow(root: string, path: string): Promise<FileHandle> {
  const notFound = new FileFault("FileNotFound", "The specified file does not exist.");
  if (path.startsWith("/") || path.includes("\0") || path.split("/").includes("..")) throw notFound;
  const handle = await patientOpen(`${root}/${path}`, O_PATH);
  try {
    const where = await readlink(throughHandle(handle));
    if (where !== root && !where.startsWith(`${root}/`)) throw notFound;
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** A path that leads to exactly what the handle names, whatever has been renamed since. */
export function throughHandle(handle: FileHandle): string {
  return `/proc/self/fd/${handle.fd}`;
}

/** Opens a folder below one that is open already. Symbolic links are refused. */
export function openFolderIn(folder: FileHandle, name: Buffer): Promise<FileHandle> {
  return patientOpen(
    entryPath(folder, name),
    constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW,
  );
}

/** Names are bytes: not every one is UTF-8. */
export function entryPath(folder: FileHandle, name: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${throughHandle(folder)}/`), name]);
}

/** A task gives its files whatever times it likes: those that no reader of ISO 8601 expects become the nearest that one does. */
function isoTime(ms: number): string {
  return new Date(Math.min(Math.max(ms, 0), LAST_MS)).toISOString();
}

/** The end of the year 9999. */
const LAST_MS = 253_402_300_799_999;

export function fileProperties(name: string, stats: Stats): FileProperties {
  const isDirectory = stats.isDirectory();
  return {
    name,
    isDirectory,
    contentLength: isDirectory ? 0 : stats.size,
    creationTime: isoTime(stats.birthtimeMs || stats.ctimeMs),
    lastModified: isoTime(stats.mtimeMs),
    fileMode: `0${stats.mode.toString(8)}`,
  };
}
