/** Ids of lines of the audit log: GUIDs that sort the newest first, which is how Graph lists them. */
import type { AuditEntry } from "../../../wire/access/access-api.ts";

const LAST_MS = 2 ** 48 - 1;

export function auditId({ time, requestId }: Pick<AuditEntry, "time" | "requestId">): string {
  const left = (LAST_MS - Date.parse(time)).toString(16).padStart(12, "0");
  return `${left.slice(0, 8)}-${left.slice(8)}-${requestId.slice(14)}`;
}
