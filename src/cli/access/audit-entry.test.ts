import { expect, test } from "vitest";
import type { AuditEntry } from "../../wire/access/access-api.ts";
import { auditEntryText } from "./audit-entry.ts";

const entry: AuditEntry = {
  time: "2026-11-30T12:00:00.000Z",
  requestId: "6d1c1b1e-0f5e-4f0a-9f6e-0d5f0f3c7a11",
  caller: { tenantId: "tenant", principalId: null, principalType: "SharedKey", appId: null },
  plane: "batch",
  operation: "Tasks_CreateTask",
  scope: "/subscriptions/one",
  target: "/jobs/job/tasks",
  decision: "allowed",
  status: 201,
};

test.each([
  ["SharedKey", "the account's key"],
  ["TaskAuthenticationToken", "a task's own token"],
] as const)("what %s decided is told by the credential", (by, told) => {
  expect(auditEntryText({ ...entry, by })).toContain(`through ${told}\n`);
});

test("a request that was refused tells what was missing, and its id", () => {
  const text = auditEntryText({ ...entry, decision: "denied", status: 403, missing: "Microsoft.Batch/x" });
  expect(text).toContain("missing Microsoft.Batch/x");
  expect(text).toContain(entry.requestId);
});
