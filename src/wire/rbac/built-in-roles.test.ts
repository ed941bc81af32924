import { expect, test } from "vitest";
import { BUILT_IN_ROLES } from "./built-in-roles.ts";
import { builtInRoleDefinitionId, roleDefinitionName } from "./role-definition.ts";

test("the built-in roles have distinct names and ids", () => {
  expect(new Set(BUILT_IN_ROLES.map(({ name }) => name)).size).toBe(BUILT_IN_ROLES.length);
  expect(new Set(BUILT_IN_ROLES.map(({ roleName }) => roleName)).size).toBe(BUILT_IN_ROLES.length);
});

test.each(BUILT_IN_ROLES)("$roleName is found by its id again", ({ name }) => {
  expect(name).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(roleDefinitionName(builtInRoleDefinitionId(name))).toBe(name);
  expect(roleDefinitionName(name.toUpperCase())).toBe(name);
});
