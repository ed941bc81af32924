import { expect, test } from "vitest";
import { compilePatterns } from "./permission-pattern.ts";

const matches = (pattern: string, name: string) => compilePatterns([pattern])(name.toLowerCase()) === pattern;

test.each([
  ["*", "Microsoft.Batch/batchAccounts/jobs/read"],
  ["*/read", "Microsoft.Batch/batchAccounts/jobs/read"],
  ["Microsoft.Batch/*/read", "Microsoft.Batch/batchAccounts/read"],
  ["Microsoft.Batch/*/read", "Microsoft.Batch/batchAccounts/jobs/read"],
  ["Microsoft.Batch/batchAccounts/jobs/*", "Microsoft.Batch/batchAccounts/jobs/write"],
  ["microsoft.batch/BATCHACCOUNTS/Jobs/*", "Microsoft.Batch/batchAccounts/jobs/write"],
  ["Microsoft.Batch/batchAccounts/pools/read", "microsoft.batch/batchaccounts/pools/READ"],
  ["*/batchAccounts/*/write", "Microsoft.Batch/batchAccounts/jobs/write"],
  ["Microsoft.*a*b*c", "Microsoft.abcabc"],
  ["**", "anything/at/all"],
])("%s matches %s", (pattern, name) => {
  expect(matches(pattern, name)).toBe(true);
});

test.each([
  ["*/read", "Microsoft.Batch/batchAccounts/jobs/readAll"],
  ["Microsoft.Batch/batchAccounts/jobs/*", "Microsoft.Batch/batchAccounts/jobSchedules/read"],
  ["Microsoft.Batch/*/read", "Microsoft.Batch/read"],
  ["Microsoft.Batch/*/read", "Microsoft.BatchAI/clusters/read"],
  ["a*a", "a"],
  ["ab*ba", "aba"],
  ["*a*a*", "a"],
  ["", "Microsoft.Batch/batchAccounts/read"],
  ["Microsoft.Batch/batchAccounts/re.d", "Microsoft.Batch/batchAccounts/read"],
  ["Microsoft.Batch/batchAccounts/list\u212Aeys/action", "Microsoft.Batch/batchAccounts/listKeys/action"],
])("%s does not match %s", (pattern, name) => {
  expect(matches(pattern, name)).toBe(false);
});

test("the right to assign any identity satisfies the check that names none", () => {
  const check = "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action";
  expect(matches("Microsoft.ManagedIdentity/userAssignedIdentities/*/assign/action", check)).toBe(true);
  expect(matches("*/UserAssignedIdentities/*/Assign/Action", check)).toBe(true);
  expect(matches("Microsoft.ManagedIdentity/userAssignedIdentities/*/read", check)).toBe(false);
});

test("a pattern made to backtrack is matched in its length", () => {
  const name = "a".repeat(4_000);
  expect(matches(`${"*".repeat(50_000)}a`, name)).toBe(true);
  expect(matches(`${"*a".repeat(2_000)}*b`, name)).toBe(false);
  expect(matches(`${"a*".repeat(2_000)}b*c`, name)).toBe(false);
});

test("wildcards mean what the regular expression would mean", () => {
  const letters = ["a", "b", "/", "*"];
  const words = (length: number): string[] =>
    length === 0 ? [""] : words(length - 1).flatMap((word) => letters.map((letter) => word + letter));
  const names = [0, 1, 2, 3].flatMap(words).filter((word) => !word.includes("*"));
  for (const pattern of [1, 2, 3, 4].flatMap(words)) {
    const expression = new RegExp(`^${pattern.replaceAll("*", ".*")}$`);
    for (const name of names)
      expect([pattern, name, matches(pattern, name)]).toEqual([pattern, name, expression.test(name)]);
  }
});
