import { afterEach, beforeEach, expect, test } from "vitest";
import { subscriptionInsert } from "../../store/accounts.ts";
import { BATCH_PERMISSIONS } from "../../wire/rbac/batch-permissions.ts";
import { CONTRIBUTOR } from "../../wire/rbac/built-in-roles.ts";
import type { TokenPrincipal } from "../directory/access-token-verify.ts";
import {
  APP_ID,
  type DirectoryFixture,
  openDirectoryFixture,
  START,
} from "../directory/directory.fixture.ts";
import { servicePrincipalUpdate } from "../directory/service-principal.ts";
import { userCreate, userDelete, userUpdate } from "../directory/user.ts";
import { identityPut, identityRemove } from "../identities/identity-write.ts";
import { resourceGroupPut } from "../subscriptions/resource-group-write.ts";
import {
  ACCOUNT,
  AUTHOR,
  SERVICE_PRINCIPAL_ID,
  SUBSCRIPTION,
  SUBSCRIPTION_ID,
  TENANT_ID,
} from "./access.fixture.ts";
import { Access } from "./access.ts";
import { roleAssignmentWrite } from "./role-assignments.ts";

const ASSIGNMENT = "c0ffee00-0000-4000-8000-000000000003";

let fixture: DirectoryFixture;
let access: Access;
beforeEach(async () => {
  fixture = await openDirectoryFixture();
  access = new Access(fixture.store, fixture.directory);
  await fixture.store.write((c) =>
    subscriptionInsert.run(c, { id: SUBSCRIPTION_ID, tenant_id: TENANT_ID, display_name: "Render" }),
  );
});
afterEach(() => fixture.close());

const principal = (objectId: string, kind: TokenPrincipal["kind"], appId = APP_ID): TokenPrincipal => ({
  tenantId: TENANT_ID,
  objectId,
  appId,
  kind,
  scopes: [],
  roles: [],
  authAt: START,
});

test("a principal's state is remembered until the directory changes", async () => {
  const { directory } = fixture;
  const application = principal(SERVICE_PRINCIPAL_ID, "ServicePrincipal");
  expect(await access.stateOf(application)).toBe("active");
  expect(access.stateOf(application)).toBe("active");
  await servicePrincipalUpdate(directory, TENANT_ID, APP_ID, { enabled: false });
  expect(await access.stateOf(application)).toBe("disabled");
  expect(await access.stateOf(principal("99999999-9999-4999-8999-999999999999", "User"))).toBe("gone");
});

test("a user's token is as good as the user and the application that acts for it", async () => {
  const { directory } = fixture;
  const named = { userPrincipalName: "ann@contoso.example", displayName: "Ann", password: "correct horse" };
  const domain = (await directory.tenant(TENANT_ID))?.defaultDomain;
  const userPrincipalName = `ann@${domain}`;
  const { objectId } = await userCreate(directory, TENANT_ID, { ...named, userPrincipalName }, START);
  const user = principal(objectId, "User");
  expect(await access.stateOf(user)).toBe("active");
  await servicePrincipalUpdate(directory, TENANT_ID, APP_ID, { enabled: false });
  expect(await access.stateOf(user)).toBe("disabled");
  await servicePrincipalUpdate(directory, TENANT_ID, APP_ID, { enabled: true });
  await userUpdate(directory, TENANT_ID, objectId, { enabled: false });
  expect(await access.stateOf(user)).toBe("disabled");
  await userDelete(directory, TENANT_ID, objectId, START);
  expect(await access.stateOf(user)).toBe("gone");
});

test("a disabled principal may do nothing by any role, and all of it again once it is enabled", async () => {
  const { store, directory } = fixture;
  const roleDefinitionId = `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${CONTRIBUTOR.name}`;
  const body = { properties: { roleDefinitionId, principalId: SERVICE_PRINCIPAL_ID } };
  const changes = { store, access, clock: () => START };
  await roleAssignmentWrite(changes, AUTHOR, { name: ASSIGNMENT, scope: SUBSCRIPTION, body });
  const mayRead = async () =>
    (await access.principal(TENANT_ID, SERVICE_PRINCIPAL_ID)).decide(BATCH_PERMISSIONS.read, ACCOUNT).allowed;
  expect(await mayRead()).toBe(true);
  await servicePrincipalUpdate(directory, TENANT_ID, APP_ID, { enabled: false });
  expect(await mayRead()).toBe(false);
  await servicePrincipalUpdate(directory, TENANT_ID, APP_ID, { enabled: true });
  expect(await mayRead()).toBe(true);
});

test("an identity's tokens open nothing once management has deleted it", async () => {
  const { store, directory } = fixture;
  const changes = { store, access, clock: () => START };
  const subscription = { subscriptionId: SUBSCRIPTION_ID, tenantId: TENANT_ID, displayName: "Render" };
  const { group } = await resourceGroupPut(changes, subscription, "render", { location: "westus" }, [
    "westus",
  ]);
  const parent = { subscription, group };
  const put = { name: "robot", location: "westus", tags: {} };
  const { principalId, clientId } = (await identityPut(changes, parent, put)).identity;
  const identity = principal(principalId, "ServicePrincipal", clientId);
  expect(await access.stateOf(identity)).toBe("active");
  expect(await directory.principalIds(principalId)).toEqual([principalId]);
  await identityRemove(changes, parent, "robot");
  expect(await access.stateOf(identity)).toBe("gone");
});
