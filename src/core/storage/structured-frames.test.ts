import { expect, test } from "vitest";
import { StructuredBody } from "./structured-body.ts";
import { StructuredFrames } from "./structured-frames.ts";

function framed(content: Buffer, pieceBytes: number): Buffer {
  const frames = new StructuredFrames(content.length);
  const parts = [frames.start()];
  for (let at = 0; at < content.length; at += pieceBytes)
    parts.push(...frames.frame(content.subarray(at, at + pieceBytes)));
  const body = Buffer.concat([...parts, frames.end()]);
  expect(body.length).toBe(frames.length);
  return body;
}

test.each([0, 1, 4 * 1024 * 1024, 9 * 1024 * 1024 + 1])("%i bytes are read back as they were", (length) => {
  const content = Buffer.alloc(length, "some text ");
  const reader = new StructuredBody();
  const read = reader.read(framed(content, 1_000_000));
  reader.end();
  expect(content.equals(Buffer.concat(read))).toBe(true);
});

test("more or less content than was announced is no body", () => {
  expect(() => new StructuredFrames(3).frame(Buffer.from("text"))).toThrow(RangeError);
  const short = new StructuredFrames(5);
  short.frame(Buffer.from("text"));
  expect(() => short.end()).toThrow(RangeError);
});

test("a content of terabytes has no more segments than have numbers", () => {
  const header = new StructuredFrames(190 * 2 ** 40).start();
  expect(header.readUInt16LE(11)).toBeGreaterThan(65_000);
});
