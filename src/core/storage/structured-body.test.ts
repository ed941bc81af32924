import { expect, test } from "vitest";
import { Crc64 } from "./crc64.ts";
import { StructuredBody, StructuredBodyError } from "./structured-body.ts";

const crc = (bytes: Buffer) => {
  const sum = new Crc64();
  sum.update(bytes);
  return sum.digest();
};

/** A body of these segments, as a client writes it. */
function written(...segments: string[]): Buffer {
  const parts = segments.map((text, at) => {
    const content = Buffer.from(text);
    const head = Buffer.alloc(10);
    head.writeUInt16LE(at + 1, 0);
    head.writeBigUInt64LE(BigInt(content.length), 2);
    return Buffer.concat([head, content, crc(content)]);
  });
  const inner = Buffer.concat([...parts, crc(Buffer.from(segments.join("")))]);
  const header = Buffer.alloc(13);
  header[0] = 1;
  header.writeBigUInt64LE(BigInt(inner.length + 13), 1);
  header.writeUInt16LE(1, 9);
  header.writeUInt16LE(segments.length, 11);
  return Buffer.concat([header, inner]);
}

function contentOf(body: Buffer, pieceBytes: number): string {
  const reader = new StructuredBody();
  const found: Buffer[] = [];
  for (let at = 0; at < body.length; at += pieceBytes)
    found.push(...reader.read(body.subarray(at, at + pieceBytes)));
  reader.end();
  return Buffer.concat(found).toString();
}

test("the checksum is the one that the algorithm's description gives for 123456789", () => {
  expect(crc(Buffer.from("123456789")).readBigUInt64LE().toString(16)).toBe("ae8b14860a799888");
});

test.each([1, 3, 7, 1_000])("content is read in pieces of %i bytes", (pieceBytes) => {
  expect(contentOf(written("first ", "", "second"), pieceBytes)).toBe("first second");
  expect(contentOf(written(), pieceBytes)).toBe("");
});

test("a changed bit anywhere is found", () => {
  const body = written("some", "text");
  for (let at = 0; at < body.length; at++) {
    const changed = Buffer.from(body);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(() => contentOf(changed, 5), String(at)).toThrow(StructuredBodyError);
  }
  expect(() => contentOf(body.subarray(0, -1), 5)).toThrow(StructuredBodyError);
  expect(() => contentOf(Buffer.concat([body, body]), 5)).toThrow(StructuredBodyError);
});
