import { expect, test } from "vitest";
import { routeFind } from "./route.ts";

test.each([
  ["GET", ["v1.0", "users"], "Users_List", {}],
  ["GET", ["BETA", "Users", "a@b.example"], "Users_Get", { id: "a@b.example" }],
  ["GET", ["v1.0", "users('it''s@b.example')"], "Users_Get", { id: "it's@b.example" }],
  ["GET", ["v1.0", "applications(appId='x')"], "Applications_Get", { id: "appId='x'" }],
  [
    "POST",
    ["v1.0", "applications(appId='x')", "addPassword"],
    "Applications_AddPassword",
    { id: "appId='x'" },
  ],
  ["DELETE", ["v1.0", "oAuth2PermissionGrants", "g"], "OAuth2PermissionGrants_Delete", { id: "g" }],
  ["POST", ["v1.0", "directoryObjects", "getByIds"], "DirectoryObjects_GetByIds", {}],
  [
    "DELETE",
    ["v1.0", "groups", "g", "members", "m", "$ref"],
    "Groups_RemoveMember",
    { id: "g", memberId: "m" },
  ],
])("%s %j is %s", (method, segments, id, path) => {
  expect(routeFind(method, segments)).toMatchObject({ id, path });
});

test.each([
  ["GET", ["v2.0", "users"], 400],
  ["GET", [], 400],
  ["GET", ["v1.0"], 404],
  ["GET", ["v1.0", "users", ""], 404],
  ["GET", ["v1.0", "users", "x", "y"], 404],
  ["GET", ["v1.0", "__proto__"], 404],
  ["PUT", ["v1.0", "users", "x"], 405],
])("%s %j is refused with %i", (method, segments, status) => {
  expect(() => routeFind(method, segments)).toThrow(expect.objectContaining({ status }));
});
