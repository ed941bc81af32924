/**
 * Unpacks the archive of an application package into a folder that nobody else writes to. What it says of itself is judged first; what it
 * holds is held against that, byte by byte. Never a link, never a device, never a path out of the folder.
 */
import { constants } from "node:fs";
import { type FileHandle, open, statfs } from "node:fs/promises";
import { crc32, inflateRawSync } from "node:zlib";
import yauzl from "yauzl";
import {
  ARCHIVE_ENTRIES_MAX,
  type ArchiveEntry,
  ArchiveProblem,
  archivePlan,
  type PlannedEntry,
} from "../../core/transfer/archive-plan.ts";
import { entryPath } from "../files/node-path.ts";
import { makeFolder } from "../transfer/node-folders.ts";

export interface UnpackOptions {
  /** Absolute, without symbolic links. */
  readonly folder: string;
  /** The user id that files and folders belong to; undefined for the agent's own user. */
  readonly owner: number | undefined;
  readonly signal: AbortSignal;
}

/** What is left on the disk for others. Bytes. */
const DISK_RESERVE = 64 * 1024 ** 2;

/** Of entries that are unpacked at a time, and of reads: most packages are many small files. */
const PARALLEL = 8;
/** Bytes, packed and unpacked: an entry up to this size is unpacked in one piece. */
const SMALL = 64 * 1024;

/** @throws ArchiveProblem; TransferFault for the disk's own troubles; the signal's reason */
export async function unpack(archive: FileHandle, options: UnpackOptions): Promise<void> {
  const zip = await yauzl
    // autoClose: the handle is the caller's.
    .fromFdPromise(archive.fd, { autoClose: false, lazyEntries: true, strictFileNames: true })
    .catch((error: Error) => {
      throw new ArchiveProblem(`It is no zip archive: ${error.message}`);
    });
  // Judged by its count before the entries come, each of which takes memory.
  if (zip.entryCount > ARCHIVE_ENTRIES_MAX)
    throw new ArchiveProblem(`The archive has more than ${ARCHIVE_ENTRIES_MAX} entries.`);
  const { signal } = options;
  const entries: yauzl.Entry[] = [];
  const facts: ArchiveEntry[] = [];
  try {
    for await (const entry of zip.eachEntry()) {
      signal.throwIfAborted();
      entries.push(entry);
    }
    await inParallel(entries, signal, async (entry, at) => {
      const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
      facts[at] = archiveEntry(entry, fileDataStart);
    });
  } catch (error) {
    signal.throwIfAborted();
    throw new ArchiveProblem(`The archive cannot be read: ${(error as Error).message}`);
  }
  const { size: archiveSize } = await archive.stat();
  const disk = await statfs(options.folder);
  const freeSpace = Math.max(0, disk.bavail * disk.bsize - DISK_RESERVE);
  const plan = archivePlan(facts, { archiveSize, freeSpace });
  await inParallel(entries, signal, async (entry, at) => {
    const [planned, fact] = [plan[at], facts[at]];
    if (planned && fact) await unpackEntry({ zip, archive, entry, fact }, planned, options);
  });
}

/** One after the other for each of a few workers. The first failure ends them all, and is thrown once they have ended. */
async function inParallel<T>(
  items: readonly T[],
  signal: AbortSignal,
  work: (item: T, at: number) => Promise<void>,
): Promise<void> {
  const rest = items.entries();
  const faults: unknown[] = [];
  const worker = async () => {
    try {
      for (const [at, item] of rest) {
        if (faults.length > 0) return;
        signal.throwIfAborted();
        await work(item, at);
      }
    } catch (error) {
      faults.push(error);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
  if (faults.length > 0) throw faults[0];
}

function archiveEntry(entry: yauzl.Entry, dataStart: number): ArchiveEntry {
  return {
    name: entry.fileName,
    flags: entry.generalPurposeBitFlag,
    method: entry.compressionMethod,
    compressedSize: entry.compressedSize,
    size: entry.uncompressedSize,
    externalAttributes: entry.externalFileAttributes,
    headerStart: entry.relativeOffsetOfLocalHeader,
    dataStart,
  };
}

interface Packed {
  readonly zip: yauzl.ZipFile;
  readonly archive: FileHandle;
  readonly entry: yauzl.Entry;
  readonly fact: ArchiveEntry;
}

async function unpackEntry(
  packed: Packed,
  { names, isFolder, mode }: PlannedEntry,
  { folder: root, owner, signal }: UnpackOptions,
): Promise<void> {
  const folder = await makeFolder({ root, owner }, isFolder ? names : names.slice(0, -1));
  try {
    if (isFolder) return;
    const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
    const path = entryPath(folder, Buffer.from(names.at(-1) ?? ""));
    const file = await open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
    try {
      await unpackContent(packed, file, signal);
      if (owner !== undefined) await file.chown(owner, owner);
      await file.chmod(mode);
    } finally {
      await file.close();
    }
  } finally {
    await folder.close();
  }
}

async function unpackContent(packed: Packed, file: FileHandle, signal: AbortSignal): Promise<void> {
  const { entry } = packed;
  const broken = (what: string) =>
    new ArchiveProblem(`The archive's entry ${JSON.stringify(entry.fileName)} is broken: ${what}`);
  let sum = 0;
  let size = 0;
  const pieces = contentOf(packed);
  for (;;) {
    signal.throwIfAborted();
    // Also where it holds more than it says, or less.
    const { value: piece, done } = await pieces.next().catch((error: Error) => {
      throw broken(error.message);
    });
    if (done) break;
    size += piece.length;
    if (size > entry.uncompressedSize) throw broken("it is longer than it says");
    sum = crc32(piece, sum);
    for (let written = 0; written < piece.length; )
      written += (await file.write(piece, written)).bytesWritten;
  }
  if (size !== entry.uncompressedSize) throw broken("it is shorter than it says");
  if (sum !== entry.crc32) throw broken("its checksum is another");
}

async function* contentOf({ zip, archive, entry, fact }: Packed): AsyncGenerator<Buffer, undefined> {
  const { compressedSize, size, dataStart, method } = fact;
  if (compressedSize > SMALL || size > SMALL) {
    yield* (await zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>;
    return undefined;
  }
  const packed = Buffer.alloc(compressedSize);
  for (let filled = 0; filled < compressedSize; ) {
    const { bytesRead } = await archive.read(packed, filled, compressedSize - filled, dataStart + filled);
    if (bytesRead === 0) throw new Error("the archive ends within it");
    filled += bytesRead;
  }
  // One byte more would be told by the caller; a bomb ends here.
  yield method === 0 ? packed : inflateRawSync(packed, { maxOutputLength: size + 1 });
  return undefined;
}
