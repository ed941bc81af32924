import { afterEach, beforeEach, expect, test } from "vitest";
import { CONTRIBUTOR, READER } from "../../wire/rbac/built-in-roles.ts";
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
import { customRoles, roleDefinitionRemove, roleDefinitionWrite } from "./role-definitions.ts";

const NAME = "C0FFEE00-0000-4000-8000-000000000001";
const OTHER = "c0ffee00-0000-4000-8000-000000000002";
const properties = {
  roleName: "Submitter",
  assignableScopes: [SUBSCRIPTION],
  permissions: [{ dataActions: ["Microsoft.Batch/batchAccounts/jobs/*"] }],
};

let fixture: AccessFixture;
beforeEach(async () => {
  fixture = await openAccessFixture();
});
afterEach(() => fixture.close());

const write = (name: string, changed: object = {}, rightAt = (_: string) => true) =>
  roleDefinitionWrite(fixture.changes, AUTHOR, {
    name,
    body: { properties: { ...properties, ...changed } },
    rightAt,
  });
const remove = (name: string) => roleDefinitionRemove(fixture.changes, TENANT_ID, name, () => true);
const stored = () => customRoles(fixture.store.read, TENANT_ID);

test("a role is created, replaced and deleted under its GUID in any case", async () => {
  expect((await write(NAME)).name).toBe(NAME.toLowerCase());
  await write(NAME.toLowerCase(), { roleName: "Renamed" });
  expect((await stored()).map(({ roleName }) => roleName)).toEqual(["Renamed"]);
  expect((await remove(NAME))?.roleName).toBe("Renamed");
  expect(await remove(NAME)).toBeUndefined();
  expect(await stored()).toEqual([]);
});

test.each(["SUBMITTER", READER.roleName.toLowerCase()])(
  "the name %s is taken, built-in roles included",
  async (roleName) => {
    await write(NAME);
    await expect(write(OTHER, { roleName })).rejects.toMatchObject({
      code: "RoleDefinitionWithSameNameExists",
      status: 409,
    });
    expect(await stored()).toHaveLength(1);
  },
);

test("built-in roles cannot be changed or deleted", async () => {
  await expect(write(CONTRIBUTOR.name)).rejects.toMatchObject({ code: "InvalidRoleDefinitionId" });
  await expect(remove(CONTRIBUTOR.name.toUpperCase())).rejects.toMatchObject({
    code: "InvalidRoleDefinitionId",
  });
});

test("a name that is no GUID is refused", async () => {
  await expect(write("submitter")).rejects.toMatchObject({ code: "InvalidRoleDefinitionId", status: 400 });
});

test("every assignable scope must be one at which the author may write roles, and one of the tenant's", async () => {
  const group = `${SUBSCRIPTION}/resourceGroups/render`;
  const assignableScopes = [group, SUBSCRIPTION];
  await expect(write(NAME, { assignableScopes }, (scope) => scope === group)).rejects.toMatchObject({
    code: "LinkedAuthorizationFailed",
    status: 403,
  });
  const foreign = "/subscriptions/99999999-9999-4999-8999-999999999999";
  await expect(write(NAME, { assignableScopes: [foreign] })).rejects.toMatchObject({
    code: "SubscriptionNotFound",
  });
  expect(await stored()).toEqual([]);
});

test("a role that is assigned cannot be deleted", async () => {
  const { name } = await write(NAME);
  const roleDefinitionId = `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${name}`;
  const body = { properties: { roleDefinitionId, principalId: SERVICE_PRINCIPAL_ID } };
  await roleAssignmentWrite(fixture.changes, AUTHOR, { name: OTHER, scope: ACCOUNT, body });
  await expect(remove(name)).rejects.toMatchObject({
    code: "RoleDefinitionHasAssignments",
    status: 400,
  });
  await roleAssignmentRemove(fixture.changes, TENANT_ID, ACCOUNT, OTHER);
  expect(await remove(name)).toBeDefined();
});
