/** Certificates with which an application proves itself by a signed assertion. Only the public half is ever here. */
import { hash, randomUUID, X509Certificate } from "node:crypto";
import {
  applicationCertificateDelete,
  applicationCertificateInsert,
  applicationCertificates,
} from "../../store/applications.ts";
import type { Connection } from "../../store/engine/connection.ts";
import type { ClientCertificate, Directory } from "./directory.ts";
import { badDirectoryRequest } from "./directory-fault.ts";

export interface CertificateRecord extends ClientCertificate {
  readonly displayName: string | null;
}

const MIN_RSA_BITS = 2048;

/**
 * @param certificate PEM, or DER, or the base64 of either, as Graph's `key` carries it
 * @throws Fault Request_BadRequest when it is none, or holds no RSA key of 2048 bits
 */
export async function certificateAdd(
  directory: Directory,
  appId: string,
  certificate: string | Buffer,
  displayName: string | null = null,
): Promise<CertificateRecord> {
  const record = certificateRecord(certificate, displayName);
  await directory.grow((c) => insert(c, appId, record));
  return record;
}

/** What a list of certificates says of one: a new one whole, or the id of one to keep. */
export type CertificateChange = CertificateRecord | { readonly keptKeyId: string };

/** @throws Fault Request_BadRequest for an id to keep that is none of the application's */
export async function checkCertificateChange(
  directory: Directory,
  appId: string,
  next: readonly CertificateChange[],
): Promise<void> {
  const existing = await certificateList(directory, appId);
  for (const each of next)
    if ("keptKeyId" in each && !existing.some(({ keyId }) => keyId === each.keptKeyId))
      throw badDirectoryRequest(`There is no certificate '${each.keptKeyId}'.`, "keyCredentials");
}

/**
 * Makes the application's certificates these: the ones named by id stay as they are, the new ones come, the others go.
 * @param next new ones are made by `certificateRecord` @throws Fault as `checkCertificateChange`
 */
export async function certificatesReplace(
  directory: Directory,
  appId: string,
  next: readonly CertificateChange[],
): Promise<void> {
  await checkCertificateChange(directory, appId, next);
  await directory.change(async (c) => {
    const existing = new Set(
      (await applicationCertificates.all(c, { app_id: appId })).map(({ key_id }) => key_id),
    );
    for (const each of next) {
      if ("certificate" in each) await insert(c, appId, each);
      else existing.delete(each.keptKeyId);
    }
    for (const key_id of existing) await applicationCertificateDelete.run(c, { app_id: appId, key_id });
  });
}

/** @throws Fault Request_BadRequest when it is none, or holds no RSA key of 2048 bits */
export function certificateRecord(
  certificate: string | Buffer,
  displayName: string | null,
): CertificateRecord {
  const parsed = parse(certificate);
  const { asymmetricKeyType, asymmetricKeyDetails } = parsed.publicKey;
  if (asymmetricKeyType !== "rsa" || (asymmetricKeyDetails?.modulusLength ?? 0) < MIN_RSA_BITS)
    throw badDirectoryRequest(`The certificate needs an RSA key of at least ${MIN_RSA_BITS} bits.`, "key");
  return {
    keyId: randomUUID(),
    displayName: displayName ?? parsed.subject.replaceAll("\n", ", "),
    certificate: parsed.raw.toString("base64"),
    thumbprintSha1: hash("sha1", parsed.raw, "base64url"),
    thumbprintSha256: hash("sha256", parsed.raw, "base64url"),
    startAt: Date.parse(parsed.validFrom),
    endAt: Date.parse(parsed.validTo),
  };
}

/** Inside a write. */
async function insert(c: Connection, appId: string, record: CertificateRecord): Promise<void> {
  await applicationCertificateInsert.run(c, {
    key_id: record.keyId,
    app_id: appId,
    display_name: record.displayName,
    certificate: record.certificate,
    thumbprint_sha1: record.thumbprintSha1,
    thumbprint_sha256: record.thumbprintSha256,
    start_at: record.startAt,
    end_at: record.endAt,
  });
}

export async function certificateList(directory: Directory, appId: string): Promise<CertificateRecord[]> {
  const rows = await applicationCertificates.all(directory.read, { app_id: appId });
  return rows.map((row) => ({
    keyId: row.key_id,
    displayName: row.display_name,
    certificate: row.certificate,
    thumbprintSha1: row.thumbprint_sha1,
    thumbprintSha256: row.thumbprint_sha256,
    startAt: row.start_at,
    endAt: row.end_at,
  }));
}

function parse(certificate: string | Buffer): X509Certificate {
  const bytes = Buffer.from(certificate);
  const candidates = [bytes, Buffer.from(bytes.toString("latin1"), "base64")];
  for (const candidate of candidates) {
    try {
      return new X509Certificate(candidate);
    } catch {
      // The next form, or the refusal below.
    }
  }
  throw badDirectoryRequest("The key is no X.509 certificate.", "key");
}
