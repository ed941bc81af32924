/** An account's certificates. Source: Azure Batch REST, "Certificate". */
import { Fault } from "../../core/fault.ts";
import {
  type CertificateRow,
  certificateByThumbprint,
  certificateDataSet,
  certificateDelete,
  certificateInsert,
  certificateStateSet,
  certificatesDeleting,
  certificatesPage,
  poolsWithCertificates,
} from "../../store/certificates.ts";
import type { Connection } from "../../store/engine/connection.ts";
import type { CertificateAddParameter, CertificateReference } from "../../wire/batch/models-types.gen.ts";
import type { AccountHandle } from "../accounts/account-handle.ts";
import type { Records } from "../records.ts";
import { certificateRead } from "./certificate-data.ts";
import { certificateReferencesOf } from "./certificate-references.ts";

export type { CertificateRow };

export interface CertificateName {
  readonly algorithm: string;
  readonly thumbprint: string;
}

/** What only nodes are given. */
export interface CertificateSecret {
  /** Base64, as it was uploaded. */
  readonly data: string;
  readonly password?: string;
}

/** @throws Fault CertificateExists, CertificateBeingDeleted, InvalidPropertyValue */
export function certificateAdd(
  app: Records,
  account: AccountHandle,
  body: CertificateAddParameter,
): Promise<CertificateRow> {
  const certificate = sealedCertificate(app, account, body);
  return app.store.write(async (c) => {
    const row = await certificateInsert.first(c, { ...certificate, state_at: app.clock() });
    if (row) return row;
    const known = await certificateByThumbprint.first(c, certificate);
    throw new Fault(known?.state === "deleting" ? "CertificateBeingDeleted" : "CertificateExists");
  });
}

/**
 * Adds it, or takes the new data of the one that is there.
 * @param precondition throws when what is there, or that nothing is, is not what the caller expects
 * @throws Fault InvalidPropertyValue
 */
export function certificatePut(
  app: Records,
  account: AccountHandle,
  body: CertificateAddParameter,
  precondition: (known: CertificateRow | undefined) => void,
): Promise<CertificateRow> {
  const certificate = sealedCertificate(app, account, body);
  return app.store.write(async (c) => {
    const known = await certificateByThumbprint.first(c, certificate);
    precondition(known);
    if (known) await certificateDataSet.run(c, { key: known.key, ...certificate });
    else await certificateInsert.run(c, { ...certificate, state_at: app.clock() });
    return find(c, account, { algorithm: "sha1", thumbprint: certificate.thumbprint });
  });
}

function sealedCertificate(app: Records, { key }: AccountHandle, body: CertificateAddParameter) {
  const { format, thumbprint, publicData } = certificateRead(body);
  const { data, password } = body;
  const secret: CertificateSecret = { data, ...(password !== undefined && { password }) };
  const sealed = app.sealing.seal(Buffer.from(JSON.stringify(secret)), sealPurpose(key, thumbprint));
  return { account_key: key, thumbprint, format, public_data: publicData, sealed_data: sealed };
}

/** @throws Fault CertificateNotFound */
export function certificateGet(
  app: Records,
  account: AccountHandle,
  name: CertificateName,
): Promise<CertificateRow> {
  return find(app.store.read, account, name);
}

/** In the order in which they were added, strictly after the key `after`. */
export function certificateListPage(
  app: Records,
  account: AccountHandle,
  page: { readonly after: number; readonly limit: number },
): Promise<readonly CertificateRow[]> {
  return certificatesPage.all(app.store.read, { account_key: account.key, ...page });
}

/**
 * So long a certificate is seen to be `deleting`, that a client which looks right after its request, or takes it back, finds it so.
 * Milliseconds; ours.
 */
const DELETION_SEEN_MS = 1_000;

/** It is `deleting` for a while, then gone; or `deletefailed`. @throws Fault CertificateNotFound, CertificateBeingDeleted */
export function certificateStartDelete(
  app: Records,
  account: AccountHandle,
  name: CertificateName,
): Promise<CertificateRow> {
  return app.store.write(async (c) => {
    const row = await find(c, account, name);
    if (row.state === "deleting") throw new Fault("CertificateBeingDeleted");
    const now = app.clock();
    await certificateStateSet.run(c, { key: row.key, state: "deleting", delete_error: null, now });
    return find(c, account, name);
  });
}

const CERTIFICATES_PER_STEP = 100;

/** Ends the deletions that have been seen for long enough. Idempotent; called by a reconciler. */
export async function certificatesAdvance(app: Records): Promise<void> {
  const due = { until: app.clock() - DELETION_SEEN_MS, limit: CERTIFICATES_PER_STEP };
  if ((await certificatesDeleting.first(app.store.read, due)) === undefined) return;
  await app.store.write(async (c) => {
    for (const row of await certificatesDeleting.all(c, due)) await deleteOrKeep(app, c, row);
  });
}

async function deleteOrKeep(app: Records, c: Connection, row: CertificateRow): Promise<void> {
  const pools = (await poolsWithCertificates.all(c, { account_key: row.account_key })).filter((pool) =>
    certificateReferencesOf(pool).some((reference) => isSame(reference, row)),
  );
  if (pools.length === 0) {
    await certificateDelete.run(c, { key: row.key });
    return;
  }
  const error = {
    code: "PoolsReferenceCertificate",
    message: "Pools refer to the certificate",
    values: pools.map(({ id }) => ({ name: "Pool", value: id })),
  };
  await certificateStateSet.run(c, {
    key: row.key,
    state: "deletefailed",
    delete_error: JSON.stringify(error),
    now: app.clock(),
  });
}

/** After a deletion that failed. @throws Fault CertificateNotFound, CertificateStateActive, CertificateBeingDeleted */
export function certificateKeep(
  app: Records,
  account: AccountHandle,
  name: CertificateName,
): Promise<CertificateRow> {
  return app.store.write(async (c) => {
    const row = await find(c, account, name);
    if (row.state === "active") throw new Fault("CertificateStateActive");
    if (row.state === "deleting") throw new Fault("CertificateBeingDeleted");
    await certificateStateSet.run(c, {
      key: row.key,
      state: "active",
      delete_error: null,
      now: app.clock(),
    });
    return find(c, account, name);
  });
}

export function certificateSecret(app: Records, row: CertificateRow): CertificateSecret {
  const purpose = sealPurpose(row.account_key, row.thumbprint);
  return JSON.parse(app.sealing.unseal(row.sealed_data, purpose).toString()) as CertificateSecret;
}

function isSame(reference: CertificateReference, row: CertificateRow): boolean {
  return reference.thumbprint.toLowerCase() === row.thumbprint;
}

function sealPurpose(accountKey: number, thumbprint: string): string {
  return `certificate/${accountKey}/${thumbprint}`;
}

async function find(
  c: Connection,
  account: AccountHandle,
  { algorithm, thumbprint }: CertificateName,
): Promise<CertificateRow> {
  const row = await certificateByThumbprint.first(c, {
    account_key: account.key,
    thumbprint: thumbprint.toLowerCase(),
  });
  if (!row || algorithm.toLowerCase() !== "sha1") throw new Fault("CertificateNotFound");
  return row;
}
