/** Applications of a Batch account. Their names are compared without case. Source: Azure Batch Management REST, "Application". */
import { asciiLowerCase } from "../../core/access/ascii-lower-case.ts";
import { Fault } from "../../core/fault.ts";
import { invalidContent } from "../../core/management/json-body.ts";
import {
  activeVersionsOfAccount,
  type BatchApplicationRow,
  batchApplicationByName,
  batchApplicationDelete,
  batchApplicationInsert,
  batchApplicationsPage,
  batchApplicationUpdate,
  batchPackageByName,
  batchPackagesOfApplication,
} from "../../store/batch-applications.ts";
import type { Connection } from "../../store/engine/connection.ts";
import { armErrorCodes } from "../../wire/arm/error-codes.ts";
import { APPLICATIONS_PER_ACCOUNT_MAX } from "../../wire/arm/limits.ts";
import type { AccountHandle } from "../accounts/account-handle.ts";
import type { Records } from "../records.ts";

export type { BatchApplicationRow };

export interface ApplicationChange {
  readonly displayName?: string | undefined;
  readonly allowUpdates?: boolean | undefined;
  /** The version of an active package; null for none. */
  readonly defaultVersion?: string | null | undefined;
}

/** @throws Fault ApplicationNotFound */
export function batchApplicationGet(app: Records, account: AccountHandle, name: string) {
  return findApplication(app.store.read, account, name);
}

/** In the order in which they were added, strictly after the key `after`. */
export function batchApplicationList(
  app: Records,
  account: AccountHandle,
  page: { readonly after: number; readonly limit: number } = { after: 0, limit: Number.MAX_SAFE_INTEGER },
): Promise<readonly BatchApplicationRow[]> {
  return batchApplicationsPage.all(app.store.read, { account_key: account.key, ...page });
}

/** Adds it, or changes the one that is there. @throws Fault ApplicationQuotaExceeded; InvalidRequestContent for the default version */
export function batchApplicationPut(
  app: Records,
  account: AccountHandle,
  name: string,
  change: ApplicationChange,
): Promise<BatchApplicationRow> {
  const id = { account_key: account.key, lower_name: asciiLowerCase(name) };
  return app.store.grow(async (c) => {
    const known = await batchApplicationByName.first(c, id);
    if (known) return changed(c, account, known, change, app.clock());
    if ((change.defaultVersion ?? null) !== null) throw noSuchVersion();
    const page = { account_key: account.key, after: 0, limit: APPLICATIONS_PER_ACCOUNT_MAX };
    if ((await batchApplicationsPage.all(c, page)).length === APPLICATIONS_PER_ACCOUNT_MAX) {
      throw applicationFault(
        "ApplicationQuotaExceeded",
        `An account has no more than ${APPLICATIONS_PER_ACCOUNT_MAX} applications.`,
      );
    }
    await batchApplicationInsert.run(c, {
      ...id,
      name,
      display_name: change.displayName ?? null,
      allow_updates: (change.allowUpdates ?? true) ? 1 : 0,
      default_version: null,
      created_at: app.clock(),
      modified_at: app.clock(),
    });
    return findApplication(c, account, name);
  });
}

/** What the change does not mention stays. @throws Fault ApplicationNotFound; InvalidRequestContent for the default version */
export function batchApplicationChange(
  app: Records,
  account: AccountHandle,
  name: string,
  change: ApplicationChange,
): Promise<BatchApplicationRow> {
  return app.store.write(async (c) =>
    changed(c, account, await findApplication(c, account, name), change, app.clock()),
  );
}

/** One that has packages stays. @throws Fault ApplicationNotFound, ApplicationPackagesNotEmpty */
export function batchApplicationRemove(app: Records, account: AccountHandle, name: string): Promise<void> {
  return app.store.write(async (c) => {
    const { key } = await findApplication(c, account, name);
    if ((await batchPackagesOfApplication.all(c, { application_key: key })).length > 0) {
      throw applicationFault(
        "ApplicationPackagesNotEmpty",
        "The application's packages must be deleted first.",
      );
    }
    await batchApplicationDelete.run(c, { key });
  });
}

/** What nodes can have: the versions of active packages, by the application's key. */
export async function activeVersions(
  app: Records,
  account: AccountHandle,
): Promise<ReadonlyMap<number, readonly string[]>> {
  const rows = await activeVersionsOfAccount.all(app.store.read, { account_key: account.key });
  const byApplication = Map.groupBy(rows, (row) => row.application_key);
  return new Map([...byApplication].map(([key, versions]) => [key, versions.map(({ name }) => name)]));
}

async function changed(
  c: Connection,
  account: AccountHandle,
  row: BatchApplicationRow,
  { displayName, allowUpdates, defaultVersion }: ApplicationChange,
  now: number,
): Promise<BatchApplicationRow> {
  const version = defaultVersion && {
    application_key: row.key,
    lower_name: asciiLowerCase(defaultVersion),
  };
  const known = version ? await batchPackageByName.first(c, version) : undefined;
  if (version && !known) throw noSuchVersion();
  if (known && known.state !== "active") {
    throw applicationFault(
      "RequestedDefaultVersionNotActive",
      "The requested default version has not been activated.",
    );
  }
  await batchApplicationUpdate.run(c, {
    key: row.key,
    display_name: displayName ?? row.display_name,
    allow_updates: allowUpdates === undefined ? row.allow_updates : Number(allowUpdates),
    default_version: defaultVersion === null ? null : (known?.name ?? row.default_version),
    modified_at: now,
  });
  return findApplication(c, account, row.name);
}

/** @throws Fault ApplicationNotFound */
export async function findApplication(
  c: Connection,
  account: AccountHandle,
  name: string,
): Promise<BatchApplicationRow> {
  const id = { account_key: account.key, lower_name: asciiLowerCase(name) };
  const row = await batchApplicationByName.first(c, id);
  if (row) return row;
  throw new Fault("ApplicationNotFound");
}

export function applicationFault(code: keyof typeof armErrorCodes, message: string): Fault {
  return new Fault(code, message, { status: armErrorCodes[code] });
}

function noSuchVersion(): Fault {
  return invalidContent(
    "properties.defaultVersion",
    "must be the version of one of the application's packages",
  );
}
