import { expect, test } from "vitest";
import { packageReferencesProblem } from "./package-reference-check.ts";

const named = (...names: string[]) => names.map((applicationId) => ({ applicationId }));
const problemOf = (...list: Parameters<typeof packageReferencesProblem>) => {
  const problem = packageReferencesProblem(...list);
  return problem && [problem.path.join("."), problem.reason];
};

test("up to ten references are taken, by name or by resource id, and one application in two versions", () => {
  expect(problemOf(named(..."abcdefghij"))).toBeNull();
  const id = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Batch/batchAccounts/a/applications/a";
  expect(
    problemOf([{ applicationId: id, version: "1" }, { applicationId: "a", version: "2" }, ...named("a")]),
  ).toBeNull();
});

test.each([
  ["eleven", named(..."abcdefghijk"), ["", "may have at most 10 entries"]],
  ["no name", named("a", ""), ["[1].applicationId", "must be an application's id"]],
  ["an id without a name", named("/applications/"), ["[0].applicationId", "must be an application's id"]],
  ["a long name", named("a".repeat(65)), ["[0].applicationId", "must be an application's id"]],
  [
    "a long version",
    [{ applicationId: "a", version: "1".repeat(65) }],
    ["[0].version", "may have at most 64 characters"],
  ],
  ["one twice", named("tool", "TOOL"), ["[1]", "names the same package twice"]],
  [
    "one version twice",
    [
      { applicationId: "tool", version: "b" },
      { applicationId: "tool", version: "B" },
    ],
    ["[1]", "names the same package twice"],
  ],
])("%s is refused", (_what, references, told) => {
  expect(problemOf(references)).toEqual(told);
});
