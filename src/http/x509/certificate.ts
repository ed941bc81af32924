/**
 * Issues X.509 v3 certificates (RFC 5280) with ECDSA over P-256: our authority's own and the leaves below it. About a
 * hundred lines, where the packages for it load for a tenth of a second. It keeps nothing and reads no clock.
 */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { isIPv4, isIPv6 } from "node:net";
import {
  bitString,
  boolean,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  set,
  tagged,
  time,
  utf8String,
} from "../../core/x509/der.ts";

export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

export const generateKeyPair = (): KeyPair => generateKeyPairSync("ec", { namedCurve: "P-256" });

/** The signer of a certificate: for the authority's own, the authority itself. */
export interface Issuer {
  readonly commonName: string;
  readonly keys: KeyPair;
}

interface Validity {
  /** Epoch milliseconds. */
  readonly notBefore: number;
  readonly notAfter: number;
}

/** A self-signed authority that may issue leaves and nothing below them. @returns PEM */
export function authorityCertificate(authority: Issuer, validity: Validity): string {
  return certificate(authority, authority.commonName, authority.keys.publicKey, validity, [
    extension(OID.basicConstraints, sequence(boolean(true), integer(Buffer.from([0]))), "critical"),
    extension(OID.keyUsage, KEY_CERT_SIGN_AND_CRL_SIGN, "critical"),
  ]);
}

/** @param names DNS names and IP addresses, all put into subjectAltName; no client reads the common name. @returns PEM */
export function leafCertificate(
  issuer: Issuer,
  publicKey: KeyObject,
  names: readonly string[],
  validity: Validity,
): string {
  return certificate(issuer, names[0] ?? "", publicKey, validity, [
    extension(OID.basicConstraints, sequence(), "critical"),
    extension(OID.keyUsage, DIGITAL_SIGNATURE, "critical"),
    extension(OID.extendedKeyUsage, sequence(objectIdentifier(OID.serverAuth))),
    extension(OID.subjectAltName, sequence(...names.map(generalName))),
  ]);
}

const OID = {
  commonName: "2.5.4.3",
  organizationName: "2.5.4.10",
  ecdsaWithSha256: "1.2.840.10045.4.3.2",
  subjectKeyIdentifier: "2.5.29.14",
  keyUsage: "2.5.29.15",
  subjectAltName: "2.5.29.17",
  basicConstraints: "2.5.29.19",
  authorityKeyIdentifier: "2.5.29.35",
  extendedKeyUsage: "2.5.29.37",
  serverAuth: "1.3.6.1.5.5.7.3.1",
} as const;

const VERSION_3 = Buffer.from([2]);
const DIGITAL_SIGNATURE = bitString(Buffer.from([0x80]), 7);
const KEY_CERT_SIGN_AND_CRL_SIGN = bitString(Buffer.from([0x06]), 1);
/** 128 random bits below a leading zero bit: positive and within the 20 octets of RFC 5280 section 4.1.2.2. */
const SERIAL_OCTETS = 16;
/** RFC 5280, upper bound ub-common-name. */
const MAX_COMMON_NAME = 64;

function certificate(
  issuer: Issuer,
  subject: string,
  publicKey: KeyObject,
  { notBefore, notAfter }: Validity,
  extensions: readonly Buffer[],
): string {
  const algorithm = sequence(objectIdentifier(OID.ecdsaWithSha256));
  const serial = randomBytes(SERIAL_OCTETS);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  const toBeSigned = sequence(
    tagged(0xa0, integer(VERSION_3)),
    integer(serial),
    algorithm,
    name(issuer.commonName),
    sequence(time(notBefore), time(notAfter)),
    name(subject),
    publicKey.export({ type: "spki", format: "der" }),
    tagged(
      0xa3,
      sequence(
        ...extensions,
        extension(OID.subjectKeyIdentifier, octetString(keyIdentifier(publicKey))),
        extension(OID.authorityKeyIdentifier, sequence(tagged(0x80, keyIdentifier(issuer.keys.publicKey)))),
      ),
    ),
  );
  const der = sequence(toBeSigned, algorithm, bitString(sign("sha256", toBeSigned, issuer.keys.privateKey)));
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

function name(commonName: string): Buffer {
  const attribute = (oid: string, value: string) =>
    set(sequence(objectIdentifier(oid), utf8String(value.slice(0, MAX_COMMON_NAME))));
  return sequence(attribute(OID.organizationName, "Batchyard"), attribute(OID.commonName, commonName));
}

function extension(oid: string, value: Buffer, critical?: "critical"): Buffer {
  return sequence(objectIdentifier(oid), ...(critical ? [boolean(true)] : []), octetString(value));
}

function generalName(value: string): Buffer {
  if (isIPv4(value)) return tagged(0x87, Buffer.from(value.split(".").map(Number)));
  if (isIPv6(value)) return tagged(0x87, ipv6Octets(value));
  return tagged(0x82, Buffer.from(value, "ascii"));
}

function ipv6Octets(address: string): Buffer {
  // The URL parser writes any spelling, an embedded IPv4 address included, as hexadecimal groups.
  const [head = "", tail = ""] = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::");
  const groups = (part: string) =>
    part === "" ? [] : part.split(":").map((group) => Number.parseInt(group, 16));
  const first = groups(head);
  const last = groups(tail);
  const all = [...first, ...new Array<number>(8 - first.length - last.length).fill(0), ...last];
  return Buffer.from(all.flatMap((group) => [group >> 8, group & 0xff]));
}

/** SHA-1 of the public key's bits: RFC 5280 section 4.2.1.2, method 1. An identifier, not a safeguard. */
function keyIdentifier(publicKey: KeyObject): Buffer {
  const UNCOMPRESSED_P256_POINT = 65;
  const spki = publicKey.export({ type: "spki", format: "der" });
  return createHash("sha1").update(spki.subarray(-UNCOMPRESSED_P256_POINT)).digest();
}
