import { expect, test } from "vitest";
import type { UsedPermission } from "../../wire/access/access-api.ts";
import { BATCH_PERMISSIONS, type BatchPermission } from "../../wire/rbac/batch-permissions.ts";
import { ACCOUNT, ALICE, assign, GROUP, OTHER_ACCOUNT, SUBSCRIPTION } from "./policy.fixture.ts";
import { compilePolicy } from "./policy.ts";
import { compilePrincipal } from "./principal-access.ts";
import { roleDefinitionOf } from "./role-definition-check.ts";
import { commonScope, smallestRole } from "./smallest-role.ts";

const used = (scope: string, ...names: BatchPermission[]): UsedPermission[] =>
  names.map((name) => ({ permission: BATCH_PERMISSIONS[name], scope }));
const named = { roleName: "Nightly", description: "What the nightly run used." };

test("actions and data actions stand apart, each once and in order", () => {
  const uses = [
    ...used(ACCOUNT, "pools/read", "jobs/write", "jobs/read"),
    ...used(OTHER_ACCOUNT, "jobs/read"),
  ];
  expect(smallestRole(uses, named)).toEqual({
    properties: {
      ...named,
      type: "CustomRole",
      assignableScopes: [SUBSCRIPTION],
      permissions: [
        {
          actions: ["Microsoft.Batch/batchAccounts/pools/read"],
          notActions: [],
          dataActions: [
            "Microsoft.Batch/batchAccounts/jobs/read",
            "Microsoft.Batch/batchAccounts/jobs/write",
          ],
          notDataActions: [],
        },
      ],
    },
  });
});

test("the role is accepted as it stands, and allows what was used and nothing else", () => {
  const names: BatchPermission[] = ["jobs/read", "jobs/write", "pools/read"];
  const role = roleDefinitionOf(
    "c0ffee00-0000-4000-8000-000000000001",
    smallestRole(used(ACCOUNT, ...names), named),
  );
  const access = compilePrincipal(
    [ALICE],
    compilePolicy({ assignments: [assign(role)], definitions: [role] }),
  );
  const allowed = Object.entries(BATCH_PERMISSIONS).filter(
    ([, permission]) => access.decide(permission, ACCOUNT).allowed,
  );
  expect(allowed.map(([name]) => name).sort()).toEqual(names.sort());
});

test.each([
  [[ACCOUNT], ACCOUNT],
  [[ACCOUNT, ACCOUNT.toUpperCase()], ACCOUNT],
  [[ACCOUNT, OTHER_ACCOUNT], GROUP],
  [[ACCOUNT, GROUP], GROUP],
  [[ACCOUNT, `${SUBSCRIPTION}/resourceGroups/other`], SUBSCRIPTION],
  [[`${ACCOUNT}/pools/a`, `${ACCOUNT}/pools/b`], ACCOUNT],
  [[ACCOUNT, "/subscriptions/other"], undefined],
  [[], undefined],
])("what %j have in common is %s", (scopes, common) => {
  expect(commonScope(scopes.flatMap((scope) => used(scope, "jobs/read")))).toBe(common);
});
