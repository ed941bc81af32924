/** Packages of an application of a Batch account: its versions. */
import type { AccountHandle } from "../../../app/accounts/account-handle.ts";
import {
  type ApplicationPackage,
  type PackageName,
  packageActivate,
  packageCreate,
  packageGet,
  packageList,
  packageRemove,
  packageUrl,
} from "../../../app/applications/application-package.ts";
import { etagOf } from "../../../core/lifecycle/resource-version.ts";
import { invalidContent, requiredText, wordOf } from "../../../core/management/json-body.ts";
import { APPLICATION_VERSION_PATTERN } from "../../../wire/arm/limits.ts";
import type { ArmContext, ArmReply } from "../request/context.ts";
import { readJsonBody, readOptionalJsonBody } from "../request/json-body.ts";
import { filteredList, operation } from "../request/operation.ts";
import { changingAccount, namedAccount } from "./named-account.ts";
import { applicationId, applicationName, goneOr204 } from "./named-application.ts";

interface Listed extends ApplicationPackage {
  readonly account: AccountHandle;
}

export const listPackages = filteredList<Listed>("Microsoft.Batch/ApplicationPackage_List", {
  fetch: async (context) => {
    const { handle: account } = await namedAccount(context);
    const packages = await packageList(context.plane, account, applicationName(context));
    return packages.map((found) => ({ account, ...found }));
  },
  scopeOf: (listed) => packageId(listed.account, listed),
  // A URL for each is work that nobody asked for.
  view: (listed) => packageView(listed.account, listed),
});

export const getPackage = operation("Microsoft.Batch/ApplicationPackage_Get", async (context) => {
  const { handle } = await namedAccount(context);
  return reply(context, handle, await packageGet(context.plane, handle, nameOf(context)));
});

export const createPackage = operation("Microsoft.Batch/ApplicationPackage_Create", async (context) => {
  const { handle, spec } = await changingAccount(context);
  const name = nameOf(context);
  // It has no property that a caller may set.
  await readOptionalJsonBody(context.exchange);
  const { storageAccountId } = spec.autoStorage ?? {};
  return reply(context, handle, await packageCreate(context.plane, handle, name, storageAccountId), "rcw");
});

export const activatePackage = operation("Microsoft.Batch/ApplicationPackage_Activate", async (context) => {
  const { handle } = await changingAccount(context);
  const name = nameOf(context);
  const format = wordOf(requiredText(await readJsonBody(context.exchange), "format"), ["zip"], "format");
  return reply(context, handle, await packageActivate(context.plane, handle, name, format));
});

export const deletePackage = operation("Microsoft.Batch/ApplicationPackage_Delete", async (context) => {
  const { handle } = await changingAccount(context);
  return goneOr204("ApplicationPackageNotFound", () => packageRemove(context.plane, handle, nameOf(context)));
});

/** @throws Fault InvalidRequestContent for names that no package can have */
function nameOf(context: ArmContext): PackageName {
  const version = context.path.versionName ?? "";
  if (APPLICATION_VERSION_PATTERN.test(version)) return { application: applicationName(context), version };
  throw invalidContent(
    "versionName",
    "must be 1 to 64 letters, digits, hyphens, underscores and full stops, the first of them no full stop",
  );
}

function packageId(account: AccountHandle, { application, row }: ApplicationPackage): string {
  return `${applicationId(account, application.name)}/versions/${row.name}`;
}

/** @param permissions of the URL: who may only read gets one that only reads */
function reply(
  { plane, exchange }: ArmContext,
  account: AccountHandle,
  found: ApplicationPackage,
  permissions = "r",
): ArmReply {
  const address = exchange.authority.answeredAs === "local" ? "local" : "azure";
  const storage = packageUrl(plane, found.row, permissions, address);
  return {
    json: packageView(account, found, storage),
    headers: ["ETag", `W/"${etagOf(found.row)}"`],
  };
}

/** Source: "Application Package - Get" of management. */
function packageView(
  account: AccountHandle,
  found: ApplicationPackage,
  storage?: ReturnType<typeof packageUrl>,
): object {
  const { row } = found;
  return {
    id: packageId(account, found),
    name: row.name,
    type: "Microsoft.Batch/batchAccounts/applications/versions",
    etag: `W/"${etagOf(row)}"`,
    properties: {
      state: row.state === "active" ? "Active" : "Pending",
      ...(row.format !== null && { format: row.format }),
      ...(storage && {
        storageUrl: storage.url,
        storageUrlExpiry: new Date(storage.expiresAt).toISOString(),
      }),
      ...(row.activated_at !== null && { lastActivationTime: new Date(row.activated_at).toISOString() }),
    },
  };
}
