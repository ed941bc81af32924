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
import { resourceTags, resourceTagsSet } from "../../../app/management/resource-tags.ts";
import { etagOf } from "../../../core/lifecycle/resource-version.ts";
import { invalidContent, requiredText, wordOf } from "../../../core/management/json-body.ts";
import { tagsOf } from "../../../core/management/tags.ts";
import { APPLICATION_VERSION_PATTERN } from "../../../wire/arm/limits.ts";
import type { ArmContext, ArmReply } from "../request/context.ts";
import { readJsonBody, readOptionalJsonBody } from "../request/json-body.ts";
import { filteredList, operation } from "../request/operation.ts";
import { changingAccount, namedAccount } from "./named-account.ts";
import { applicationId, applicationName, goneOr204, isFlat, TAGS_SINCE } from "./named-application.ts";
import { packageDescription } from "./package-description.ts";

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
  view: (listed, { apiVersion }) => packageView(listed.account, listed, apiVersion),
});

export const getPackage = operation("Microsoft.Batch/ApplicationPackage_Get", async (context) => {
  const { handle } = await namedAccount(context);
  return reply(context, handle, await packageGet(context.plane, handle, nameOf(context)));
});

export const createPackage = operation("Microsoft.Batch/ApplicationPackage_Create", async (context) => {
  const { handle, spec } = await changingAccount(context);
  const name = nameOf(context);
  // It has no property but its tags that a caller may set.
  const tags = tagsOf(await readOptionalJsonBody(context.exchange)) ?? {};
  const { storageAccountId } = spec.autoStorage ?? {};
  const made = await packageCreate(context.plane, handle, name, storageAccountId);
  if (context.apiVersion >= TAGS_SINCE) await resourceTagsSet(context.plane, "package", made.row, tags);
  const answer = await reply(context, handle, made, "rcw");
  return isFlat(context.apiVersion) ? { ...answer, status: 201 } : answer;
});

export const activatePackage = operation("Microsoft.Batch/ApplicationPackage_Activate", async (context) => {
  const { handle } = await changingAccount(context);
  const name = nameOf(context);
  const format = wordOf(requiredText(await readJsonBody(context.exchange), "format"), ["zip"], "format");
  const activated = await packageActivate(context.plane, handle, name, format);
  return isFlat(context.apiVersion) ? { status: 204 } : reply(context, handle, activated);
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
async function reply(
  { plane, exchange, apiVersion }: ArmContext,
  account: AccountHandle,
  found: ApplicationPackage,
  permissions = "r",
): Promise<ArmReply> {
  const address = exchange.authority.answeredAs === "local" ? "local" : "azure";
  const storage = packageUrl(plane, found.row, permissions, address);
  const tags = apiVersion < TAGS_SINCE ? {} : await resourceTags(plane, "package", found.row);
  return {
    json: {
      ...packageView(account, found, apiVersion, storage),
      ...(Object.keys(tags).length > 0 && { tags }),
    },
    headers: ["ETag", `W/"${etagOf(found.row)}"`],
  };
}

/** Source: "Application Package - Get" of management. */
function packageView(
  account: AccountHandle,
  found: ApplicationPackage,
  apiVersion: string,
  storage?: ReturnType<typeof packageUrl>,
): object {
  const { row } = found;
  if (isFlat(apiVersion)) return { id: found.application.name, ...packageDescription(found, storage) };
  const { version: _version, ...properties } = packageDescription(found, storage);
  return {
    id: packageId(account, found),
    name: row.name,
    type: "Microsoft.Batch/batchAccounts/applications/versions",
    etag: `W/"${etagOf(row)}"`,
    properties,
  };
}
