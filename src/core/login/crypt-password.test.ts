import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { cryptPieces, cryptSalt } from "./crypt-password.ts";

function cryptWithSalt(password: string, salt: string, rounds: number): string {
  const pieces = cryptPieces(password, salt, rounds);
  for (;;) {
    const { value, done } = pieces.next();
    if (done) return value;
  }
}

test("agrees with the examples of the specification", () => {
  expect(cryptWithSalt("Hello world!", "saltstring", 5000)).toBe(
    "$6$rounds=5000$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1",
  );
  expect(cryptWithSalt("Hello world!", "saltstringsaltst", 10_000)).toBe(
    "$6$rounds=10000$saltstringsaltst$OW1/O6BYHV6BcXZu8QVeXbDWra3Oeqh0sbHbbMCVNSnCM/UrjmM0Dp8vOuZeHBy/YTBmSK6H9qs/y3RnOaw5v.",
  );
});

const openssl = spawnSync("openssl", ["version"]).status === 0;
if (!openssl) console.warn("SKIPPED: openssl is not installed here");

test.skipIf(!openssl)("agrees with OpenSSL for passwords of every length and script", () => {
  for (const password of [
    "a",
    "ab",
    "pässwörd",
    "x".repeat(63),
    "y".repeat(64),
    "z".repeat(65),
    "w".repeat(200),
  ]) {
    const { stdout } = spawnSync("openssl", ["passwd", "-6", "-salt", "rounds=1234$pepper", "-stdin"], {
      input: password,
      encoding: "utf8",
    });
    expect(cryptWithSalt(password, "pepper", 1234), password).toBe(stdout.trim());
  }
});

test("salts are taken from the entropy alone", () => {
  expect(cryptSalt(Buffer.alloc(16, 1))).toMatch(/^[./0-9A-Za-z]{16}$/);
  expect(cryptSalt(Buffer.alloc(16, 1))).not.toBe(cryptSalt(Buffer.alloc(16, 2)));
});

test("the work comes in pieces of a millisecond, and is as many rounds as are not told", () => {
  const pieces = [...cryptPieces("p", "salt")];
  expect(pieces).toHaveLength(40);
});
