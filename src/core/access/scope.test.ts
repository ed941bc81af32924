import { expect, test } from "vitest";
import { ACCOUNT, GROUP, OTHER_ACCOUNT, SUBSCRIPTION } from "./policy.fixture.ts";
import { managementGroupScopes, parseScope, type Scope, scopeContains } from "./scope.ts";

function scope(text: string): Scope {
  const parsed = parseScope(text);
  if (parsed === undefined) throw new Error(`no scope: ${text}`);
  return parsed;
}

test("scopes are equal without regard to case and to a slash at the end", () => {
  expect(scope(ACCOUNT.toUpperCase())).toBe(scope(ACCOUNT));
  expect(scope(`${GROUP}/`)).toBe(scope(GROUP));
  expect(scope("/")).toBe("/");
});

test.each([
  "",
  "subscriptions/x",
  "//",
  "/subscriptions//x",
  "/a/../b",
  "/a/.",
  "/a//",
  `/${"a/".repeat(2_000)}`,
])("%s is no scope", (text) => {
  expect(parseScope(text)).toBeUndefined();
});

test.each([
  ["/", ACCOUNT],
  [SUBSCRIPTION, ACCOUNT],
  [GROUP, ACCOUNT],
  [GROUP.toUpperCase(), ACCOUNT],
  [ACCOUNT, ACCOUNT],
  [ACCOUNT, `${ACCOUNT}/pools/p`],
])("%s contains %s", (outer, inner) => {
  expect(scopeContains(scope(outer), scope(inner))).toBe(true);
});

test.each([
  [ACCOUNT, OTHER_ACCOUNT],
  [ACCOUNT, GROUP],
  [ACCOUNT, "/"],
  [GROUP, `${GROUP}2`],
  [`${SUBSCRIPTION}/resourceGroups/\u212A`, `${SUBSCRIPTION}/resourceGroups/k`],
  ["/providers/Microsoft.Management/managementGroups/all", ACCOUNT],
])("%s does not contain %s", (outer, inner) => {
  expect(scopeContains(scope(outer), scope(inner))).toBe(false);
});

test("a scope's management groups are those of its subscription, nearest first", () => {
  const groupsOf = (id: string) => (SUBSCRIPTION.endsWith(id) ? ["Team", "Root"] : []);
  const groups = ["team", "root"].map((name) => `/providers/microsoft.management/managementgroups/${name}`);
  expect(managementGroupScopes(scope(GROUP), groupsOf)).toEqual(groups);
  expect(managementGroupScopes(scope(SUBSCRIPTION), groupsOf)).toEqual(groups);
  expect(managementGroupScopes(scope("/"), groupsOf)).toEqual([]);
});
