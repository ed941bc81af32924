/** Writes zip archives, honest ones and such as no honest program writes. Source: "APPNOTE.TXT - .ZIP File Format Specification". */
import { crc32, deflateRawSync } from "node:zlib";

export interface ZipEntry {
  readonly name: string | Buffer;
  readonly content?: string | Buffer;
  /** With the file type; undefined for an archive that tells none. Default: a file that all may read. */
  readonly mode?: number | undefined;
  /** Default: deflated. */
  readonly isStored?: boolean;
  /** In place of the truth, in the central directory and the local header. */
  readonly size?: number;
  readonly crc?: number;
  readonly flags?: number;
  readonly method?: number;
  /** The data of an entry before it, by its number. */
  readonly sharesDataOf?: number;
}

export interface ZipOptions {
  /** With the records of archives too large for 32 bits. */
  readonly isZip64?: boolean;
  /** In place of the truth. */
  readonly entryCount?: number;
}

const UTF8 = 0x800;
const UNIX = 3 << 8;
export const FILE = 0o100644;
export const PROGRAM = 0o100755;
export const FOLDER = 0o040755;
const ALL_ONES = 0xffffffff;

export function zip(entries: readonly ZipEntry[], { isZip64 = false, entryCount }: ZipOptions = {}): Buffer {
  const pieces: Buffer[] = [];
  const directory: Buffer[] = [];
  const offsets: number[] = [];
  let position = 0;
  for (const entry of entries) {
    const { content = "", isStored = false, flags = UTF8, sharesDataOf } = entry;
    const mode = "mode" in entry ? entry.mode : FILE;
    const name = Buffer.from(entry.name as string);
    const plain = Buffer.from(content as string);
    const data = isStored ? plain : deflateRawSync(plain);
    const size = entry.size ?? plain.length;
    const method = entry.method ?? (isStored ? 0 : 8);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(flags, 2);
    common.writeUInt16LE(method, 4);
    common.writeUInt16LE(0x21, 8); // the first of January 1980
    common.writeUInt32LE(entry.crc ?? crc32(plain), 10);
    common.writeUInt32LE(isZip64 ? ALL_ONES : data.length, 14);
    common.writeUInt32LE(isZip64 ? ALL_ONES : size, 18);
    common.writeUInt16LE(name.length, 22);
    const offset = sharesDataOf === undefined ? position : (offsets[sharesDataOf] ?? 0);
    offsets.push(offset);
    const extra = isZip64 ? zip64Extra(size, data.length, offset) : Buffer.alloc(0);
    common.writeUInt16LE(extra.length, 24);
    if (sharesDataOf === undefined) {
      const local = Buffer.concat([Buffer.from("PK\x03\x04"), common, name, extra, data]);
      pieces.push(local);
      position += local.length;
    }
    const head = Buffer.alloc(6);
    head.write("PK\x01\x02", "latin1");
    head.writeUInt16LE((mode === undefined ? 0 : UNIX) | 20, 4);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(mode === undefined ? 0 : (mode << 16) >>> 0, 6);
    tail.writeUInt32LE(isZip64 ? ALL_ONES : offset, 10);
    directory.push(Buffer.concat([head, common, tail, name, extra]));
  }
  const central = Buffer.concat(directory);
  const count = entryCount ?? entries.length;
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(isZip64 ? 0xffff : count, 8);
  end.writeUInt16LE(isZip64 ? 0xffff : count, 10);
  end.writeUInt32LE(isZip64 ? ALL_ONES : central.length, 12);
  end.writeUInt32LE(isZip64 ? ALL_ONES : position, 16);
  const large = isZip64 ? zip64End(count, central.length, position) : Buffer.alloc(0);
  return Buffer.concat([...pieces, central, large, end]);
}

function zip64Extra(size: number, compressedSize: number, offset: number): Buffer {
  const extra = Buffer.alloc(28);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(24, 2);
  extra.writeBigUInt64LE(BigInt(size), 4);
  extra.writeBigUInt64LE(BigInt(compressedSize), 12);
  extra.writeBigUInt64LE(BigInt(offset), 20);
  return extra;
}

function zip64End(count: number, length: number, start: number): Buffer {
  const record = Buffer.alloc(56);
  record.write("PK\x06\x06", "latin1");
  record.writeBigUInt64LE(44n, 4);
  record.writeUInt16LE(45, 12);
  record.writeUInt16LE(45, 14);
  record.writeBigUInt64LE(BigInt(count), 24);
  record.writeBigUInt64LE(BigInt(count), 32);
  record.writeBigUInt64LE(BigInt(length), 40);
  record.writeBigUInt64LE(BigInt(start), 48);
  const locator = Buffer.alloc(20);
  locator.write("PK\x06\x07", "latin1");
  locator.writeBigUInt64LE(BigInt(start + length), 8);
  locator.writeUInt32LE(1, 16);
  return Buffer.concat([record, locator]);
}
