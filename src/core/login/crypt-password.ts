/**
 * A password as crypt(5) stores it, method SHA-512: what a node's SSH server compares with. Source: U. Drepper, "Unix crypt using
 * SHA-256 and SHA-512", section "Algorithm"; the letters in the comments are its own.
 */
import { createHash } from "node:crypto";

/** Four times the method's default: a tenth of a second for whoever guesses, and for the service once per user. */
const ROUNDS = 20_000;

const SALT_CHARACTERS = 16;
const ALPHABET = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Rounds that are done at a time: a millisecond's work. */
const ROUNDS_OF_PIECE = 500;

/** @param entropy at least 16 random bytes */
export function cryptSalt(entropy: Uint8Array): string {
  let salt = "";
  for (const byte of entropy.subarray(0, SALT_CHARACTERS)) salt += ALPHABET[byte % ALPHABET.length];
  return salt;
}

/**
 * In pieces, so that others can work in between.
 * @param salt of at most 16 characters
 * @returns at its end `$6$rounds=<rounds>$<salt>$<hash>`
 */
export function* cryptPieces(
  password: string,
  salt: string,
  rounds = ROUNDS,
): Generator<undefined, string, undefined> {
  const key = Buffer.from(password);
  const saltBytes = Buffer.from(salt);
  const b = sha512(key, saltBytes, key);
  const a: Uint8Array[] = [key, saltBytes, repeated(b, key.length)];
  for (let bits = key.length; bits > 0; bits >>= 1) a.push(bits & 1 ? b : key);
  let c = sha512(...a);
  const p = repeated(sha512(...Array<Uint8Array>(key.length).fill(key)), key.length);
  const s = repeated(sha512(...Array<Uint8Array>(16 + (c[0] ?? 0)).fill(saltBytes)), saltBytes.length);
  for (let round = 0; round < rounds; round++) {
    const isOdd = round % 2 === 1;
    const parts = [isOdd ? p : c];
    if (round % 3 !== 0) parts.push(s);
    if (round % 7 !== 0) parts.push(p);
    parts.push(isOdd ? c : p);
    c = sha512(...parts);
    if (round % ROUNDS_OF_PIECE === ROUNDS_OF_PIECE - 1) yield;
  }
  return `$6$rounds=${rounds}$${salt}$${encoded(c)}`;
}

function sha512(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash("sha512");
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function repeated(bytes: Buffer, length: number): Buffer {
  return Buffer.alloc(length, bytes);
}

/** Three bytes that lie 21 apart become four characters, the lowest bits first. */
function encoded(digest: Buffer): string {
  const byte = (index: number) => digest[index] ?? 0;
  const characters = (word: number, count: number) =>
    Array.from({ length: count }, (_, n) => ALPHABET[(word >> (6 * n)) & 63]).join("");
  let text = "";
  for (let n = 0; n < 21; n++) {
    const column = [n, n + 21, n + 42];
    const turned = [0, 1, 2].map((k) => byte(column[(k + n) % 3] ?? 0));
    const [high = 0, middle = 0, low = 0] = turned;
    text += characters((high << 16) | (middle << 8) | low, 4);
  }
  return text + characters(byte(63), 2);
}
