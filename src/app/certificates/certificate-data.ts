/** Reads the certificate out of what a caller uploads: a `.cer` (DER or PEM), or the leaf of a `.pfx` with its password. */
import { X509Certificate } from "node:crypto";
import { createSecureContext } from "node:tls";
import { Fault } from "../../core/fault.ts";
import type { CertificateAddParameter } from "../../wire/batch/models-types.gen.ts";
import { asksTooMuch, OldPfxError, oldPfxLeaf } from "./old-pfx.ts";

export interface CertificateRead {
  readonly format: "pfx" | "cer";
  /** SHA-1, lower-case hex. */
  readonly thumbprint: string;
  /** DER in base64. */
  readonly publicData: string;
}

/** @throws Fault InvalidPropertyValue naming the property: the data does not open, or is not what the thumbprint says */
export function certificateRead(body: CertificateAddParameter): CertificateRead {
  const format = body.certificateFormat ?? "pfx";
  if (body.thumbprintAlgorithm.toLowerCase() !== "sha1")
    throw invalid("thumbprintAlgorithm", "The only algorithm is sha1.");
  if (format === "cer" && body.password !== undefined)
    throw invalid("password", "A cer certificate has none.");
  const data = Buffer.from(body.data, "base64");
  const certificate = format === "cer" ? readCer(data) : readPfx(data, body.password ?? "");
  const thumbprint = certificate.fingerprint.replaceAll(":", "").toLowerCase();
  if (thumbprint !== body.thumbprint.toLowerCase())
    throw invalid("thumbprint", "It is not the thumbprint of the certificate in the data.");
  return { format, thumbprint, publicData: certificate.raw.toString("base64") };
}

function readCer(data: Buffer): X509Certificate {
  try {
    return new X509Certificate(data);
  } catch (cause) {
    throw invalid("data", "It is not a certificate in base64.", cause);
  }
}

/** The reader of TLS contexts first: it is OpenSSL's, and checks what it reads. */
function readPfx(pfx: Buffer, passphrase: string): X509Certificate {
  if (asksTooMuch(pfx)) throw invalid("data", "It derives its keys in more rounds than are allowed here.");
  try {
    const { context } = createSecureContext({ pfx, passphrase }) as unknown as {
      context: { getCertificate(): Buffer | null };
    };
    const leaf = context.getCertificate();
    if (leaf) return new X509Certificate(leaf);
  } catch (cause) {
    const isPassword = cause instanceof Error && /mac verify/i.test(cause.message);
    if (isPassword) throw invalid("password", "It does not open the data.", cause);
    return readOldPfx(pfx, passphrase, cause);
  }
  throw invalid("data", "The PFX holds no certificate with a private key.");
}

/** As older systems export them, with ciphers and lengths of keys that a TLS context refuses; nothing here serves TLS by it. */
function readOldPfx(pfx: Buffer, passphrase: string, cause: unknown): X509Certificate {
  try {
    return new X509Certificate(oldPfxLeaf(pfx, passphrase));
  } catch (error) {
    if (error instanceof OldPfxError && error.because === "password")
      throw invalid("password", "It does not open the data.", error);
    if (error instanceof OldPfxError && error.because === "keyless")
      throw invalid("data", "The PFX holds no certificate with a private key.", error);
    throw invalid("data", "It is not a PFX in base64.", cause);
  }
}

function invalid(property: string, reason: string, cause?: unknown): Fault {
  return new Fault("InvalidPropertyValue", "", {
    values: [
      { key: "PropertyName", value: property },
      { key: "Reason", value: reason },
    ],
    ...(cause !== undefined && { cause }),
  });
}
