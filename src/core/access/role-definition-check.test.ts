import { describe, expect, test } from "vitest";
import type { Fault } from "../fault.ts";
import { SUBSCRIPTION } from "./policy.fixture.ts";
import { roleDefinitionOf } from "./role-definition-check.ts";

const NAME = "c0ffee00-0000-0000-0000-000000000000";
const entry = { actions: ["Microsoft.Batch/*/read"], dataActions: ["Microsoft.Batch/batchAccounts/jobs/*"] };
const properties = { roleName: "Submitter", assignableScopes: [SUBSCRIPTION], permissions: [entry] };
const check = (changed: object) => () =>
  roleDefinitionOf(NAME, { properties: { ...properties, ...changed } });
const withActions = (...actions: unknown[]) => check({ permissions: [{ actions }] });

function faultOf(work: () => unknown): Fault {
  try {
    work();
  } catch (error) {
    return error as Fault;
  }
  throw new Error("accepted");
}

test("what is left out is empty", () => {
  expect(check({})()).toEqual({
    name: NAME,
    roleName: "Submitter",
    type: "CustomRole",
    description: "",
    assignableScopes: [SUBSCRIPTION],
    permissions: [{ ...entry, notActions: [], notDataActions: [] }],
  });
});

test.each([
  "*",
  "*/read",
  "Microsoft.Batch/*",
  "Microsoft.Batch/*/read",
  "Microsoft.Support/*",
  "Microsoft.CostManagement/*/query/*",
  "Microsoft.ManagedIdentity/userAssignedIdentities/*/assign/action",
])("%s is an action", (pattern) => {
  expect(withActions(pattern)().permissions[0]?.actions).toEqual([pattern]);
});

test.each([
  "",
  " ",
  "**",
  "Microsoft.Batch/**",
  "Microsoft.Batch",
  "/read",
  "Microsoft.Batch/",
  "Microsoft.Batch//read",
])("'%s' is none", (pattern) => {
  expect(["InvalidActionOrNotAction", "BadRequestFormat"]).toContain(faultOf(withActions(pattern)).code);
});

test.each([
  "Microsoft.Batch/jobs read",
  "Microsoft.Batch/(jobs|pools)/read",
  "../read",
  "Microsoft.Batch/\u212Aobs/read",
  "[a-z]/read",
])("'%s' has characters that no action has", (pattern) => {
  expect(faultOf(withActions(pattern)).code).toBe("InvalidActionOrNotAction");
});

test("a wrong data action has a code of its own, and the message quotes it", () => {
  const fault = faultOf(check({ permissions: [{ notDataActions: ["Microsoft.Batch/**"] }] }));
  expect(fault).toMatchObject({ code: "InvalidDataActionOrNotDataAction", status: 400 });
  expect(fault.message).toContain("Microsoft.Batch/**");
  expect(fault.message).toContain("permissions[0].notDataActions");
});

describe("bodies that are refused", () => {
  test.each<[string, unknown]>([
    ["properties", null],
    ["properties", { properties: [] }],
    ["roleName", { properties: { ...properties, roleName: " " } }],
    ["roleName", { properties: { ...properties, roleName: "x".repeat(513) } }],
    ["type", { properties: { ...properties, type: "BuiltInRole" } }],
    ["permissions", { properties: { ...properties, permissions: [] } }],
    ["permissions", { properties: { ...properties, permissions: [{}] } }],
    [
      "permissions",
      { properties: { ...properties, permissions: [{ actions: Array(10_000).fill("*/read") }] } },
    ],
    ["permissions[0].actions", { properties: { ...properties, permissions: [{ actions: "*" }] } }],
    [
      "permissions[0].condition",
      { properties: { ...properties, permissions: [{ ...entry, condition: "true" }] } },
    ],
    ["assignableScopes", { properties: { ...properties, assignableScopes: [] } }],
  ])("%s", (property, body) => {
    const fault = faultOf(() => roleDefinitionOf(NAME, body));
    expect(fault).toMatchObject({ code: "BadRequestFormat", status: 400 });
    expect(body === null ? "properties" : fault.message).toContain(property);
  });

  test.each([
    "/",
    "*",
    "/subscriptions/*",
    `${SUBSCRIPTION}/resourceGroups/*`,
    `${SUBSCRIPTION}/../x`,
    `${SUBSCRIPTION}//x`,
    "/subscriptions/x",
  ])("assignable scope %s", (scope) => {
    expect(faultOf(check({ assignableScopes: [scope] })).code).toBe("InvalidAssignableScope");
  });
});
