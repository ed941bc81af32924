import { expect, test } from "vitest";
import { APPLICATION_ADMINISTRATOR, GLOBAL_ADMINISTRATOR } from "../../wire/entra/directory-roles.ts";
import { AS_USER, READ_ME, READ_USERS, WRITE_APPLICATIONS, WRITE_USERS } from "../../wire/graph/access.ts";
import { type GraphCaller, isGlobalAdministrator, refusedBy } from "./graph-access.ts";

const application = (...appRoles: string[]): GraphCaller => ({
  kind: "ServicePrincipal",
  appRoles,
  scopes: [],
  directoryRoles: new Set(),
});
const user = (scopes: string[], ...roles: { templateId: string }[]): GraphCaller => ({
  kind: "User",
  appRoles: [],
  scopes,
  directoryRoles: new Set(roles.map(({ templateId }) => templateId)),
});

test("an application needs one of the app roles, whatever delegated permission its name has", () => {
  expect(refusedBy(WRITE_APPLICATIONS, application("Application.ReadWrite.All"))).toBeUndefined();
  expect(refusedBy(WRITE_APPLICATIONS, application("Application.Read.All"))).toMatchObject({
    lacks: "appRole",
  });
  expect(refusedBy(READ_USERS, { ...application(), scopes: ["User.Read.All", AS_USER] })).toMatchObject({
    lacks: "appRole",
  });
  expect(refusedBy(READ_ME, application("Directory.ReadWrite.All"))).toEqual({ lacks: "user" });
});

test("a user's client needs the delegated permission, and the user the directory role", () => {
  expect(refusedBy(WRITE_USERS, user([AS_USER], GLOBAL_ADMINISTRATOR))).toBeUndefined();
  expect(refusedBy(WRITE_USERS, user(["User.Read"], GLOBAL_ADMINISTRATOR))).toMatchObject({ lacks: "scope" });
  expect(refusedBy(WRITE_USERS, user([AS_USER], APPLICATION_ADMINISTRATOR))).toEqual({
    lacks: "directoryRole",
    anyOf: ["Global Administrator", "User Administrator"],
  });
  expect(refusedBy(READ_USERS, user(["User.Read.All"]))).toBeUndefined();
  // App roles in a user's token say what the user is, not what may be done.
  expect(refusedBy(READ_USERS, { ...user([]), appRoles: ["User.Read.All"] })).toMatchObject({
    lacks: "scope",
  });
});

test("a Global Administrator counts as one only where the client acts with all of the user's power", () => {
  expect(isGlobalAdministrator(user([AS_USER], GLOBAL_ADMINISTRATOR))).toBe(true);
  expect(isGlobalAdministrator(user(["User.ReadWrite.All"], GLOBAL_ADMINISTRATOR))).toBe(false);
  expect(isGlobalAdministrator(application(AS_USER))).toBe(false);
});
