import { expect, test } from "vitest";
import { BATCH_PERMISSIONS, type BatchPermission } from "../../wire/rbac/batch-permissions.ts";
import * as roles from "../../wire/rbac/built-in-roles.ts";
import type { RoleDefinition } from "../../wire/rbac/role-definition.ts";
import {
  builtInRolesFor,
  decideOperation,
  explainOperation,
  type GuardedOperation,
} from "./operation-access.ts";
import {
  ACCOUNT,
  ALICE,
  assign,
  customRole,
  GROUP,
  OTHER_ACCOUNT,
  policyOf,
  SUBSCRIPTION,
} from "./policy.fixture.ts";
import { compilePolicy } from "./policy.ts";
import { compilePrincipal } from "./principal-access.ts";

const op = (name: BatchPermission, withAutoPool = false): GuardedOperation => ({
  permission: BATCH_PERMISSIONS[name],
  isRead: name.endsWith("read"),
  withAutoPool,
});

const listJobs = op("jobs/read");
const addJob = op("jobs/write");
const deleteJob = op("jobs/delete");
const getPool = op("pools/read");
const addPool = op("pools/write");
const addAutoPoolJob = op("jobs/write", true);

const accessOf = (role: RoleDefinition, scope = ACCOUNT) =>
  compilePrincipal([ALICE], compilePolicy(policyOf([assign(role, scope)], [role])));

const decideWith = (role: RoleDefinition, operation: GuardedOperation, scope = ACCOUNT) =>
  decideOperation(accessOf(role, scope), operation, ACCOUNT);

function explainWith(role: RoleDefinition, operation: GuardedOperation, scope = ACCOUNT) {
  const access = accessOf(role, scope);
  const decision = decideOperation(access, operation, ACCOUNT);
  return decision.allowed ? undefined : explainOperation(access, operation, decision.missing, ACCOUNT);
}

/**
 * The role that the documents on authenticating Batch solutions give as their example: its actions cover reading and
 * no pools, its data actions all of jobs and job schedules.
 */
const DOCUMENTED_JOB_SUBMITTER: RoleDefinition = {
  name: "c0ffee00-0000-0000-0000-000000000000",
  roleName: "Submits jobs, leaves pools alone",
  type: "CustomRole",
  description: "",
  assignableScopes: [SUBSCRIPTION],
  permissions: [
    {
      actions: [
        "Microsoft.Batch/*/read",
        "Microsoft.Authorization/*/read",
        "Microsoft.Resources/subscriptions/resourceGroups/read",
        "Microsoft.Support/*",
        "Microsoft.Insights/alertRules/*",
      ],
      notActions: [],
      dataActions: ["Microsoft.Batch/batchAccounts/jobs/*", "Microsoft.Batch/batchAccounts/jobSchedules/*"],
      notDataActions: [],
    },
  ],
};

type Row = readonly [RoleDefinition, string];
test.each<Row>([
  [roles.OWNER, "list add delete pool newpool auto"],
  [roles.CONTRIBUTOR, "list add delete pool newpool auto"],
  [roles.READER, "list pool"],
  [roles.USER_ACCESS_ADMINISTRATOR, "list pool"],
  [roles.AZURE_BATCH_ACCOUNT_CONTRIBUTOR, "list add delete pool newpool auto"],
  [roles.AZURE_BATCH_ACCOUNT_READER, "list pool"],
  [roles.AZURE_BATCH_DATA_CONTRIBUTOR, "list add delete pool newpool auto"],
  [roles.AZURE_BATCH_JOB_SUBMITTER, "list add delete pool"],
  [DOCUMENTED_JOB_SUBMITTER, "list add delete pool"],
  [customRole("pools", { actions: ["Microsoft.Batch/batchAccounts/pools/*"] }), "pool newpool"],
  [customRole("nothing", {}), ""],
])("$roleName allows on the data plane what the documents say", (role, allowed) => {
  const operations = {
    list: listJobs,
    add: addJob,
    delete: deleteJob,
    pool: getPool,
    newpool: addPool,
    auto: addAutoPoolJob,
  };
  const names = Object.entries(operations).filter(
    ([, operation]) => decideWith(role, operation, GROUP).allowed,
  );
  expect(names.map(([name]) => name).join(" ")).toBe(allowed);
});

test("listKeys opens any operation, but only as an action", () => {
  const patterns = ["Microsoft.Batch/batchAccounts/listKeys/action"];
  const asAction = customRole("keys", { actions: patterns });
  for (const operation of [listJobs, addJob, addPool, addAutoPoolJob]) {
    expect(decideWith(asAction, operation).allowed).toBe(true);
    expect(decideWith(customRole("keys", { dataActions: patterns }), operation).allowed).toBe(false);
    expect(decideWith(customRole("keys", { actions: ["*"], notActions: patterns }), addJob).allowed).toBe(
      false,
    );
  }
});

test("reading the account opens reads alone, and only as an action", () => {
  const patterns = ["Microsoft.Batch/batchAccounts/read"];
  const asAction = customRole("read", { actions: patterns });
  expect(decideWith(asAction, listJobs).allowed).toBe(true);
  expect(decideWith(asAction, getPool).allowed).toBe(true);
  expect(decideWith(asAction, addJob).allowed).toBe(false);
  expect(decideWith(customRole("read", { dataActions: patterns }), listJobs).allowed).toBe(false);
});

test("job permissions count as data actions only, pool permissions as actions only", () => {
  const everyJob = ["Microsoft.Batch/batchAccounts/jobs/*"];
  const everyPool = ["Microsoft.Batch/batchAccounts/pools/*"];
  expect(decideWith(customRole("jobs", { actions: everyJob }), addJob).allowed).toBe(false);
  expect(decideWith(customRole("jobs", { dataActions: everyJob }), addJob).allowed).toBe(true);
  expect(decideWith(customRole("pools", { dataActions: everyPool }), addPool).allowed).toBe(false);
  expect(decideWith(customRole("pools", { actions: everyPool }), addPool).allowed).toBe(true);
});

test("a job with an auto pool needs both permissions, and both grants are told", () => {
  const both = customRole("both", {
    actions: ["Microsoft.Batch/batchAccounts/pools/write"],
    dataActions: ["Microsoft.Batch/batchAccounts/jobs/write"],
  });
  const decision = decideWith(both, addAutoPoolJob);
  expect(decision.allowed && decision.by.map(({ permission }) => permission)).toEqual([
    BATCH_PERMISSIONS["jobs/write"],
    BATCH_PERMISSIONS["pools/write"],
  ]);
});

test("a denial tells what is missing, why each assignment did not help, and which roles would", () => {
  expect(explainWith(roles.AZURE_BATCH_JOB_SUBMITTER, addAutoPoolJob)).toEqual({
    missing: BATCH_PERMISSIONS["pools/write"],
    considered: [
      {
        assignmentId: assign(roles.AZURE_BATCH_JOB_SUBMITTER).id,
        scope: ACCOUNT,
        roleName: "Azure Batch Job Submitter",
        why: "not-granted",
      },
    ],
    builtInRoles: ["Azure Batch Data Contributor", "Azure Batch Account Contributor", "Contributor", "Owner"],
  });
});

test("a role on a neighbouring account opens nothing", () => {
  const denial = explainWith(roles.OWNER, listJobs, OTHER_ACCOUNT);
  expect(denial?.considered.map(({ why }) => why)).toEqual(["scope"]);
});

test("the roles that would allow an operation come narrowest first", () => {
  expect(builtInRolesFor(addJob)[0]).toBe("Azure Batch Job Submitter");
  expect(builtInRolesFor(op("certificates/read"))[0]).toBe("Azure Batch Account Reader");
  expect(builtInRolesFor(addPool)).not.toContain("Reader");
});
