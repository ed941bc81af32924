/** A certificate with which an application signs its assertions. */
import { generateKeyPairSync, type KeyObject, X509Certificate } from "node:crypto";
import { generateKeyPair, leafCertificate } from "../../../src/http/x509/certificate.ts";

export interface ApplicationCertificate {
  /** DER. */
  readonly certificate: Buffer;
  /** Certificate and key, as the identity libraries read them from a file. */
  readonly pem: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** @param now epoch milliseconds; valid for a year around it */
export function applicationCertificate(now: number): ApplicationCertificate {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const issuer = { commonName: "Some authority", keys: generateKeyPair() };
  const validity = { notBefore: now - 86_400_000, notAfter: now + 365 * 86_400_000 };
  const certificate = leafCertificate(issuer, publicKey, ["application.example"], validity);
  const key = privateKey.export({ type: "pkcs8", format: "pem" });
  return {
    certificate: new X509Certificate(certificate).raw,
    pem: `${certificate}${key}`,
    privateKey,
    publicKey,
  };
}
