import { expect, test } from "vitest";
import { authorize, requireGlobalAdministrator } from "./authorize.ts";
import type { Caller } from "./context.ts";

const OWN = "aaaaaaaa-0000-4000-8000-000000000001";
const OTHER = "aaaaaaaa-0000-4000-8000-000000000002";

const user: Caller = {
  kind: "User",
  tenantId: "t",
  appId: "a",
  objectId: OWN,
  appRoles: [],
  scopes: ["User.Read"],
  directoryRoles: new Set(),
};
const denied = expect.objectContaining({ code: "Authorization_RequestDenied", status: 403 });

test("with User.Read alone one reads oneself, by either address, and nobody else", () => {
  expect(() => authorize("Me_Get", user, {})).not.toThrow();
  expect(() => authorize("Users_Get", user, { id: OWN.toUpperCase() })).not.toThrow();
  expect(() => authorize("Users_Get", user, { id: OTHER })).toThrow(denied);
  expect(() => authorize("Users_Update", user, { id: OWN })).toThrow(denied);
  expect(() => authorize("Users_Get", { ...user, kind: "ServicePrincipal" }, { id: OWN })).toThrow(denied);
});

test("a refusal says which of the two is missing", () => {
  expect(() => authorize("Users_List", user, {})).toThrow(/delegated permissions User\.Read\.All/);
  const trusted = { ...user, scopes: ["Directory.AccessAsUser.All"] };
  expect(() => authorize("Users_Create", trusted, {})).toThrow(
    /directory roles Global Administrator, User Adm/,
  );
  expect(() => requireGlobalAdministrator(trusted, "This")).toThrow(denied);
});
