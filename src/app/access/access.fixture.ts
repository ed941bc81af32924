/** For tests: a tenant with a subscription, an application whom roles can be assigned to, and what changes roles. */
import { subscriptionInsert } from "../../store/accounts.ts";
import {
  type DirectoryFixture,
  openDirectoryFixture,
  SERVICE_PRINCIPAL_ID,
  START,
  TENANT_ID,
} from "../directory/directory.fixture.ts";
import { Access } from "./access.ts";
import type { AccessAuthor, AccessChanges } from "./access-change.ts";

export { SERVICE_PRINCIPAL_ID, TENANT_ID } from "../directory/directory.fixture.ts";
export const SUBSCRIPTION_ID = "55555555-5555-4555-8555-555555555555";
export const SUBSCRIPTION = `/subscriptions/${SUBSCRIPTION_ID}`;
export const ACCOUNT = `${SUBSCRIPTION}/resourceGroups/render/providers/Microsoft.Batch/batchAccounts/farm`;
export const AUTHOR: AccessAuthor = { tenantId: TENANT_ID, objectId: SERVICE_PRINCIPAL_ID };

export interface AccessFixture extends DirectoryFixture {
  readonly changes: AccessChanges;
}

export async function openAccessFixture(): Promise<AccessFixture> {
  const fixture = await openDirectoryFixture();
  const { store } = fixture;
  await store.write((c) =>
    subscriptionInsert.run(c, { id: SUBSCRIPTION_ID, tenant_id: TENANT_ID, display_name: "Render" }),
  );
  return { ...fixture, changes: { store, access: new Access(store), clock: () => START } };
}
