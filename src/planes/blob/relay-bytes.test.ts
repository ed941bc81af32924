import { PassThrough, Readable, Writable } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { relay, relayed } from "./relay-bytes.ts";

/** Whose memory is its own. */
const piece = (byte: number, bytes = 1_000) => Buffer.from(new ArrayBuffer(bytes)).fill(byte);

/** Takes a piece when it is told to, and remembers what it was then. */
function slow(): Writable & { readonly seen: Buffer[] } {
  const seen: Buffer[] = [];
  const stream = new Writable({
    highWaterMark: 1_500,
    write(chunk: Buffer, _, done) {
      setImmediate(() => {
        seen.push(Buffer.from(chunk));
        done();
      });
    },
  });
  return Object.assign(stream, { seen });
}

test("everything goes over, at the pace of the slower side, and each piece's memory is given back after", async () => {
  const pieces = [1, 2, 3, 4, 5].map((byte) => piece(byte));
  const whole = Buffer.concat(pieces);
  const to = slow();
  await relayed(Readable.from(pieces, { objectMode: false }), to);
  expect(Buffer.concat(to.seen).equals(whole)).toBe(true);
  expect(pieces.map(({ byteLength }) => byteLength)).toEqual([0, 0, 0, 0, 0]);
});

test("a piece that shares its memory with others keeps it", async () => {
  const whole = piece(7, 3_000);
  const to = slow();
  await relayed(Readable.from([whole.subarray(0, 1_000), whole.subarray(1_000)], { objectMode: false }), to);
  expect(Buffer.concat(to.seen).equals(whole)).toBe(true);
  expect(whole.byteLength).toBe(3_000);
});

test("either side's fault ends the other", async () => {
  const from = new PassThrough();
  const to = slow();
  const ended = relayed(from, to);
  from.write(piece(1));
  from.destroy(new Error("the reader has gone"));
  await expect(ended).rejects.toThrow("the reader has gone");
  expect(to.destroyed).toBe(true);

  const other = new PassThrough();
  const gone = slow();
  const broken = relayed(other, gone);
  gone.destroy(new Error("the writer has gone"));
  await expect(broken).rejects.toThrow("the writer has gone");
  expect(other.destroyed).toBe(true);
});

test("what is written and not out yet keeps its memory", async () => {
  const from = new PassThrough();
  const to = new Writable({ write: () => {} });
  relay(from, to);
  const kept = piece(9);
  from.write(kept);
  await nextTurn();
  expect(kept.byteLength).toBe(1_000);
});
