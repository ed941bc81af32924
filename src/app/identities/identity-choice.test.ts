import { expect, test } from "vitest";
import { identityChoice } from "./identity-choice.ts";

const named = (n: number) => ({
  clientId: `c${n}`,
  principalId: `o${n}`,
  tenantId: "t",
  resourceId: `/subscriptions/S/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i${n}`,
});
const [one, two] = [named(1), named(2)];

test("the only one needs no name, of several each needs one, none is not found", () => {
  expect(identityChoice([one], undefined)).toEqual({ identity: one });
  expect(identityChoice([one, two], undefined)).toMatchObject({
    description: expect.stringContaining("Multiple"),
  });
  expect(identityChoice([], undefined)).toMatchObject({ description: "Identity not found" });
});

test.each([
  ["client_id", "C2"],
  ["object_id", "O2"],
  ["mi_res_id", two.resourceId.toUpperCase()],
] as const)("by %s, in any case", (by, value) => {
  expect(identityChoice([one, two], { by, value })).toEqual({ identity: two });
});

test("a name of one kind is none of another, and another node's identity is unknown", () => {
  expect(identityChoice([one], { by: "client_id", value: "o1" })).toHaveProperty("error");
  expect(identityChoice([one], { by: "object_id", value: "o2" })).toHaveProperty("error");
});
