import { describe, expect, test } from "vitest";
import { BATCH_PERMISSIONS } from "../../wire/rbac/batch-permissions.ts";
import { CONTRIBUTOR, OWNER, READER, USER_ACCESS_ADMINISTRATOR } from "../../wire/rbac/built-in-roles.ts";
import type { Permission } from "../../wire/rbac/permission.ts";
import { decide } from "./decide.ts";
import {
  ACCOUNT,
  ALICE,
  assign,
  customRole,
  GROUP,
  GROUP_OF_ALICE,
  OTHER_ACCOUNT,
  policyOf,
  SUBSCRIPTION,
} from "./policy.fixture.ts";
import type { Policy } from "./policy.ts";

const ask = (policy: Policy, permission: Permission, scope = ACCOUNT, principalIds = [ALICE]) =>
  decide({ principalIds, permission, scope }, policy);
const action = (name: string): Permission => ({ name, kind: "action" });

/** Why each assignment did not grant it; "granted" if one did. */
function reasons(policy: Policy, permission: Permission, scope = ACCOUNT): string[] {
  const decision = ask(policy, permission, scope);
  return decision.allowed ? ["granted"] : decision.considered.map(({ why }) => why);
}

const accountRead = BATCH_PERMISSIONS.read;
const accountWrite = action("Microsoft.Batch/batchAccounts/write");
const assignRole = action("Microsoft.Authorization/roleAssignments/write");

test.each([
  [READER, accountRead, true],
  [READER, accountWrite, false],
  [READER, BATCH_PERMISSIONS["listKeys/action"], false],
  [CONTRIBUTOR, accountRead, true],
  [CONTRIBUTOR, accountWrite, true],
  [CONTRIBUTOR, BATCH_PERMISSIONS["listKeys/action"], true],
  [CONTRIBUTOR, assignRole, false],
  [OWNER, assignRole, true],
  [USER_ACCESS_ADMINISTRATOR, assignRole, true],
  [USER_ACCESS_ADMINISTRATOR, accountWrite, false],
  [OWNER, BATCH_PERMISSIONS["jobs/read"], false],
])("$roleName, asked for $name", (role, permission, allowed) => {
  expect(ask(policyOf([assign(role)]), permission).allowed).toBe(allowed);
});

test("a grant names the assignment, the role and the entry that decided", () => {
  const assignment = assign(READER, SUBSCRIPTION);
  expect(ask(policyOf([assignment]), accountRead)).toEqual({
    allowed: true,
    by: {
      permission: accountRead,
      assignmentId: assignment.id,
      scope: SUBSCRIPTION,
      roleDefinitionId: assignment.roleDefinitionId,
      roleName: "Reader",
      pattern: "*/read",
    },
  });
});

test("without assignments nothing is allowed and nothing was considered", () => {
  expect(ask(policyOf([]), accountRead)).toEqual({ allowed: false, considered: [] });
  expect(ask(policyOf([assign(OWNER)]), accountRead, ACCOUNT, [])).toEqual({
    allowed: false,
    considered: [],
  });
});

describe("fields", () => {
  const name = "Microsoft.Batch/batchAccounts/jobs/read";
  const asAction = customRole("as-action", { actions: [name] });
  const asDataAction = customRole("as-data-action", { dataActions: [name] });

  test("a data action is not granted by an action of the same name, nor the reverse", () => {
    const policy = (role: typeof asAction) => policyOf([assign(role)], [role]);
    expect(reasons(policy(asAction), { name, kind: "dataAction" })).toEqual(["other-field"]);
    expect(reasons(policy(asDataAction), { name, kind: "action" })).toEqual(["other-field"]);
    expect(reasons(policy(asAction), { name, kind: "action" })).toEqual(["granted"]);
    expect(reasons(policy(asDataAction), { name, kind: "dataAction" })).toEqual(["granted"]);
  });

  test("a lone star among the actions grants no data action", () => {
    expect(reasons(policyOf([assign(OWNER)]), { name, kind: "dataAction" })).toEqual(["other-field"]);
  });

  test("notActions take away no data action", () => {
    const role = customRole("both", { dataActions: ["*"], notActions: ["*"] });
    expect(reasons(policyOf([assign(role)], [role]), { name, kind: "dataAction" })).toEqual(["granted"]);
  });
});

describe("subtraction", () => {
  const noDelete = customRole("no-delete", {
    actions: ["Microsoft.Batch/*"],
    notActions: ["*/DELETE"],
    dataActions: ["*"],
    notDataActions: ["Microsoft.Batch/batchAccounts/jobs/delete"],
  });
  const policy = policyOf([assign(noDelete)], [noDelete]);

  test("takes from the same role, in both fields and any case", () => {
    expect(reasons(policy, BATCH_PERMISSIONS["pools/delete"])).toEqual(["subtracted"]);
    expect(reasons(policy, BATCH_PERMISSIONS["pools/write"])).toEqual(["granted"]);
    expect(reasons(policy, BATCH_PERMISSIONS["jobs/delete"])).toEqual(["subtracted"]);
    expect(reasons(policy, BATCH_PERMISSIONS["jobs/write"])).toEqual(["granted"]);
  });

  test("takes nothing from another role", () => {
    const both = policyOf([assign(noDelete), assign(OWNER)], [noDelete]);
    expect(reasons(both, BATCH_PERMISSIONS["pools/delete"])).toEqual(["granted"]);
  });

  test("takes nothing from another entry of the role", () => {
    const [first] = noDelete.permissions;
    const [second] = customRole("x", { actions: ["*/pools/delete"] }).permissions;
    if (first === undefined || second === undefined) throw new Error("no entries");
    const role = { ...noDelete, permissions: [first, second] };
    expect(reasons(policyOf([assign(role)], [role]), BATCH_PERMISSIONS["pools/delete"])).toEqual(["granted"]);
    expect(reasons(policyOf([assign(role)], [role]), BATCH_PERMISSIONS["certificates/delete"])).toEqual([
      "subtracted",
    ]);
  });
});

describe("scopes", () => {
  test.each(["/", SUBSCRIPTION, GROUP, ACCOUNT, ACCOUNT.toUpperCase()])(
    "a role at %s holds at the account",
    (scope) => {
      expect(reasons(policyOf([assign(READER, scope)]), accountRead)).toEqual(["granted"]);
      expect(reasons(policyOf([assign(READER, scope)]), accountRead, `${ACCOUNT}/pools/p`)).toEqual([
        "granted",
      ]);
    },
  );

  test.each([OTHER_ACCOUNT, `${GROUP}2`, `${SUBSCRIPTION}0`, `${ACCOUNT}/pools/p`])(
    "a role at %s does not hold at the account",
    (scope) => {
      expect(reasons(policyOf([assign(OWNER, scope)]), accountRead)).toEqual(["scope"]);
    },
  );

  test("a role at an account does not hold at its sibling or its group", () => {
    const policy = policyOf([assign(OWNER, ACCOUNT)]);
    expect(reasons(policy, accountRead, OTHER_ACCOUNT)).toEqual(["scope"]);
    expect(reasons(policy, accountRead, GROUP)).toEqual(["scope"]);
  });

  test("nothing is allowed at what is no scope, even to an owner of everything", () => {
    expect(reasons(policyOf([assign(OWNER, "/")]), accountRead, `${ACCOUNT}/../other`)).toEqual(["scope"]);
    expect(reasons(policyOf([assign(OWNER, "")]), accountRead)).toEqual(["scope"]);
  });

  test("a role at a management group holds in its subscriptions", () => {
    const group = "/providers/Microsoft.Management/managementGroups/Studio";
    const policy = { ...policyOf([assign(READER, group)]), managementGroupsOf: () => ["studio"] };
    expect(reasons(policy, accountRead)).toEqual(["granted"]);
    expect(reasons(policyOf([assign(READER, group)]), accountRead)).toEqual(["scope"]);
  });
});

test("roles of the principal's groups count, those of others do not", () => {
  const policy = policyOf([assign(READER, ACCOUNT, GROUP_OF_ALICE.toUpperCase())]);
  expect(ask(policy, accountRead, ACCOUNT, [ALICE, GROUP_OF_ALICE]).allowed).toBe(true);
  expect(ask(policy, accountRead, ACCOUNT, [ALICE])).toEqual({ allowed: false, considered: [] });
});

test("a role is found by any form of its id", () => {
  const id = `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${READER.name.toUpperCase()}`;
  expect(ask(policyOf([{ ...assign(READER), roleDefinitionId: id }]), accountRead).allowed).toBe(true);
});

test("an assignment of a role that is gone grants nothing and says so", () => {
  const gone = customRole("gone", { actions: ["*"] });
  expect(reasons(policyOf([assign(gone)]), accountRead)).toEqual(["no-role"]);
});

test("a denial lists the assignments in scope before those elsewhere", () => {
  const policy = policyOf([assign(OWNER, OTHER_ACCOUNT), assign(READER)]);
  expect(reasons(policy, accountWrite)).toEqual(["not-granted", "scope"]);
});
