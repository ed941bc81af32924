import { expect, test } from "vitest";
import { readRole } from "./role-json.ts";

const SCOPE = "/subscriptions/s1/resourceGroups/g/providers/Microsoft.Batch/batchAccounts/a";

test("the documents' JSON becomes a role of this subscription", () => {
  const json = JSON.stringify({
    properties: {
      roleName: "Jobs",
      type: "CustomRole",
      description: "May submit jobs",
      assignableScopes: ["/subscriptions/88888888-8888-8888-8888-888888888888"],
      permissions: [
        { actions: ["Microsoft.Batch/*/read"], notActions: [], dataActions: ["x"], notDataActions: [] },
      ],
    },
  });
  expect(readRole(json, SCOPE)).toEqual({
    roleName: "Jobs",
    description: "May submit jobs",
    assignableScopes: ["/subscriptions/s1"],
    permissions: [
      { actions: ["Microsoft.Batch/*/read"], notActions: [], dataActions: ["x"], notDataActions: [] },
    ],
  });
});

test("files of the Azure CLI are read, too", () => {
  const json = JSON.stringify({ Name: "R", Actions: ["*/read"], AssignableScopes: ["/subscriptions/S1/x"] });
  expect(readRole(json, SCOPE)).toMatchObject({
    roleName: "R",
    assignableScopes: ["/subscriptions/S1/x"],
    permissions: [{ actions: ["*/read"] }],
  });
});

test.each([
  ["{", /no JSON/],
  ["[]", /object/],
  ["{}", /no permissions/],
])("%s is refused in words", (json, said) => {
  expect(readRole(json, SCOPE)).toMatch(said);
});
