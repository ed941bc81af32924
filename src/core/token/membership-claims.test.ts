import { expect, test } from "vitest";
import { type Memberships, membershipClaims } from "./membership-claims.ts";

const token = { tenantId: "t", objectId: "o", kind: "users", isInFragment: false } as const;
const groups = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: `g${index}`, displayName: `Group ${index}` }));
const of = (count: number, more: Partial<Memberships> = {}): Memberships => ({
  groups: groups(count),
  assigned: new Set(),
  directoryRoles: ["r"],
  ...more,
});
const asked = (groupMembershipClaims: string | null) => ({ groupMembershipClaims });
const claim = (...additionalProperties: string[]) => ({
  name: "groups",
  source: null,
  essential: false,
  additionalProperties,
});

test("each word of the property tells what it names, and nothing else", () => {
  const told = (words: string | null) => membershipClaims(asked(words), undefined, of(2), token).claims;
  expect(told(null)).toEqual({});
  expect(told("None")).toEqual({});
  expect(told("SecurityGroup")).toEqual({ groups: ["g0", "g1"] });
  expect(told("DirectoryRole")).toEqual({ wids: ["r"] });
  expect(told("SecurityGroup, DirectoryRole")).toEqual({ groups: ["g0", "g1"], wids: ["r"] });
  expect(told("All")).toEqual({ groups: ["g0", "g1"], wids: ["r"] });
  const memberships = of(3, { assigned: new Set(["g1"]) });
  expect(membershipClaims(asked("ApplicationGroup"), undefined, memberships, token).claims).toEqual({
    groups: ["g1"],
  });
});

test("with more groups than a token holds it says where to ask for them", () => {
  const many = (count: number, isInFragment = false) =>
    membershipClaims(asked("SecurityGroup"), undefined, of(count), { ...token, isInFragment }).claims;
  expect(many(200).groups).toHaveLength(200);
  expect(many(201)).toEqual({
    _claim_names: { groups: "src1" },
    _claim_sources: { src1: { endpoint: "https://graph.windows.net/t/users/o/getMemberObjects" } },
  });
  // In an address there is room for five.
  expect(many(5, true).groups).toHaveLength(5);
  expect(many(6, true)).toEqual({ hasgroups: true });
});

test("the optional claim has groups told by name, or as roles", () => {
  const told = (...properties: string[]) =>
    membershipClaims(asked("SecurityGroup"), claim(...properties), of(1), token);
  expect(told("cloud_displayname")).toEqual({ claims: { groups: ["Group 0"] }, roles: [] });
  expect(told("emit_as_roles")).toEqual({ claims: {}, roles: ["g0"] });
  // What describes groups of a directory elsewhere leaves those of this one as they are.
  expect(told("sam_account_name")).toEqual({ claims: { groups: ["g0"] }, roles: [] });
});
