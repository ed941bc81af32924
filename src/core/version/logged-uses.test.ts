import { expect, test } from "vitest";
import { batchApiVersions } from "../../wire/batch/api-versions.gen.ts";
import { LoggedUses } from "./logged-uses.ts";
import { versionReport } from "./version-report.ts";

const TARGET = batchApiVersions.findIndex(({ version }) => version === "2025-06-01");
const time = "2026-11-30T10:00:00.000Z";
const client = "python/3.8.2 azure-batch/8.0.0";
const entry = {
  time,
  requestId: "first",
  plane: "batch",
  operation: "Job_Add",
  apiVersion: "2019-08-01.10.0",
  client,
};

const reportOf = (uses: LoggedUses) =>
  versionReport(uses.uses, TARGET, {
    management: uses.management,
    isTruncated: uses.isTruncated,
    isOfLog: true,
  });

test("entries of one client, version and operation are one, with the first request", () => {
  const uses = new LoggedUses();
  uses.add(entry);
  uses.add({ ...entry, requestId: "second" });
  uses.add({ ...entry, operation: "Certificate_Add", requestId: "third" });
  const report = reportOf(uses);
  expect(report.clients).toMatchObject([
    { name: "Python azure-batch 8.0.0", apiVersion: "2019-08-01.10.0", requests: 3 },
  ]);
  expect(
    report.findings.map(({ fate, name, count, firstRequestId }) => [fate, name, count, firstRequestId]),
  ).toEqual([
    ["gone", "Certificate_Add", 1, "third"],
    ["renamed", "2019-08-01.10.0", 3, "first"],
    ["unchanged", "Job_Add", 2, "first"],
  ]);
});

test("an operation that Resource Manager no longer has in the version to go to is gone; an older version alone is not", () => {
  const uses = new LoggedUses();
  const management = { ...entry, plane: "arm", apiVersion: "2020-05-01" };
  uses.add({ ...management, operation: "Microsoft.Batch/BatchAccount_Create" });
  uses.add({ ...management, operation: "Microsoft.Batch/Certificate_Create" });
  uses.add({ ...management, operation: "Microsoft.Authorization/RoleAssignments_Create" });
  const report = reportOf(uses);
  expect(report.management.map(({ operation, fate, since }) => [operation, fate, since])).toEqual([
    ["Microsoft.Batch/Certificate_Create", "gone", "2025-06-01"],
    ["Microsoft.Batch/BatchAccount_Create", "unchanged", undefined],
  ]);
  expect(report.management[0]?.instead).toContain("Key Vault");
  expect(report).toMatchObject({ things: 1, isReady: false, findings: [] });
});

test.each([
  ["of before versions were kept", { ...entry, apiVersion: undefined }],
  ["with a version that there is not", { ...entry, apiVersion: "2019-08-02" }],
  ["with an operation that there is not", { ...entry, operation: "__proto__" }],
  ["of another plane", { ...entry, plane: "graph" }],
])("entries %s are no use", (_, { apiVersion, ...rest }) => {
  const uses = new LoggedUses();
  uses.add({ ...rest, ...(apiVersion !== undefined && { apiVersion }) });
  expect([uses.uses, uses.management]).toEqual([[], []]);
});

test("made-up clients fill a report up to its bound, and it says so", () => {
  const uses = new LoggedUses();
  for (let number = 0; number < 10_001; number++) uses.add({ ...entry, client: `made-up/${number}` });
  expect(uses.uses).toHaveLength(10_000);
  expect(reportOf(uses).isTruncated).toBe(true);
});
