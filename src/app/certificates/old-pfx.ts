/**
 * Opens a PFX of older systems: RC2 of 40 bits, triple DES, keys of 1,024 bits. Source: RFC 7292. Owns the bounds on what a file may make
 * the reader do; decides nothing about certificates.
 */
import { createRequire } from "node:module";
import type Forge from "node-forge";

export class OldPfxError extends Error {
  readonly because: "password" | "keyless";

  constructor(because: "password" | "keyless") {
    super(because);
    this.because = because;
  }
}

/** Rounds of key derivation; a file names its own, and each costs time. Ours: Windows writes 2,000, OpenSSL 2,048. */
const MAX_ROUNDS = 100_000;
/** Bytes. A certificate with its key and chain has some thousands. */
const MAX_BYTES = 256 * 1024;

let loaded: typeof Forge | undefined;

/** Loaded by the first certificate of this kind: it is a megabyte of sources, and few services ever see one. */
function library(): typeof Forge {
  if (loaded !== undefined) return loaded;
  loaded = createRequire(import.meta.url)("node-forge") as typeof Forge;
  // Its types do not tell of where it derives keys.
  const { pbe, pki, pkcs5 } = loaded as unknown as {
    pbe: Derivation;
    pki: { pbe: Derivation };
    pkcs5: Derivation;
  };
  bounded(pbe, "generatePkcs12Key", 3);
  bounded(pki.pbe, "generatePkcs12Key", 3);
  bounded(pkcs5, "pbkdf2", 2);
  return loaded;
}

type Derivation = Record<string, (...args: readonly unknown[]) => unknown>;

/** The library derives as many rounds as it is told to, in this thread. */
function bounded(owner: Derivation, name: string, rounds: number): void {
  const derive = owner[name];
  if (derive === undefined) return;
  owner[name] = (...args) => {
    if (!(Number(args[rounds]) <= MAX_ROUNDS)) throw new Error(`more than ${MAX_ROUNDS} rounds`);
    return derive.apply(owner, args as unknown[]);
  };
}

/** Deeper than any PFX nests, whose certificates have extensions of extensions. */
const MAX_DEPTH = 64;

/** Whether a file asks for more work than is done for anybody, as far as can be seen without its password: to be asked before any reader. */
export function asksTooMuch(data: Buffer): boolean {
  if (data.length > MAX_BYTES) return true;
  const whole = parsed(data.toString("binary"));
  return whole !== undefined && roundsIn(whole, 0) > MAX_ROUNDS;
}

/** The largest count of rounds: an integer right behind a salt. Octets that are DER are looked into. */
function roundsIn({ value, type }: Forge.asn1.Asn1, depth: number): number {
  if (depth > MAX_DEPTH) return Number.POSITIVE_INFINITY;
  if (typeof value === "string") {
    const inner = type === library().asn1.Type.OCTETSTRING ? parsed(value) : undefined;
    return inner === undefined ? 0 : roundsIn(inner, depth + 1);
  }
  let most = 0;
  for (const [index, member] of value.entries()) {
    const before = value[index - 1];
    const { OCTETSTRING, INTEGER } = library().asn1.Type;
    if (before?.type === OCTETSTRING && member.type === INTEGER && typeof member.value === "string")
      most = Math.max(most, Number.parseInt(`0${library().util.bytesToHex(member.value)}`, 16));
    most = Math.max(most, roundsIn(member, depth + 1));
  }
  return most;
}

function parsed(bytes: string): Forge.asn1.Asn1 | undefined {
  try {
    return library().asn1.fromDer(bytes);
  } catch {
    return undefined;
  }
}

/** @returns DER of the certificate whose key the file holds. @throws OldPfxError, and Error for what is no PFX */
export function oldPfxLeaf(data: Buffer, password: string): Buffer {
  if (data.length > MAX_BYTES) throw new Error("too long");
  const der = library().asn1.fromDer(data.toString("binary"));
  const pfx = openPfx(der, password);
  const { certBag = "", pkcs8ShroudedKeyBag = "", keyBag = "" } = library().pki.oids;
  const keys = [pkcs8ShroudedKeyBag, keyBag].flatMap((type) => pfx.getBags({ bagType: type })[type] ?? []);
  const [key] = keys;
  if (key === undefined) throw new OldPfxError("keyless");
  const certificates = pfx.getBags({ bagType: certBag })[certBag] ?? [];
  const idOf = (bag: Forge.pkcs12.Bag) => bag.attributes.localKeyId?.[0] as string | undefined;
  const leaf =
    certificates.find((bag) => idOf(bag) !== undefined && idOf(bag) === idOf(key)) ?? certificates[0];
  const asn1 = leaf?.cert ? library().pki.certificateToAsn1(leaf.cert) : leaf?.asn1;
  if (!asn1) throw new OldPfxError("keyless");
  return Buffer.from(library().asn1.toDer(asn1).getBytes(), "binary");
}

function openPfx(der: Forge.asn1.Asn1, password: string): Forge.pkcs12.Pkcs12Pfx {
  try {
    return library().pkcs12.pkcs12FromAsn1(der, false, password);
  } catch (error) {
    if (error instanceof Error && /MAC could not be verified|Invalid password/.test(error.message))
      throw new OldPfxError("password");
    throw error;
  }
}
