import { expect, test } from "vitest";
import { EMPTY_DRAFT, permissionCount, roleDraft, roleOf, withPermission } from "./role-draft.ts";

const SCOPE = "/subscriptions/s1/resourceGroups/g/providers/Microsoft.Batch/batchAccounts/a";

test("a role from nothing is assignable in its subscription, and has each permission once, in its own list", () => {
  let draft = { ...EMPTY_DRAFT(SCOPE), roleName: " Mine " };
  for (const name of ["b/read", "b/read"]) draft = withPermission(draft, { kind: "action", name });
  draft = withPermission(draft, { kind: "dataAction", name: "j/write" });
  expect(permissionCount(draft)).toBe(2);
  expect(roleOf(draft)).toEqual({
    roleName: "Mine",
    description: "",
    assignableScopes: ["/subscriptions/s1"],
    permissions: [{ actions: ["b/read"], notActions: [], dataActions: ["j/write"], notDataActions: [] }],
  });
});

test("a role comes back as it was from being written as text", () => {
  const role = {
    roleName: "R",
    description: "d",
    assignableScopes: ["/subscriptions/s1", "/subscriptions/s2"],
    permissions: [{ actions: ["*"], notActions: ["a", "b"], dataActions: [], notDataActions: ["c"] }],
  };
  expect(roleOf(roleDraft(role))).toEqual(role);
});
