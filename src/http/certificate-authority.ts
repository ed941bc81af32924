/**
 * The installation's certificate authority: made at first start, kept in the data folder. Owns three files there:
 * `ca-key.pem` (mode 0600), `ca.pem` for clients that add it to the roots they have, and `bundle.pem` (the system's
 * roots and ours) for clients whose setting replaces them.
 */
import { createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import { authorityCertificate, generateKeyPair, type Issuer, leafCertificate } from "./x509/certificate.ts";

export interface CertificateAuthority {
  /** The path of the certificate alone: for `NODE_EXTRA_CA_CERTS`. */
  readonly caFile: string;
  /** The path of the system's roots with ours behind them: for `SSL_CERT_FILE`, `REQUESTS_CA_BUNDLE`, `CURL_CA_BUNDLE`. */
  readonly bundleFile: string;
  /** A new key and certificate for these DNS names and IP addresses. */
  mintLeaf(names: readonly string[], now: number): Leaf;
}

export interface Leaf {
  /** PEM: the leaf. The authority itself is in the client's trust store, so the chain is only this. */
  readonly cert: string;
  readonly key: string;
  /** Epoch milliseconds. */
  readonly notAfter: number;
}

const DAY_MS = 86_400_000;
/** Certificates begin a day early, for clients whose clock is behind. */
const BACKDATED_MS = DAY_MS;
const AUTHORITY_LIFETIME_MS = 3650 * DAY_MS;
/** With the day before: below the 398 days that clients accept at the most (CA/Browser Forum Baseline Requirements 6.3.2). */
const LEAF_LIFETIME_MS = 396 * DAY_MS;
/** Where Debian and its relatives keep the roots that the administrator chose. */
const SYSTEM_BUNDLE = "/etc/ssl/certs/ca-certificates.crt";

/** Opens the authority that lives in `folder`, making it when there is none or when its time is over. */
export function openCertificateAuthority(folder: string, now: number): CertificateAuthority {
  const keyFile = join(folder, "ca-key.pem");
  const caFile = join(folder, "ca.pem");
  const bundleFile = join(folder, "bundle.pem");
  const issuer = read(keyFile, caFile, now) ?? create(keyFile, caFile, now);
  const bundle = `${systemRoots().trimEnd()}\n${readFileSync(caFile, "utf8")}`;
  // Nodes that have outlived the last service have the file mounted, and would keep the old one.
  if (!existsSync(bundleFile) || readFileSync(bundleFile, "utf8") !== bundle)
    replaceFile(bundleFile, bundle, 0o644);
  return {
    caFile,
    bundleFile,
    mintLeaf: (names, at) => {
      const keys = generateKeyPair();
      const validity = { notBefore: at - BACKDATED_MS, notAfter: at + LEAF_LIFETIME_MS };
      return {
        cert: leafCertificate(issuer, keys.publicKey, names, validity),
        key: keys.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
        notAfter: validity.notAfter,
      };
    },
  };
}

function read(keyFile: string, caFile: string, now: number): Issuer | undefined {
  if (!existsSync(keyFile) || !existsSync(caFile)) return undefined;
  const certificate = new X509Certificate(readFileSync(caFile));
  const commonName = /^CN=(.*)$/m.exec(certificate.subject)?.[1];
  if (commonName === undefined || certificate.validToDate.getTime() < now + LEAF_LIFETIME_MS)
    return undefined;
  const privateKey = createPrivateKey(readFileSync(keyFile));
  if (!certificate.checkPrivateKey(privateKey)) return undefined;
  return { commonName, keys: { privateKey, publicKey: createPublicKey(privateKey) } };
}

function create(keyFile: string, caFile: string, now: number): Issuer {
  const keys = generateKeyPair();
  // The date tells the authorities of several installations, or of one made anew, apart in a trust store.
  const commonName = `Batchyard local authority ${new Date(now).toISOString()}`;
  const issuer = { commonName, keys };
  const validity = { notBefore: now - BACKDATED_MS, notAfter: now + AUTHORITY_LIFETIME_MS };
  // The key first: a certificate without its key would be trusted for nothing, and both are made again.
  replaceFile(keyFile, keys.privateKey.export({ type: "pkcs8", format: "pem" }).toString(), 0o600);
  replaceFile(caFile, authorityCertificate(issuer, validity), 0o644);
  return issuer;
}

function systemRoots(): string {
  return existsSync(SYSTEM_BUNDLE) ? readFileSync(SYSTEM_BUNDLE, "utf8") : rootCertificates.join("\n");
}

/** Readers see the old text or the new one, never half, also when the machine dies. */
function replaceFile(file: string, text: string, mode: number): void {
  const draft = `${file}.${process.pid}.new`;
  writeFileSync(draft, text, { mode, flush: true });
  renameSync(draft, file);
}
