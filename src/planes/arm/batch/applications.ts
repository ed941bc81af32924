/** Applications of a Batch account. */
import type { AccountHandle } from "../../../app/accounts/account-handle.ts";
import {
  type ApplicationChange,
  type BatchApplicationRow,
  batchApplicationChange,
  batchApplicationGet,
  batchApplicationList,
  batchApplicationPut,
  batchApplicationRemove,
} from "../../../app/applications/batch-application.ts";
import { etagOf } from "../../../core/lifecycle/resource-version.ts";
import {
  invalidContent,
  type JsonObject,
  optionalObject,
  optionalText,
} from "../../../core/management/json-body.ts";
import { APPLICATION_DISPLAY_NAME_MAX_CHARACTERS } from "../../../wire/arm/limits.ts";
import type { ArmReply } from "../request/context.ts";
import { readJsonBody, readOptionalJsonBody } from "../request/json-body.ts";
import { filteredList, operation } from "../request/operation.ts";
import { changingAccount, namedAccount } from "./named-account.ts";
import { applicationId, applicationName, goneOr204 } from "./named-application.ts";

interface Listed {
  readonly account: AccountHandle;
  readonly row: BatchApplicationRow;
}

export const listApplications = filteredList<Listed>("Microsoft.Batch/Application_List", {
  fetch: async (context) => {
    const { handle: account } = await namedAccount(context);
    return (await batchApplicationList(context.plane, account)).map((row) => ({ account, row }));
  },
  scopeOf: ({ account, row }) => applicationId(account, row.name),
  view: ({ account, row }) => applicationView(account, row),
});

export const getApplication = operation("Microsoft.Batch/Application_Get", async (context) => {
  const { handle } = await namedAccount(context);
  return reply(handle, await batchApplicationGet(context.plane, handle, applicationName(context)));
});

export const createApplication = operation("Microsoft.Batch/Application_Create", async (context) => {
  const { handle } = await changingAccount(context);
  const name = applicationName(context);
  const change = changeOf(await readOptionalJsonBody(context.exchange));
  return reply(handle, await batchApplicationPut(context.plane, handle, name, change));
});

export const updateApplication = operation("Microsoft.Batch/Application_Update", async (context) => {
  const { handle } = await changingAccount(context);
  const name = applicationName(context);
  const change = changeOf(await readJsonBody(context.exchange));
  return reply(handle, await batchApplicationChange(context.plane, handle, name, change));
});

export const deleteApplication = operation("Microsoft.Batch/Application_Delete", async (context) => {
  const { handle } = await changingAccount(context);
  return goneOr204("ApplicationNotFound", () =>
    batchApplicationRemove(context.plane, handle, applicationName(context)),
  );
});

function changeOf(body: JsonObject): ApplicationChange {
  const properties = optionalObject(body, "properties") ?? {};
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

function reply(account: AccountHandle, row: BatchApplicationRow): ArmReply {
  return { json: applicationView(account, row), headers: ["ETag", `W/"${etagOf(row)}"`] };
}

/** Source: "Application - Get" of management. */
function applicationView(account: AccountHandle, row: BatchApplicationRow): object {
  return {
    id: applicationId(account, row.name),
    name: row.name,
    type: "Microsoft.Batch/batchAccounts/applications",
    etag: `W/"${etagOf(row)}"`,
    properties: {
      ...(row.display_name !== null && { displayName: row.display_name }),
      allowUpdates: row.allow_updates === 1,
      ...(row.default_version !== null && { defaultVersion: row.default_version }),
    },
  };
}
