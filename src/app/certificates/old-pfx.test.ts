import { expect, test } from "vitest";
import { asksTooMuch } from "./old-pfx.ts";

/** DER: sequences in each other, each with its length in two octets. */
function nested(depth: number): Buffer {
  let der = Buffer.alloc(0);
  for (let level = 0; level < depth; level++) {
    const head = Buffer.from([0x30, 0x82, 0, 0]);
    head.writeUInt16BE(der.length, 2);
    der = Buffer.concat([head, der]);
  }
  return der;
}

test("a file is looked through as deep as the extensions of a certificate in it lie, and not for ever", () => {
  expect(asksTooMuch(nested(40))).toBe(false);
  expect(asksTooMuch(nested(200))).toBe(true);
});
