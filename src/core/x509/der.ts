/**
 * Writes DER (ITU-T X.690), as far as a certificate needs it: each function gives one finished value. It knows no
 * certificate and parses nothing.
 */

const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  utf8String: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** A value under any tag: identifier octet, definite length, contents. */
export function tagged(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const length = contents.reduce((sum, content) => sum + content.length, 0);
  return Buffer.concat([Buffer.from([tag]), lengthOctets(length), ...contents]);
}

function lengthOctets(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const octets = unsignedOctets(length);
  return Buffer.from([0x80 | octets.length, ...octets]);
}

function unsignedOctets(value: number): number[] {
  const octets: number[] = [];
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return octets;
}

export const sequence = (...members: readonly Uint8Array[]): Buffer => tagged(TAG.sequence, ...members);
export const set = (...members: readonly Uint8Array[]): Buffer => tagged(TAG.set, ...members);
export const octetString = (contents: Uint8Array): Buffer => tagged(TAG.octetString, contents);
export const utf8String = (text: string): Buffer => tagged(TAG.utf8String, Buffer.from(text, "utf8"));
export const boolean = (value: boolean): Buffer => tagged(TAG.boolean, Buffer.from([value ? 0xff : 0]));

/** @param magnitude big-endian and unsigned; a leading zero is added where the value would read as negative */
export function integer(magnitude: Uint8Array): Buffer {
  let start = 0;
  while (start < magnitude.length - 1 && magnitude[start] === 0) start++;
  const minimal = magnitude.subarray(start);
  return tagged(TAG.integer, (minimal[0] ?? 0) >= 0x80 ? Buffer.from([0]) : Buffer.alloc(0), minimal);
}

/** @param unusedBits how many of the last octet's low bits do not count */
export const bitString = (contents: Uint8Array, unusedBits = 0): Buffer =>
  tagged(TAG.bitString, Buffer.from([unusedBits]), contents);

/** @param dotted e.g. `1.2.840.10045.2.1` */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const octets = [first * 40 + second, ...rest].flatMap((arc) => {
    const sevenBits = [arc & 0x7f];
    for (let high = arc >>> 7; high > 0; high >>>= 7) sevenBits.unshift((high & 0x7f) | 0x80);
    return sevenBits;
  });
  return tagged(TAG.objectIdentifier, Buffer.from(octets));
}

/** UTCTime through 2049 and GeneralizedTime afterwards, as RFC 5280 section 4.1.2.5 demands. Whole seconds. */
export function time(epochMs: number): Buffer {
  const digits = new Date(epochMs).toISOString().replace(/\D/g, "").slice(0, 14);
  return digits < "2050"
    ? tagged(TAG.utcTime, Buffer.from(`${digits.slice(2)}Z`))
    : tagged(TAG.generalizedTime, Buffer.from(`${digits}Z`));
}
