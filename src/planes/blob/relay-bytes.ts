/**
 * Bytes from one stream to another as fast as the slower side takes them, each piece's memory given back once it has gone out. Left to the
 * garbage collector, a gigabyte of pieces has it look through the whole heap every few dozen megabytes.
 */
import type { Readable, Writable } from "node:stream";
import { finished } from "node:stream/promises";

/** Ends `to` with `from`. What becomes of either is the caller's to hear. */
export function relay(from: Readable, to: Writable): void {
  from.on("data", (piece: Buffer) => {
    const takesMore = to.write(piece, (error) => {
      if (!error) giveBack(piece);
    });
    if (takesMore) return;
    from.pause();
    to.once("drain", () => from.resume());
  });
  from.once("end", () => to.end());
}

/** Resolves when all is out. @throws what either stream does; the other one is gone then */
export async function relayed(from: Readable, to: Writable): Promise<void> {
  const both = Promise.all([finished(from), finished(to, { readable: false })]);
  relay(from, to);
  try {
    await both;
  } catch (error) {
    from.destroy();
    to.destroy();
    throw error;
  }
}

/** A piece that shares its memory with others keeps it. */
function giveBack({ buffer, byteLength }: Buffer): void {
  if (buffer.byteLength === byteLength && buffer instanceof ArrayBuffer) buffer.transfer(0);
}
