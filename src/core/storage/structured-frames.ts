/**
 * Writes a structured body (see `structured-body.ts`) around content whose length is known, in pieces as they come. Pure. Source: what Azure's
 * clients of 2024 and later were seen to read.
 */
import { Crc64 } from "./crc64.ts";
import {
  CHECKSUM_BYTES,
  CHECKSUMS,
  HEADER_BYTES,
  SEGMENT_BYTES,
  STRUCTURED_VERSION,
} from "./structured-body.ts";

/** As Azure's clients write them; a content that needs more of them than can be numbered has longer ones. */
const SEGMENT_CONTENT = 4 * 1024 * 1024;
const SEGMENTS_MAX = 65_535;

export class StructuredFrames {
  /** Of the whole body. */
  readonly length: number;
  readonly #contentLength: number;
  readonly #segmentContent: number;
  readonly #segments: number;
  #written = 0;
  #ofSegment = new Crc64();
  readonly #ofAll = new Crc64();

  constructor(contentLength: number) {
    this.#contentLength = contentLength;
    this.#segmentContent = Math.max(SEGMENT_CONTENT, Math.ceil(contentLength / SEGMENTS_MAX));
    this.#segments = Math.ceil(contentLength / this.#segmentContent);
    const ofSegments = this.#segments * (SEGMENT_BYTES + CHECKSUM_BYTES);
    this.length = HEADER_BYTES + ofSegments + contentLength + CHECKSUM_BYTES;
  }

  /** What comes before all content. */
  start(): Buffer {
    const header = Buffer.alloc(HEADER_BYTES);
    header[0] = STRUCTURED_VERSION;
    header.writeBigUInt64LE(BigInt(this.length), 1);
    header.writeUInt16LE(CHECKSUMS, 9);
    header.writeUInt16LE(this.#segments, 11);
    return header;
  }

  /** The bytes with what stands between them. @throws RangeError for more content than was announced */
  frame(bytes: Buffer): Buffer[] {
    const framed: Buffer[] = [];
    for (let at = 0; at < bytes.length; ) {
      const ofSegment = this.#written % this.#segmentContent;
      if (ofSegment === 0) framed.push(this.#segmentHead());
      const piece = bytes.subarray(at, at + this.#segmentContent - ofSegment);
      at += piece.length;
      this.#written += piece.length;
      if (this.#written > this.#contentLength) throw new RangeError("There is more content than announced.");
      this.#ofSegment.update(piece);
      this.#ofAll.update(piece);
      framed.push(piece);
      const isLast = this.#written === this.#contentLength;
      if (isLast || this.#written % this.#segmentContent === 0) framed.push(this.#ofSegment.digest());
    }
    return framed;
  }

  /** What comes after all content. @throws RangeError where there was less than announced */
  end(): Buffer {
    if (this.#written !== this.#contentLength) throw new RangeError("There is less content than announced.");
    return this.#ofAll.digest();
  }

  #segmentHead(): Buffer {
    const head = Buffer.alloc(SEGMENT_BYTES);
    head.writeUInt16LE(this.#written / this.#segmentContent + 1, 0);
    head.writeBigUInt64LE(BigInt(Math.min(this.#segmentContent, this.#contentLength - this.#written)), 2);
    this.#ofSegment = new Crc64();
    return head;
  }
}
