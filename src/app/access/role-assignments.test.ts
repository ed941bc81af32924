import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { BATCH_PERMISSIONS } from "../../wire/rbac/batch-permissions.ts";
import { READER } from "../../wire/rbac/built-in-roles.ts";
import {
  ACCOUNT,
  type AccessFixture,
  AUTHOR,
  openAccessFixture,
  SERVICE_PRINCIPAL_ID,
  SUBSCRIPTION,
  TENANT_ID,
} from "./access.fixture.ts";
import { roleAssignmentRemove, roleAssignmentWrite } from "./role-assignments.ts";
import { roleDefinitionWrite } from "./role-definitions.ts";

const NAME = "C0FFEE00-0000-4000-8000-000000000001";
const OTHER = "c0ffee00-0000-4000-8000-000000000002";
const STRANGER = "c0ffee00-0000-4000-8000-00000000000f";
const roleId = (name: string) => `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${name}`;
const properties = { roleDefinitionId: roleId(READER.name), principalId: SERVICE_PRINCIPAL_ID.toUpperCase() };

let fixture: AccessFixture;
beforeEach(async () => {
  fixture = await openAccessFixture();
});
afterEach(() => fixture.close());

const write = (changed: object = {}, name = NAME, scope = ACCOUNT) =>
  roleAssignmentWrite(fixture.changes, AUTHOR, {
    name,
    scope,
    body: { properties: { ...properties, ...changed } },
  });
const remove = (name: string, scope = ACCOUNT) =>
  roleAssignmentRemove(fixture.changes, TENANT_ID, scope, name);
const mayRead = async () => {
  const access = await fixture.changes.access.principal(TENANT_ID, SERVICE_PRINCIPAL_ID);
  return access.decide(BATCH_PERMISSIONS.read, ACCOUNT).allowed;
};

test("an assignment holds for the next decision, and so does its removal", async () => {
  expect(await mayRead()).toBe(false);
  const { assignment, created } = await write();
  expect(created).toBe(true);
  expect(assignment).toMatchObject({
    id: NAME.toLowerCase(),
    principal_type: "ServicePrincipal",
    created_by: AUTHOR.objectId,
  });
  expect(await mayRead()).toBe(true);
  expect(await remove(NAME)).toEqual(assignment);
  expect(await mayRead()).toBe(false);
  expect(await remove(NAME)).toBeUndefined();
});

test("the same request again changes nothing; the same assignment under another name exists", async () => {
  const { assignment } = await write();
  expect(await write({}, NAME, `${ACCOUNT.toUpperCase()}/`)).toEqual({ assignment, created: false });
  await expect(write({}, OTHER)).rejects.toMatchObject({ code: "RoleAssignmentExists", status: 409 });
});

test("an assignment's principal, role and scope cannot be changed", async () => {
  await write();
  const changes = [write({ principalId: STRANGER, principalType: "User" }), write({}, NAME, SUBSCRIPTION)];
  for (const change of changes)
    await expect(change).rejects.toMatchObject({ code: "RoleAssignmentUpdateNotPermitted" });
});

test("an assignment is removed only at its own scope", async () => {
  await write();
  expect(await remove(NAME, SUBSCRIPTION)).toBeUndefined();
  expect(await mayRead()).toBe(true);
});

describe("principals", () => {
  test("a principal that the directory does not know is refused, unless its type is given", async () => {
    await expect(write({ principalId: STRANGER })).rejects.toMatchObject({
      code: "PrincipalNotFound",
      status: 400,
    });
    const { assignment } = await write({ principalId: STRANGER, principalType: "Group" });
    expect(assignment.principal_type).toBe("Group");
  });

  test("a type that is not the principal's is refused", async () => {
    await expect(write({ principalType: "User" })).rejects.toMatchObject({ code: "UnmatchedPrincipalType" });
  });
});

describe("custom roles", () => {
  test("are assigned within their assignable scopes only", async () => {
    const group = `${SUBSCRIPTION}/resourceGroups/render`;
    const body = {
      properties: { roleName: "Narrow", assignableScopes: [group], permissions: [{ actions: ["*/read"] }] },
    };
    await roleDefinitionWrite(fixture.changes, AUTHOR, { name: OTHER, body, rightAt: () => true });
    const given = { roleDefinitionId: roleId(OTHER) };
    await expect(write(given, NAME, SUBSCRIPTION)).rejects.toMatchObject({
      code: "RoleDefinitionDoesNotExist",
      status: 404,
    });
    await expect(write(given, NAME, `${group}2`)).rejects.toMatchObject({
      code: "RoleDefinitionDoesNotExist",
    });
    expect((await write(given)).created).toBe(true);
  });

  test("that do not exist cannot be assigned", async () => {
    await expect(write({ roleDefinitionId: roleId(STRANGER) })).rejects.toMatchObject({
      code: "RoleDefinitionDoesNotExist",
    });
  });
});

test.each<[string, object]>([
  ["InvalidPrincipalId", { principalId: "alice" }],
  ["InvalidPrincipalId", { principalId: undefined }],
  ["InvalidRoleDefinitionId", { roleDefinitionId: READER.name }],
  ["InvalidRoleDefinitionId", { roleDefinitionId: 7 }],
  ["BadRequestFormat", { principalType: "Robot" }],
  ["BadRequestFormat", { condition: "@Resource[x] StringEquals 'y'" }],
])("%s: %o changes nothing", async (code, changed) => {
  await expect(write(changed)).rejects.toMatchObject({ code, status: 400 });
  expect(await mayRead()).toBe(false);
});

test.each(["alice", "", `${NAME}0`])("the name '%s' is refused", async (name) => {
  await expect(write({}, name)).rejects.toMatchObject({ code: "InvalidRoleAssignmentId" });
});
