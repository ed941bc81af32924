/** Escalation by consent: who administers applications becomes who administers the directory, and with it everything. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { applicationUpdate } from "../../src/app/directory/application.ts";
import { directoryRoleMemberAdd } from "../../src/app/directory/directory-role.ts";
import { userCreate } from "../../src/app/directory/user.ts";
import { APPLICATION_ADMINISTRATOR } from "../../src/wire/entra/directory-roles.ts";
import { firstPartyApplication, GRAPH_APP_ID } from "../../src/wire/entra/first-party.ts";
import { TestBrowser } from "../wire/browser.fixture.ts";
import {
  BATCH_PERMISSION,
  openSignInDoor,
  REDIRECT,
  type SignInDoor,
} from "../wire/entra/sign-in.fixture.ts";

let door: SignInDoor;
beforeAll(async () => {
  door = await openSignInDoor();
  const { directory, tenantId, password, clock } = door;
  const named = { userPrincipalName: "app-admin@test.example", displayName: "App admin", password };
  const { objectId } = await userCreate(directory, tenantId, named, clock());
  await directoryRoleMemberAdd(directory, tenantId, APPLICATION_ADMINISTRATOR.templateId, objectId);
});
afterAll(() => door?.close());

const roleOf = (value: string) =>
  firstPartyApplication(GRAPH_APP_ID)?.registration.appRoles.find((role) => role.value === value)?.id ?? "";
const asking = (...roles: string[]) => ({
  publicClient: { redirectUris: [REDIRECT] },
  requiredResourceAccess: [
    BATCH_PERMISSION,
    {
      resourceAppId: GRAPH_APP_ID,
      resourceAccess: roles.map((value) => ({ id: roleOf(value), type: "Role" as const })),
    },
  ],
});

async function adminConsent(username: string, appId: string) {
  const query = new URLSearchParams({ client_id: appId, redirect_uri: REDIRECT });
  const url = `http://localhost:${door.plain.port}/${door.tenantId}/adminconsent?${query}`;
  const visit = await new TestBrowser(door).signIn(url, { username, password: door.password });
  const [client, graph] = await Promise.all(
    [appId, GRAPH_APP_ID].map((id) => door.directory.client(door.tenantId, id)),
  );
  if (client === undefined || graph === undefined) throw new Error("not registered");
  const said = visit.left?.searchParams;
  return {
    said: said?.get("error_description")?.slice(0, 11) ?? said?.get("admin_consent"),
    roles: await door.directory.appRoles(client.objectId, graph),
  };
}

test("an Application Administrator consents to Microsoft Graph's own roles, and may then assign every other", async () => {
  const { appId } = await door.register(asking("AppRoleAssignment.ReadWrite.All", "Group.ReadWrite.All"));
  expect(await adminConsent("app-admin@test.example", appId)).toEqual({ said: "AADSTS90094", roles: [] });
  expect(await adminConsent("admin@test.example", appId)).toEqual({
    said: "True",
    roles: expect.arrayContaining(["AppRoleAssignment.ReadWrite.All", "Group.ReadWrite.All"]),
  });
  // What the application holds already is not given again; an Application Administrator may consent for everyone to the rest.
  expect((await adminConsent("app-admin@test.example", appId)).said).toBe("True");
});

test("a registration that grows after consent brings its new roles in with the next Application Administrator's click", async () => {
  const { appId } = await door.register(asking());
  expect((await adminConsent("app-admin@test.example", appId)).said).toBe("True");
  const registration = asking("Application.ReadWrite.All");
  await applicationUpdate(door.directory, door.tenantId, appId, { registration });
  expect(await adminConsent("app-admin@test.example", appId)).toEqual({ said: "AADSTS90094", roles: [] });
});
