/**
 * Bodies that say what they must be: checksums are computed while the bytes pass, and the last of them are held until all is known to be right,
 * so that the program behind never has the whole of a wrong one. Frames of a structured body end here.
 */
import { createHash } from "node:crypto";
import { type Readable, Transform, type TransformCallback } from "node:stream";
import type { Fault } from "../../core/fault.ts";
import { Crc64 } from "../../core/storage/crc64.ts";
import { StructuredBody, StructuredBodyError } from "../../core/storage/structured-body.ts";
import { blobFault } from "./blob-fault.ts";

interface Checked {
  /** For the program behind. */
  readonly headers: Map<string, string>;
  readonly body: Readable;
}

const STRUCTURED = "xsm/1.0; properties=crc64";

/** @throws Fault InvalidHeaderValue for frames that are of another kind */
export function checkStructuredKind(kind: string): void {
  if (kind.toLowerCase() !== STRUCTURED)
    throw blobFault("InvalidHeaderValue", { HeaderName: "x-ms-structured-body" });
}

/** @throws Fault InvalidHeaderValue. The body errors with Fault Md5Mismatch, Crc64Mismatch, InvalidInput */
export function checkedBody(request: Readable, headers: Map<string, string>): Checked {
  const structured = headers.get("x-ms-structured-body");
  const length = headers.get("x-ms-structured-content-length");
  const crc64 = headers.get("x-ms-content-crc64");
  const md5 = headers.get("content-md5");
  const kept = new Map(headers);
  for (const name of ["x-ms-structured-body", "x-ms-structured-content-length", "x-ms-content-crc64"])
    kept.delete(name);
  if (structured === undefined && crc64 === undefined && md5 === undefined)
    return { headers: kept, body: request };
  if (structured !== undefined) {
    checkStructuredKind(structured);
    if (length === undefined || !/^\d{1,15}$/.test(length)) {
      throw blobFault("InvalidHeaderValue", { HeaderName: "x-ms-structured-content-length" });
    }
    kept.set("content-length", length);
  }
  const checks: Check[] = [];
  if (structured !== undefined) checks.push(unframed(Number(length)));
  if (md5 !== undefined) checks.push(digested(md5Sum(), digestOf("content-md5", md5, 16), "Md5Mismatch"));
  if (crc64 !== undefined) {
    checks.push(digested(new Crc64(), digestOf("x-ms-content-crc64", crc64, 8), "Crc64Mismatch"));
  }
  return { headers: kept, body: request.pipe(new CheckedStream(checks)) };
}

/** What becomes of bytes that pass, and whether all were right. */
interface Check {
  pass(bytes: Buffer): Buffer[];
  /** @throws Fault */
  end(): void;
}

class CheckedStream extends Transform {
  readonly #checks: readonly Check[];
  #held: Buffer | undefined;

  constructor(checks: readonly Check[]) {
    super();
    this.#checks = checks;
  }

  override _transform(chunk: Buffer, _: BufferEncoding, done: TransformCallback): void {
    try {
      let pieces = [chunk];
      for (const check of this.#checks) pieces = pieces.flatMap((piece) => check.pass(piece));
      for (const piece of pieces) {
        if (this.#held !== undefined) this.push(this.#held);
        this.#held = piece;
      }
      done();
    } catch (error) {
      done(faultOf(error));
    }
  }

  override _flush(done: TransformCallback): void {
    try {
      for (const check of this.#checks) check.end();
      done(null, this.#held);
    } catch (error) {
      done(faultOf(error));
    }
  }
}

function unframed(length: number): Check {
  const body = new StructuredBody();
  let seen = 0;
  return {
    pass(bytes) {
      const content = body.read(bytes);
      for (const piece of content) seen += piece.length;
      if (seen > length) throw new StructuredBodyError("There is more content than was announced.");
      return content;
    },
    end() {
      body.end();
      if (seen !== length) throw new StructuredBodyError("There is less content than was announced.");
    },
  };
}

interface Digest {
  update(bytes: Buffer): unknown;
  digest(): Buffer;
}

const md5Sum = (): Digest => createHash("md5");

function digested(digest: Digest, expected: Buffer, code: "Md5Mismatch" | "Crc64Mismatch"): Check {
  return {
    pass(bytes) {
      digest.update(bytes);
      return [bytes];
    },
    end() {
      const computed = digest.digest();
      if (computed.equals(expected)) return;
      throw blobFault(code, {
        UserSpecifiedChecksum: expected.toString("base64"),
        ServerCalculatedChecksum: computed.toString("base64"),
      });
    },
  };
}

function digestOf(header: string, value: string, bytes: number): Buffer {
  const digest = Buffer.from(value, "base64");
  if (digest.length !== bytes) {
    throw blobFault(header === "content-md5" ? "InvalidMd5" : "InvalidHeaderValue", { HeaderName: header });
  }
  return digest;
}

function faultOf(error: unknown): Fault | Error {
  if (!(error instanceof StructuredBodyError))
    return error instanceof Error ? error : new Error(String(error));
  return error.isMismatch ? blobFault("Crc64Mismatch") : blobFault("InvalidInput", { Reason: error.message });
}
