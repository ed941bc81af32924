/**
 * Judges the archive of an application package by its central directory, before a byte of it is unpacked: what would be written, where,
 * and whether that is bearable. Pure. Source: "APPNOTE.TXT - .ZIP File Format Specification". The limits are ours.
 */
import { namesBelow } from "./relative-path.ts";

/** What the central directory and the local header say of an entry. */
export interface ArchiveEntry {
  readonly name: string;
  /** Bits of the general purpose flag. */
  readonly flags: number;
  readonly method: number;
  readonly compressedSize: number;
  readonly size: number;
  readonly externalAttributes: number;
  /** Of the local header, and of the data that follows it. Bytes from the archive's start. */
  readonly headerStart: number;
  readonly dataStart: number;
}

export interface PlannedEntry {
  /** Below the package's folder. */
  readonly names: readonly string[];
  readonly isFolder: boolean;
  /** POSIX permissions, without set-user-id and the like. */
  readonly mode: number;
  readonly size: number;
}

export interface ArchiveFacts {
  /** Bytes. */
  readonly archiveSize: number;
  /** Bytes that may still be written to the node's disk. */
  readonly freeSpace: number;
}

export const ARCHIVE_ENTRIES_MAX = 100_000;
/** Bytes, unpacked. */
export const ARCHIVE_CONTENT_MAX = 64 * 1024 ** 3;
/** Unpacked to packed; small archives may have more. */
export const ARCHIVE_RATIO_MAX = 200;
const RATIO_FREE = 64 * 1024 ** 2;
/** Of a name in one folder: Linux takes no longer one. */
const NAME_MAX_BYTES = 255;

/** The archive is not unpacked. The message is told to the package's user. */
export class ArchiveProblem extends Error {}

const ENCRYPTED = 0x1 | 0x40 | 0x2000;
const STORED = 0;
const DEFLATED = 8;

const KIND_MASK = 0o170000;
const KIND_FILE = 0o100000;
const KIND_FOLDER = 0o040000;
/** Read by everyone; executed by everyone where by anyone. Archives made elsewhere do not tell who may execute: everyone. */
const READ = 0o444;
const EXECUTE = 0o111;
const UNTOLD_MODE = 0o755;

/**
 * One plan for each entry, in order.
 * @throws ArchiveProblem for one bad entry, or for all together
 */
export function archivePlan(
  entries: readonly ArchiveEntry[],
  { archiveSize, freeSpace }: ArchiveFacts,
): PlannedEntry[] {
  if (entries.length > ARCHIVE_ENTRIES_MAX)
    throw new ArchiveProblem(`The archive has more than ${ARCHIVE_ENTRIES_MAX} entries.`);
  const plan = entries.map(plannedEntry);
  checkNames(plan);
  checkOverlaps(entries);
  const total = plan.reduce((sum, { size }) => sum + size, 0);
  if (total > ARCHIVE_CONTENT_MAX)
    throw new ArchiveProblem(`The archive unpacks to more than ${ARCHIVE_CONTENT_MAX} bytes.`);
  if (total > RATIO_FREE && total > archiveSize * ARCHIVE_RATIO_MAX)
    throw new ArchiveProblem(`The archive unpacks to more than ${ARCHIVE_RATIO_MAX} times its size.`);
  if (total > freeSpace) throw new ArchiveProblem("The node's disk has no room for the package.");
  return plan;
}

function plannedEntry(entry: ArchiveEntry): PlannedEntry {
  const { name, flags, method, size, externalAttributes } = entry;
  const refuse = (what: string) => new ArchiveProblem(`The archive's entry ${shown(name)} ${what}.`);
  if ((flags & ENCRYPTED) !== 0) throw refuse("is encrypted");
  if (method !== STORED && method !== DEFLATED) throw refuse("is packed by a method other than deflate");
  // Some archivers begin with the folder itself.
  const names = name === "./" ? [] : namesBelow(name);
  // A drive's letter, and the other system's separator: each could lead elsewhere for whoever reads it so.
  if (!names || /^[A-Za-z]:|\\|\p{Cc}/u.test(name)) throw refuse("does not lie within the package's folder");
  if (names.some((part) => Buffer.byteLength(part) > NAME_MAX_BYTES)) throw refuse("has too long a name");
  const attributes = externalAttributes >>> 16;
  const kind = attributes & KIND_MASK;
  if (kind !== 0 && kind !== KIND_FILE && kind !== KIND_FOLDER)
    throw refuse("is neither a file nor a folder");
  const isFolder = name.endsWith("/");
  if (isFolder !== (kind === KIND_FOLDER) && kind !== 0) throw refuse("is a file and a folder");
  if (isFolder && size > 0) throw refuse("is a folder with content");
  return { names, isFolder, size, mode: isFolder ? UNTOLD_MODE : fileMode(attributes) };
}

function fileMode(attributes: number): number {
  if (attributes === 0) return UNTOLD_MODE;
  const mode = (attributes & 0o777) | READ;
  return (mode & EXECUTE) === 0 ? mode : mode | EXECUTE;
}

/** No path twice, and none through a file. */
function checkNames(plan: readonly PlannedEntry[]): void {
  const files = new Set<string>();
  for (const { names, isFolder } of plan) {
    if (isFolder) continue;
    const path = names.join("/");
    if (files.has(path)) throw new ArchiveProblem(`The archive has two entries ${shown(path)}.`);
    files.add(path);
  }
  const folders = new Set<string>();
  for (const { names, isFolder } of plan) {
    for (let depth = isFolder ? names.length : names.length - 1; depth > 0; depth--) {
      const path = names.slice(0, depth).join("/");
      if (folders.has(path)) break;
      if (files.has(path))
        throw new ArchiveProblem(`The archive's entry ${shown(path)} is a file and a folder.`);
      folders.add(path);
    }
  }
}

/** Entries that share bytes unpack to more than the archive could hold. */
function checkOverlaps(entries: readonly ArchiveEntry[]): void {
  let end = 0;
  for (const entry of entries.toSorted((one, other) => one.headerStart - other.headerStart)) {
    if (entry.headerStart < end || entry.dataStart < entry.headerStart)
      throw new ArchiveProblem(`The archive's entry ${shown(entry.name)} overlaps another.`);
    end = entry.dataStart + entry.compressedSize;
  }
}

const SHOWN_CHARACTERS = 128;

function shown(name: string): string {
  return JSON.stringify(name.length > SHOWN_CHARACTERS ? `${name.slice(0, SHOWN_CHARACTERS)}…` : name);
}
