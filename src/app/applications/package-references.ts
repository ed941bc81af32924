/**
 * The application packages that pools and tasks refer to. A pool's must be there when it is described; a task's are looked for when it
 * runs, and fail it then. Source: Azure Batch REST, "ApplicationPackageReference".
 */
import { asciiLowerCase } from "../../core/access/ascii-lower-case.ts";
import { packageVariables } from "../../core/applications/package-variables.ts";
import { Fault } from "../../core/fault.ts";
import { accountByKey } from "../../store/accounts.ts";
import {
  type BatchApplicationRow,
  type BatchPackageRow,
  batchApplicationByName,
  batchPackageByName,
} from "../../store/batch-applications.ts";
import type { Connection } from "../../store/engine/connection.ts";
import type { PackageSpec } from "../../wire/agent/messages.ts";
import type { ApplicationPackageReference } from "../../wire/batch/models-types.gen.ts";
import type { TaskAccount } from "../accounts/task-account.ts";
import type { App } from "../app.ts";

/** As long as that of other files from auto-storage. Milliseconds. */
const URL_LIFE = 7 * 24 * 3_600_000;

/** @throws Fault InvalidApplicationPackageReferences for one that nodes could not have */
export async function checkPackageReferences(
  c: Connection,
  accountKey: number,
  references: readonly ApplicationPackageReference[] = [],
): Promise<void> {
  for (const reference of references) {
    const found = await find(c, accountKey, reference);
    if (typeof found !== "string") continue;
    throw new Fault("InvalidApplicationPackageReferences", "", {
      values: [
        { key: "PropertyName", value: "applicationPackageReferences" },
        { key: "ApplicationPackageReference", value: shown(reference).slice(0, 256) },
        { key: "Reason", value: found },
      ],
    });
  }
}

/** What an agent is told of them, those that cannot be had included. Inside the caller's transaction. */
export async function packageSpecs(
  app: Pick<App, "account" | "clock" | "storage">,
  c: Connection,
  accountKey: number,
  references: readonly ApplicationPackageReference[] = [],
): Promise<PackageSpec[]> {
  const account = app.account(accountKey);
  const specs: PackageSpec[] = [];
  for (const reference of references) {
    const found = await find(c, accountKey, reference);
    const told = shown(reference);
    specs.push(
      typeof found === "string"
        ? { reference: told, folder: "", url: "", variables: [], problem: found }
        : packageSpec(app, account, told, found),
    );
  }
  return specs;
}

interface Found {
  readonly application: BatchApplicationRow;
  readonly row: BatchPackageRow;
}

function packageSpec(
  { clock, storage }: Pick<App, "clock" | "storage">,
  { autoStorage, autoStorageIdentity }: TaskAccount,
  reference: string,
  { application, row }: Found,
): PackageSpec {
  const { storage_account: account, container, blob, activated_at } = row;
  if (!storage.byName(account)) {
    const problem = "The storage account that held the package has gone.";
    return { reference, folder: "", url: "", variables: [], problem };
  }
  const { resourceId } = autoStorageIdentity ?? {};
  const asIdentity = resourceId === undefined ? {} : { identity: resourceId };
  const expiresAt = clock() + URL_LIFE;
  const isDefault = application.default_version === row.name;
  // Azure's names end with the minute of the activation; two within a minute must differ as well.
  const minute = new Date(activated_at ?? 0).toISOString().slice(0, 16).replace(/[T:]/g, "-");
  return {
    reference,
    folder: `${application.name}${row.name}${minute}-${row.key}.${row.version}`,
    ...(autoStorageIdentity && account === autoStorage
      ? { url: `${storage.url(account, "azure")}/${container}/${encodeURIComponent(blob)}`, ...asIdentity }
      : { url: storage.sasUrl({ account, container, blob, permissions: "r", expiresAt }) }),
    variables: packageVariables(application.name, row.name, isDefault),
  };
}

/** @returns why there is none, otherwise */
async function find(
  c: Connection,
  accountKey: number,
  { applicationId, version }: ApplicationPackageReference,
): Promise<Found | string> {
  const name = await applicationName(c, accountKey, applicationId);
  const application =
    name === undefined
      ? undefined
      : await batchApplicationByName.first(c, {
          account_key: accountKey,
          lower_name: asciiLowerCase(name),
        });
  if (!application) return "The account has no such application.";
  const wanted = version || application.default_version;
  if (wanted === null) return "The application has no default version, and the reference names none.";
  const row = await batchPackageByName.first(c, {
    application_key: application.key,
    lower_name: asciiLowerCase(wanted),
  });
  if (!row) return "The application has no package of this version.";
  return row.state === "active" ? { application, row } : "The package has not been activated.";
}

/** Clients name an application by its resource id, too: undefined for another account's. */
async function applicationName(
  c: Connection,
  accountKey: number,
  applicationId: string,
): Promise<string | undefined> {
  if (!applicationId.includes("/")) return applicationId;
  const account = await accountByKey.first(c, { key: accountKey });
  if (!account) return undefined;
  const { subscription_id, resource_group, name } = account;
  const prefix = `/subscriptions/${subscription_id}/resourceGroups/${resource_group}/providers/Microsoft.Batch/batchAccounts/${name}/applications/`;
  return applicationId.toLowerCase().startsWith(prefix.toLowerCase())
    ? applicationId.slice(prefix.length)
    : undefined;
}

function shown({ applicationId, version }: ApplicationPackageReference): string {
  const name = applicationId.slice(applicationId.lastIndexOf("/") + 1);
  return version === undefined ? name : `${name}:${version}`;
}
