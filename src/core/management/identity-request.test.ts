import { expect, test } from "vitest";
import { identityRequest } from "./identity-request.ts";

const id = (name: string) =>
  `/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`;
const request = (identity: unknown) => identityRequest({ identity }, ["UserAssigned", "None"]);

test("identities are named once, as they were given; null takes one away", () => {
  const userAssignedIdentities = { [id("a")]: {}, [id("A").toUpperCase()]: {}, [id("b")]: null };
  expect(request({ type: "userassigned", userAssignedIdentities })).toEqual({
    type: "UserAssigned",
    userAssigned: [id("A").toUpperCase()],
    removed: [id("b").toLowerCase()],
  });
});

test("a body may not speak of identities, or want none", () => {
  expect(request(undefined)).toBeUndefined();
  expect(request(null)).toBeUndefined();
  expect(request({ type: "None" })).toEqual({ type: "None", userAssigned: [], removed: [] });
});

test.each([
  [{}, "identity.type"],
  [{ type: "SystemAssigned" }, "identity.type"],
  [{ type: "UserAssigned" }, "identity.userAssignedIdentities"],
  [{ type: "None", userAssignedIdentities: { [id("a")]: {} } }, "identity.userAssignedIdentities"],
  [{ type: "UserAssigned", userAssignedIdentities: { x: {} } }, "identity.userAssignedIdentities['x']"],
  [
    { type: "UserAssigned", userAssignedIdentities: { [`${id("a")}/..`]: {} } },
    "identity.userAssignedIdentities",
  ],
  [{ type: "UserAssigned", userAssignedIdentities: { [id("a")]: 1 } }, "identity.userAssignedIdentities"],
  ["UserAssigned", "identity"],
])("%j is refused by name", (identity, at) => {
  expect(() => request(identity)).toThrow(at);
});
