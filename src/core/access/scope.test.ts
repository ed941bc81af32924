import { expect, test } from "vitest";
import { ACCOUNT, GROUP, OTHER_ACCOUNT, SUBSCRIPTION } from "./policy.fixture.ts";
import { enclosingScopes, parseScope, type Scope, scopeContains } from "./scope.ts";

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
  expect(enclosingScopes(scope(inner))).toContain(scope(outer));
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
  expect(enclosingScopes(scope(inner))).not.toContain(scope(outer));
});

test("what encloses a resource is listed from the nearest to the root", () => {
  const path = enclosingScopes(scope(ACCOUNT));
  expect(path[0]).toBe(scope(ACCOUNT));
  expect(path.at(-1)).toBe("/");
  expect(path.indexOf(scope(GROUP))).toBeLessThan(path.indexOf(scope(SUBSCRIPTION)));
});

test("a subscription's management groups enclose it, below the root", () => {
  const path = enclosingScopes(scope(GROUP), (id) => (SUBSCRIPTION.endsWith(id) ? ["Team", "Root"] : []));
  const groups = ["team", "root"].map((name) => `/providers/microsoft.management/managementgroups/${name}`);
  expect(path.slice(path.indexOf(scope(SUBSCRIPTION)))).toEqual([
    scope(SUBSCRIPTION),
    ...groups,
    "/subscriptions",
    "/",
  ]);
});
