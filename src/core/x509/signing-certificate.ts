/**
 * The certificate beside an RSA key that signs tokens (RFC 5280), signed with that key itself: key documents carry one, and nobody is to trust it for
 * anything else. Pure.
 */
import { bitString, integer, objectIdentifier, sequence, set, tagged, time, utf8String } from "./der.ts";

const COMMON_NAME = "2.5.4.3";
const SHA256_WITH_RSA = "1.2.840.113549.1.1.11";
const NULL = Buffer.from([0x05, 0x00]);
const VERSION_3 = Buffer.from([2]);

export interface SigningCertificate {
  readonly commonName: string;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Buffer;
  /** Positive: its first bit is not set. */
  readonly serial: Buffer;
  /** Epoch milliseconds. */
  readonly notBefore: number;
  readonly notAfter: number;
}

/** @param sign RS256 with the key's private half. @returns DER */
export function signingCertificate(
  { commonName, publicKey, serial, notBefore, notAfter }: SigningCertificate,
  sign: (bytes: Buffer) => Buffer,
): Buffer {
  const algorithm = sequence(objectIdentifier(SHA256_WITH_RSA), NULL);
  const name = sequence(set(sequence(objectIdentifier(COMMON_NAME), utf8String(commonName))));
  const validity = sequence(time(notBefore), time(notAfter));
  const version = tagged(0xa0, integer(VERSION_3));
  const toBeSigned = sequence(version, integer(serial), algorithm, name, validity, name, publicKey);
  return sequence(toBeSigned, algorithm, bitString(sign(toBeSigned)));
}
