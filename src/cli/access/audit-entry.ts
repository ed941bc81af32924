/** One entry of the audit log as people read it. */
import type { AuditEntry } from "../../wire/access/access-api.ts";
import { indented } from "../command/wrapped-lines.ts";

/** Credentials that need no role. */
const CREDENTIALS = {
  SharedKey: "the account's key",
  TaskAuthenticationToken: "a task's own token",
} as const;

export function auditEntryText({ by, missing, ...entry }: AuditEntry): string {
  const roles = typeof by === "string" ? CREDENTIALS[by] : by?.map(({ roleName }) => roleName).join(", ");
  return [
    indented(`${entry.time.slice(0, 19)}Z ${entry.decision} ${entry.status} ${entry.operation}`, 0),
    indented(entry.target, 2),
    indented(`by ${callerText(entry.caller)}`, 2),
    entry.times === undefined ? "" : indented(`and so ${entry.times} times`, 2),
    missing === undefined
      ? indented(`through ${roles ?? "a role in the directory"}`, 2)
      : indented(`missing ${missing}`, 2),
    missing === undefined ? "" : indented(`request ${entry.requestId}`, 2),
  ].join("");
}

function callerText({ principalId, principalType, task, from }: AuditEntry["caller"]): string {
  if (principalId !== null) return principalId;
  if (from !== undefined) return `somebody: ${from}`;
  if (principalType === "Task") return task ? `task ${task.taskId} of job ${task.jobId}` : "some task";
  return "a holder of the account's key";
}
