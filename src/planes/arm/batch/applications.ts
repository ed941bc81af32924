/** Applications of a Batch account. */
import type { AccountHandle } from "../../../app/accounts/account-handle.ts";
import { packageList } from "../../../app/applications/application-package.ts";
import {
  type ApplicationChange,
  type BatchApplicationRow,
  batchApplicationChange,
  batchApplicationGet,
  batchApplicationList,
  batchApplicationPut,
  batchApplicationRemove,
} from "../../../app/applications/batch-application.ts";
import { resourceTags, resourceTagsSet } from "../../../app/management/resource-tags.ts";
import { etagOf } from "../../../core/lifecycle/resource-version.ts";
import {
  invalidContent,
  type JsonObject,
  optionalObject,
  optionalText,
} from "../../../core/management/json-body.ts";
import { tagsOf } from "../../../core/management/tags.ts";
import { APPLICATION_DISPLAY_NAME_MAX_CHARACTERS } from "../../../wire/arm/limits.ts";
import type { ArmContext, ArmReply } from "../request/context.ts";
import { readJsonBody, readOptionalJsonBody } from "../request/json-body.ts";
import { filteredList, operation } from "../request/operation.ts";
import { changingAccount, namedAccount } from "./named-account.ts";
import { applicationId, applicationName, goneOr204, isFlat, TAGS_SINCE } from "./named-application.ts";
import { packageDescription } from "./package-description.ts";

interface Listed {
  readonly account: AccountHandle;
  readonly row: BatchApplicationRow;
  /** In the api-versions that show them with it. */
  readonly packages: readonly object[];
}

export const listApplications = filteredList<Listed>("Microsoft.Batch/Application_List", {
  fetch: async (context) => {
    const { handle: account } = await namedAccount(context);
    const rows = await batchApplicationList(context.plane, account);
    return Promise.all(
      rows.map(async (row) => ({ account, row, packages: await packagesOf(context, account, row) })),
    );
  },
  scopeOf: ({ account, row }) => applicationId(account, row.name),
  view: ({ account, row, packages }, { apiVersion }) => applicationView(account, row, packages, apiVersion),
});

export const getApplication = operation("Microsoft.Batch/Application_Get", async (context) => {
  const { handle } = await namedAccount(context);
  return reply(context, handle, await batchApplicationGet(context.plane, handle, applicationName(context)));
});

export const createApplication = operation("Microsoft.Batch/Application_Create", async (context) => {
  const { handle } = await changingAccount(context);
  const name = applicationName(context);
  const body = await readOptionalJsonBody(context.exchange);
  context.watch?.body(body);
  const change = changeOf(body, context.apiVersion);
  const tags = tagsOf(body) ?? {};
  const row = await batchApplicationPut(context.plane, handle, name, change);
  if (context.apiVersion >= TAGS_SINCE) await resourceTagsSet(context.plane, "application", row, tags);
  const made = await reply(context, handle, row);
  return isFlat(context.apiVersion) ? { ...made, status: 201 } : made;
});

export const updateApplication = operation("Microsoft.Batch/Application_Update", async (context) => {
  const { handle } = await changingAccount(context);
  const name = applicationName(context);
  const body = await readJsonBody(context.exchange);
  context.watch?.body(body);
  const change = changeOf(body, context.apiVersion);
  const tags = tagsOf(body);
  const changed = await batchApplicationChange(context.plane, handle, name, change);
  if (tags && context.apiVersion >= TAGS_SINCE)
    await resourceTagsSet(context.plane, "application", changed, tags);
  return isFlat(context.apiVersion) ? { status: 204 } : reply(context, handle, changed);
});

export const deleteApplication = operation("Microsoft.Batch/Application_Delete", async (context) => {
  const { handle } = await changingAccount(context);
  return goneOr204("ApplicationNotFound", () =>
    batchApplicationRemove(context.plane, handle, applicationName(context)),
  );
});

function changeOf(body: JsonObject, apiVersion: string): ApplicationChange {
  const properties = (isFlat(apiVersion) ? body : optionalObject(body, "properties")) ?? {};
  const displayName = optionalText(properties, "displayName", "properties.displayName");
  const defaultVersion = optionalText(properties, "defaultVersion", "properties.defaultVersion");
  const allowUpdates = properties.allowUpdates ?? undefined;
  if (displayName !== undefined && displayName.length > APPLICATION_DISPLAY_NAME_MAX_CHARACTERS) {
    throw invalidContent(
      "properties.displayName",
      `must have no more than ${APPLICATION_DISPLAY_NAME_MAX_CHARACTERS} characters`,
    );
  }
  if (allowUpdates !== undefined && typeof allowUpdates !== "boolean") {
    throw invalidContent("properties.allowUpdates", "must be true or false");
  }
  // An empty version is none.
  return { displayName, allowUpdates, defaultVersion: defaultVersion === "" ? null : defaultVersion };
}

async function packagesOf(
  { plane, apiVersion }: ArmContext,
  account: AccountHandle,
  row: BatchApplicationRow,
): Promise<object[]> {
  if (!isFlat(apiVersion)) return [];
  return (await packageList(plane, account, row.name)).map((found) => packageDescription(found));
}

async function reply(
  context: ArmContext,
  account: AccountHandle,
  row: BatchApplicationRow,
): Promise<ArmReply> {
  const { plane, apiVersion } = context;
  const packages = await packagesOf(context, account, row);
  const tags = apiVersion < TAGS_SINCE ? {} : await resourceTags(plane, "application", row);
  return {
    json: {
      ...applicationView(account, row, packages, apiVersion),
      ...(Object.keys(tags).length > 0 && { tags }),
    },
    headers: ["ETag", `W/"${etagOf(row)}"`, "Last-Modified", new Date(row.modified_at).toUTCString()],
  };
}

/** Source: "Application - Get" of management. */
function applicationView(
  account: AccountHandle,
  row: BatchApplicationRow,
  packages: readonly object[],
  apiVersion: string,
): object {
  const properties = {
    ...(row.display_name !== null && { displayName: row.display_name }),
    allowUpdates: row.allow_updates === 1,
    ...(row.default_version !== null && { defaultVersion: row.default_version }),
  };
  const id = applicationId(account, row.name);
  if (isFlat(apiVersion)) return { id: row.name, packages, ...properties };
  return {
    id,
    name: row.name,
    type: "Microsoft.Batch/batchAccounts/applications",
    etag: `W/"${etagOf(row)}"`,
    properties,
  };
}
