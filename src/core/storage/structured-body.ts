/**
 * Azure Storage's structured bodies, version 1: content in segments, each with its checksum, framed by a header and a checksum of the whole.
 * Reads one in pieces as they come, and says what is content. Pure. Source: what Azure's clients of 2024 and later were seen to send.
 *
 *   header   version (1 byte), length of the whole body (8), flags (2; bit 0: checksums), number of segments (2)
 *   segment  its number from 1 (2), length of its content (8), content, CRC-64 of the content (8, with the flag)
 *   end      CRC-64 of all content (8, with the flag)
 */
import { Crc64 } from "./crc64.ts";

export const STRUCTURED_VERSION = 1;
/** The flag of a body with checksums. */
export const CHECKSUMS = 1;
export const HEADER_BYTES = 13;
/** Before a segment's content. */
export const SEGMENT_BYTES = 10;
export const CHECKSUM_BYTES = 8;

/** What makes a body none of this kind. */
export class StructuredBodyError extends Error {
  readonly isMismatch: boolean;
  constructor(message: string, isMismatch = false) {
    super(message);
    this.isMismatch = isMismatch;
  }
}

type State = "header" | "segment" | "content" | "segmentChecksum" | "checksum" | "end";

export class StructuredBody {
  #state: State = "header";
  /** What a part of fixed length lacks yet. */
  #held: Buffer = Buffer.alloc(0);
  #hasChecksums = false;
  #segments = 0;
  #segment = 0;
  #left = 0;
  #ofSegment = new Crc64();
  readonly #ofAll = new Crc64();
  #total = 0;
  #read = 0;

  /** Content among these bytes, in order. @throws StructuredBodyError */
  read(bytes: Buffer): Buffer[] {
    const content: Buffer[] = [];
    this.#read += bytes.length;
    let rest: Buffer = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    this.#held = Buffer.alloc(0);
    for (;;) {
      if (this.#state === "content") {
        const piece = rest.subarray(0, this.#left);
        if (piece.length > 0) content.push(this.#take(piece));
        rest = rest.subarray(piece.length);
        if (this.#left > 0) return content;
        this.#afterContent();
        continue;
      }
      const needed = this.#needed();
      if (this.#state === "end" && rest.length > 0) throw new StructuredBodyError("Bytes follow the end.");
      if (this.#state === "end" || rest.length < needed) {
        this.#held = Buffer.from(rest);
        return content;
      }
      this.#part(rest.subarray(0, needed));
      rest = rest.subarray(needed);
    }
  }

  /** To be called after the last byte. @throws StructuredBodyError */
  end(): void {
    if (this.#state !== "end") throw new StructuredBodyError("The body ends too early.");
    if (this.#total !== this.#read)
      throw new StructuredBodyError("The body's length is not the one in its header.");
  }

  #needed(): number {
    if (this.#state === "header") return HEADER_BYTES;
    return this.#state === "segment" ? SEGMENT_BYTES : CHECKSUM_BYTES;
  }

  #take(piece: Buffer): Buffer {
    this.#left -= piece.length;
    if (this.#hasChecksums) {
      this.#ofSegment.update(piece);
      this.#ofAll.update(piece);
    }
    return piece;
  }

  #afterContent(): void {
    if (this.#hasChecksums) this.#state = "segmentChecksum";
    else this.#state = this.#segment < this.#segments ? "segment" : "end";
  }

  #part(bytes: Buffer): void {
    switch (this.#state) {
      case "header": {
        const flags = bytes.readUInt16LE(9);
        if (bytes[0] !== STRUCTURED_VERSION || flags > CHECKSUMS)
          throw new StructuredBodyError("The header is of no known kind.");
        this.#total = Number(bytes.readBigUInt64LE(1));
        this.#hasChecksums = flags === CHECKSUMS;
        this.#segments = bytes.readUInt16LE(11);
        if (this.#segments > 0) this.#state = "segment";
        else this.#state = this.#hasChecksums ? "checksum" : "end";
        return;
      }
      case "segment": {
        this.#segment += 1;
        if (bytes.readUInt16LE(0) !== this.#segment)
          throw new StructuredBodyError("A segment is out of order.");
        const length = bytes.readBigUInt64LE(2);
        if (length > BigInt(Number.MAX_SAFE_INTEGER)) throw new StructuredBodyError("A segment is too long.");
        this.#left = Number(length);
        this.#ofSegment = new Crc64();
        this.#state = "content";
        return;
      }
      case "segmentChecksum":
        check(bytes, this.#ofSegment);
        this.#state = this.#segment < this.#segments ? "segment" : "checksum";
        return;
      default:
        check(bytes, this.#ofAll);
        this.#state = "end";
    }
  }
}

function check(given: Buffer, computed: Crc64): void {
  if (!given.equals(computed.digest())) throw new StructuredBodyError("A checksum does not match.", true);
}
