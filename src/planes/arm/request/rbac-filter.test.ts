import { expect, test } from "vitest";
import { Query } from "../../../http/query.ts";
import { rbacFilter } from "./rbac-filter.ts";

const ID = "aaaaaaaa-0000-0000-0000-000000000001";
const filterOf = (text: string) =>
  Object.fromEntries(
    rbacFilter(new Query(`$filter=${encodeURIComponent(text)}`), [
      "atScope",
      "assignedTo",
      "principalId",
      "roleName",
      "type",
    ]),
  );

test.each([
  ["", {}],
  ["atScope()", { atScope: "" }],
  [`principalId eq '${ID}'`, { principalId: ID }],
  [`principalId eq ${ID}`, { principalId: ID }],
  [`atScope() and assignedTo('${ID}')`, { atScope: "", assignedTo: ID }],
  [
    "roleName eq 'Bread and butter' and type eq 'CustomRole'",
    { roleName: "Bread and butter", type: "CustomRole" },
  ],
  ["roleName eq 'Owner''s'", { roleName: "Owner's" }],
])("%j means %j", (text, clauses) => {
  expect(filterOf(text)).toEqual(clauses);
});

test.each([
  "atScope",
  "principalId eq",
  "roleName eq 'a' or type eq 'b'",
  "roleName eq 'a' and",
  "atScopeAndBelow()",
])("%j is refused", (text) => {
  expect(() => filterOf(text)).toThrowError(expect.objectContaining({ code: "InvalidFilterInQueryString" }));
});
