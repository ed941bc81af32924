import { describe, expect, test } from "vitest";
import type { ArmOperation } from "../../../wire/arm/operation.ts";
import { type ArmOperationId, armOperations } from "../../../wire/arm/operations.ts";
import { idSegments, routeFind } from "./route.ts";

const GROUP = "/subscriptions/s/resourceGroups/g";
const ACCOUNT = `${GROUP}/providers/Microsoft.Batch/batchAccounts/a`;

const route = (method: string, path: string) => routeFind(method, path.slice(1).split("/"));
const rows = Object.entries(armOperations) as [ArmOperationId, ArmOperation][];

/** The same request under another name; which of the names is found does not matter to anybody. */
const ANOTHER_NAME = /ById$|_ListForResource$/;

test("every operation is found at its own path, in any case", () => {
  for (const [id, { method, path }] of rows) {
    if (ANOTHER_NAME.test(id)) continue;
    const filled = path.replace("/{scope}", ACCOUNT).replace(/\{\w+\}/g, "x");
    expect(route(method, filled).id, path).toBe(id);
    expect(route(method, filled.toUpperCase()).id, path).toBe(id);
  }
});

test.each([
  ["GET", "/subscriptions", "/"],
  ["GET", "/subscriptions/s", "/subscriptions/s"],
  ["GET", "/subscriptions/s/locations", "/subscriptions/s"],
  ["GET", "/subscriptions/s/resourcegroups", "/subscriptions/s"],
  ["PUT", GROUP, GROUP],
  ["GET", `${GROUP}/providers/Microsoft.Batch/batchAccounts`, GROUP],
  ["DELETE", ACCOUNT, ACCOUNT],
  ["POST", `${ACCOUNT}/listKeys`, ACCOUNT],
  ["GET", `${ACCOUNT}/pools`, ACCOUNT],
  ["PUT", `${ACCOUNT}/pools/p`, `${ACCOUNT}/pools/p`],
  ["GET", `${ACCOUNT}/providers/Microsoft.Authorization/roleAssignments`, ACCOUNT],
  ["GET", "/providers/Microsoft.Authorization/roleDefinitions", "/"],
  [
    "PUT",
    `${GROUP}/providers/Microsoft.Authorization/roleAssignments/r`,
    `${GROUP}/providers/Microsoft.Authorization/roleAssignments/r`,
  ],
])("%s %s is decided at %s", (method, path, scope) => {
  expect(route(method, path).scope).toBe(scope);
});

describe("an extension resource", () => {
  test("stands on any scope, management groups and whole tenants included", () => {
    const below = "providers/Microsoft.Authorization/roleDefinitions/r";
    const managementGroup = "/providers/Microsoft.Management/managementGroups/m";
    for (const scope of ["", "/subscriptions/s", ACCOUNT, `${ACCOUNT}/pools/p`, managementGroup]) {
      const found = route("GET", `${scope}/${below}`);
      expect(found.id).toBe("Microsoft.Authorization/RoleDefinitions_Get");
      expect(found.parameters).toEqual({ scope: scope || "/", roleDefinitionId: "r" });
    }
  });

  test("is found by the row for resources where none is for any scope", () => {
    const { id, scope } = route("GET", `${ACCOUNT}/providers/Microsoft.Authorization/permissions`);
    expect([id, scope]).toEqual(["Microsoft.Authorization/Permissions_ListForResource", ACCOUNT]);
  });
});

test("a provider's name after 'providers' is no resource type", () => {
  expect(route("GET", "/subscriptions/s/providers/Microsoft.Batch")).toMatchObject({
    id: "Microsoft.Resources/Providers_Get",
    parameters: { resourceProviderNamespace: "Microsoft.Batch" },
  });
});

test("a scope whose slashes are encoded is the same scope; a later name with one is none", () => {
  const lock = ["providers", "Microsoft.Authorization", "locks", "l"];
  for (const scope of [GROUP, ACCOUNT, GROUP.slice(1), `/${GROUP}/`])
    expect(routeFind("PUT", idSegments([scope, ...lock]))).toEqual(
      routeFind("PUT", idSegments([...scope.split("/"), ...lock])),
    );
  for (const wrong of [
    [`${GROUP}/../g`, ...lock],
    ["", "subscriptions", "s/t", ...lock],
  ])
    expect(() => routeFind("PUT", idSegments(wrong))).toThrowError(
      expect.objectContaining({ code: "InvalidUri" }),
    );
});

test.each(["", ".", "..", "a/b", "a\\b", "a\0b", "a\nb"])("the segment %j is none of an id", (segment) => {
  const segments = ["subscriptions", segment];
  expect(() => routeFind("GET", segments)).toThrowError(expect.objectContaining({ code: "InvalidUri" }));
});

test.each([
  ["/nothing", "NotFound"],
  ["/subscriptions/s/nothing", "NotFound"],
  ["/subscriptions/s/providers/Microsoft.Batch/nothing", "InvalidResourceType"],
  ["/subscriptions/s/providers/Nobody.Else/things", "InvalidResourceNamespace"],
  [`${ACCOUNT}/pools/p/nothing/x`, "InvalidResourceType"],
])("%s gives %s", (path, code) => {
  expect(() => route("GET", path)).toThrowError(expect.objectContaining({ code }));
});
