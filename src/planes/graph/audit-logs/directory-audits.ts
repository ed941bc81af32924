/** What was changed in the directory, by whom: Graph's own changes, and consent. */

import { directoryObjectMissing } from "../../../app/directory/directory-fault.ts";
import { type DirectoryObject, directoryObjectFind } from "../../../app/directory/directory-object.ts";
import type { AuditEntry } from "../../../wire/access/access-api.ts";
import { DIRECTORY_AUDITS } from "../entity-sets.ts";
import { type GraphContext, operation } from "../request/context.ts";
import { keyOf } from "../request/key.ts";
import { listReply, objectReply } from "../request/list.ts";
import { activityOf } from "./audit-activity.ts";
import { auditId } from "./audit-id.ts";
import { entryViews, entryWith, Remembered } from "./entry-views.ts";
import { AUDIT_READ_MAX } from "./sign-ins.ts";

export const list = operation("AuditLogs_ListDirectoryAudits", async (context) =>
  listReply(context, DIRECTORY_AUDITS, await auditViews(context, await auditEntries(context))),
);

export const get = operation("AuditLogs_GetDirectoryAudit", async (context) => {
  const { value } = keyOf(context.path.id, "id");
  const found = entryWith(await auditEntries(context), value);
  const [view] = found ? await auditViews(context, [found]) : [];
  if (view === undefined) throw directoryObjectMissing("directory audit", value);
  return objectReply(context, DIRECTORY_AUDITS, view);
});

function auditEntries({ plane, tenantId }: GraphContext): Promise<AuditEntry[]> {
  return plane.journal.audit.query({
    accepts: ({ operation: id, caller }) => caller.tenantId === tenantId && activityOf(id) !== undefined,
    last: AUDIT_READ_MAX,
  });
}

function auditViews({ plane, tenantId }: GraphContext, entries: readonly AuditEntry[]) {
  const names = new Remembered<DirectoryObject | undefined>();
  const name = (id: string) => names.of(id, () => directoryObjectFind(plane.directory, tenantId, id));
  return entryViews(entries, (entry) => auditView(name, entry));
}

const GUIDS = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

async function auditView(name: (id: string) => Promise<DirectoryObject | undefined>, entry: AuditEntry) {
  const { caller, operation: id, time, requestId, status, target } = entry;
  const activity = activityOf(id);
  const isUser = caller.principalType === "User";
  const initiator = caller.principalId === null ? undefined : await name(caller.principalId);
  const displayName = initiator?.object.displayName ?? null;
  const targets = [...new Set(target.match(GUIDS) ?? [])];
  const user = { id: caller.principalId, displayName, ipAddress: null, userPrincipalName: null };
  const app = {
    appId: caller.appId,
    displayName,
    servicePrincipalId: caller.principalId,
    servicePrincipalName: null,
  };
  const isDone = status >= 200 && status < 300;
  return {
    id: auditId(entry),
    category: activity?.category ?? "Directory",
    correlationId: requestId,
    result: isDone ? "success" : "failure",
    resultReason: isDone ? "" : `${status}${entry.missing === undefined ? "" : `: ${entry.missing}`}`,
    activityDisplayName: activity?.name ?? id,
    activityDateTime: time,
    loggedByService: "Core Directory",
    operationType: activity?.type ?? "Update",
    initiatedBy: { user: isUser ? user : null, app: isUser ? null : app },
    targetResources: await Promise.all(
      targets.map(async (objectId) => {
        const found = await name(objectId);
        return {
          id: objectId.toLowerCase(),
          displayName: found?.object.displayName ?? null,
          type: found?.type ?? "Other",
          userPrincipalName: null,
          groupType: null,
          modifiedProperties: [],
        };
      }),
    ),
    additionalDetails: [],
  };
}
