/**
 * Packages of an application: a record here, an archive in the account's auto-storage, which the caller uploads by a signed URL and then
 * activates. Sources: Azure Batch Management REST, "Application Package"; "Deploy applications to compute nodes with Batch application packages".
 */
import { createHash, randomUUID } from "node:crypto";
import { asciiLowerCase } from "../../core/access/ascii-lower-case.ts";
import {
  type BatchApplicationRow,
  type BatchPackageRow,
  batchApplicationTouch,
  batchApplicationUpdate,
  batchPackageActivate,
  batchPackageByName,
  batchPackageDelete,
  batchPackageInsert,
  batchPackageRenew,
  batchPackagesOfApplication,
} from "../../store/batch-applications.ts";
import type { Connection } from "../../store/engine/connection.ts";
import { PACKAGES_PER_APPLICATION_MAX } from "../../wire/arm/limits.ts";
import type { AccountHandle } from "../accounts/account-handle.ts";
import type { Records } from "../records.ts";
import type { NamedBlob, Storage } from "../storage/storage.ts";
import { applicationFault, batchApplicationGet, findApplication } from "./batch-application.ts";

/** What packages change: records, and the archives that lie in an account's auto-storage. */
export interface PackageRecords extends Records {
  readonly storage: Storage;
}

export interface ApplicationPackage {
  readonly application: BatchApplicationRow;
  readonly row: BatchPackageRow;
}

export interface PackageName {
  readonly application: string;
  readonly version: string;
}

/** As Azure's. Milliseconds. */
const URL_LIFE = 4 * 3_600_000;

/** @throws Fault ApplicationNotFound, ApplicationPackageNotFound */
export function packageGet(
  records: PackageRecords,
  account: AccountHandle,
  name: PackageName,
): Promise<ApplicationPackage> {
  return find(records.store.read, account, name);
}

/** @throws Fault ApplicationNotFound */
export async function packageList(
  records: PackageRecords,
  account: AccountHandle,
  application: string,
): Promise<readonly ApplicationPackage[]> {
  const owner = await batchApplicationGet(records, account, application);
  const rows = await batchPackagesOfApplication.all(records.store.read, { application_key: owner.key });
  return rows.map((row) => ({ application: owner, row }));
}

/**
 * Adds one that waits for its archive. Of one that is there the archive is to be replaced, where the application allows it.
 * @param storageAccountId of the account's auto-storage; undefined when it has none
 * @throws Fault ApplicationNotFound, AutoStorageAccountNotConfigured, ApplicationPackageExists, ApplicationPackageQuotaExceeded, StorageUnavailable
 */
export async function packageCreate(
  records: PackageRecords,
  account: AccountHandle,
  { application, version }: PackageName,
  storageAccountId: string | undefined,
): Promise<ApplicationPackage> {
  const { storage, store, clock } = records;
  const owner = await batchApplicationGet(records, account, application);
  const name = storage.byId(storageAccountId ?? "")?.name;
  if (name === undefined) {
    throw applicationFault(
      "AutoStorageAccountNotConfigured",
      "The account has no auto-storage account here.",
    );
  }
  const container = containerOf(owner.lower_name);
  const address = { storage_account: name, container, blob: `${owner.name}-${version}-${randomUUID()}` };
  await storage.ensureContainer(name, container);
  const { made, replaced } = await store.grow(async (c) => {
    const { key, allow_updates } = await findApplication(c, account, application);
    const id = { application_key: key, lower_name: asciiLowerCase(version) };
    const known = await batchPackageByName.first(c, id);
    if (known?.state === "active" && allow_updates === 0) {
      throw applicationFault(
        "ApplicationPackageExists",
        "The application does not allow updates of its packages.",
      );
    }
    if (known) {
      await batchPackageRenew.run(c, { key: known.key, ...address });
      await batchApplicationTouch.run(c, { key, modified_at: clock() });
    } else {
      const count = (await batchPackagesOfApplication.all(c, { application_key: key })).length;
      if (count >= PACKAGES_PER_APPLICATION_MAX) {
        throw applicationFault(
          "ApplicationPackageQuotaExceeded",
          `An application has no more than ${PACKAGES_PER_APPLICATION_MAX} packages.`,
        );
      }
      await batchPackageInsert.run(c, { ...id, name: version, ...address, created_at: clock() });
    }
    return { made: await find(c, account, { application, version }), replaced: known };
  });
  if (replaced) await archiveDelete(records, replaced);
  return made;
}

/** The archive is there, and nodes may have it. @throws Fault ApplicationNotFound, ApplicationPackageNotFound, ApplicationPackageBlobNotFound */
export async function packageActivate(
  records: PackageRecords,
  account: AccountHandle,
  name: PackageName,
  format: string,
): Promise<ApplicationPackage> {
  const { storage, store, clock } = records;
  const { row } = await packageGet(records, account, name);
  if (!storage.byName(row.storage_account) || !(await storage.hasBlob(namedBlobOf(row)))) throw notUploaded();
  return store.write(async (c) => {
    const current = await find(c, account, name);
    // It was made anew while its archive was looked for.
    if (current.row.blob !== row.blob) throw notUploaded();
    await batchPackageActivate.run(c, { key: current.row.key, format, now: clock() });
    await batchApplicationTouch.run(c, { key: current.application.key, modified_at: clock() });
    return find(c, account, name);
  });
}

/** With its archive. The application has no default version then, if it was this one. @throws Fault ApplicationNotFound, ApplicationPackageNotFound */
export async function packageRemove(
  records: PackageRecords,
  account: AccountHandle,
  name: PackageName,
): Promise<void> {
  const row = await records.store.write(async (c) => {
    const found = await find(c, account, name);
    await batchPackageDelete.run(c, { key: found.row.key });
    const { key, default_version, display_name, allow_updates } = found.application;
    const left = default_version === found.row.name ? null : default_version;
    const modified_at = records.clock();
    await batchApplicationUpdate.run(c, {
      key,
      display_name,
      allow_updates,
      default_version: left,
      modified_at,
    });
    return found.row;
  });
  await archiveDelete(records, row);
}

/** The URL at which its archive can be reached for a while; undefined when its storage account has gone. */
export function packageUrl(
  { storage, clock }: Pick<PackageRecords, "storage" | "clock">,
  row: BatchPackageRow,
  permissions: string,
  address: "azure" | "local",
): { readonly url: string; readonly expiresAt: number } | undefined {
  const blob = namedBlobOf(row);
  if (!storage.byName(blob.account)) return undefined;
  const expiresAt = clock() + URL_LIFE;
  return { url: storage.sasUrl({ ...blob, permissions, expiresAt, address }), expiresAt };
}

const namedBlobOf = ({ storage_account, container, blob }: BatchPackageRow): NamedBlob => ({
  account: storage_account,
  container,
  blob,
});

/** One per application. A container's name has fewer letters than an application's, so a digest tells apart what looks alike. */
function containerOf(lowerName: string): string {
  const words = lowerName
    .slice(0, 15)
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  const digest = createHash("sha1").update(lowerName).digest("hex");
  return ["app", ...(words === "" ? [] : [words]), digest].join("-");
}

/** The record says what there is; an archive that nobody can name any more is only bytes. */
async function archiveDelete({ storage }: PackageRecords, row: BatchPackageRow): Promise<void> {
  if (!storage.byName(row.storage_account)) return;
  await storage.deleteBlob(namedBlobOf(row)).catch(() => {});
}

const notUploaded = () =>
  applicationFault("ApplicationPackageBlobNotFound", "Nothing was uploaded to the package's storageUrl.");

async function find(
  c: Connection,
  account: AccountHandle,
  { application, version }: PackageName,
): Promise<ApplicationPackage> {
  const owner = await findApplication(c, account, application);
  const id = { application_key: owner.key, lower_name: asciiLowerCase(version) };
  const row = await batchPackageByName.first(c, id);
  if (row) return { application: owner, row };
  throw applicationFault("ApplicationPackageNotFound", "The application has no package of this version.");
}
