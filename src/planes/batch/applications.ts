/** Applications as jobs see them: only those, and only their versions, that nodes can have. Source: "Application - List". */
import {
  activeVersions,
  type BatchApplicationRow,
  batchApplicationGet,
  batchApplicationList,
} from "../../app/applications/batch-application.ts";
import { Fault } from "../../core/fault.ts";
import { listReply } from "./request/list.ts";
import { operation } from "./request/operation.ts";
import { taggedReply } from "./request/reply.ts";

export const listApplications = operation("Application_List", async (context) => {
  const { app, account } = context;
  const versions = await activeVersions(app, account);
  return listReply<BatchApplicationRow>(context, {
    collection: "listapplicationsummariesresponses",
    keyOf: ({ key }) => key,
    fetch: (after, limit) => batchApplicationList(app, account, { after, limit }),
    isHidden: ({ key }) => !versions.has(key),
    view: (row) => summary(row, versions.get(row.key) ?? []),
  });
});

export const getApplication = operation("Application_Get", async (context) => {
  const { app, account, path } = context;
  const row = await batchApplicationGet(app, account, path.applicationId ?? "");
  const versions = (await activeVersions(app, account)).get(row.key);
  if (!versions) throw new Fault("ApplicationNotFound");
  return taggedReply(context, "applications/@Element", row, summary(row, versions));
});

/** Source: API description, "ApplicationSummary", whose display name is required. */
const summary = (row: BatchApplicationRow, versions: readonly string[]) => ({
  id: row.name,
  displayName: row.display_name ?? row.name,
  versions,
});
