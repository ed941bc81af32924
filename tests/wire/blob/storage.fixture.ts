/** A seed with a storage account, and an application for each thing that one may do with it. */
import { randomUUID } from "node:crypto";

export interface StorageApplication {
  readonly clientId: string;
  readonly clientSecret: string;
}

const application = (): StorageApplication => ({
  clientId: randomUUID(),
  clientSecret: `${randomUUID()}${randomUUID()}`,
});

export const STORAGE_TENANT = randomUUID();
export const OTHER_TENANT = randomUUID();
export const STORAGE_SUBSCRIPTION = randomUUID();
export const STORAGE_ACCOUNT = "labstorage";
export const STORAGE_GROUP = "lab";

const group = `/subscriptions/${STORAGE_SUBSCRIPTION}/resourceGroups/${STORAGE_GROUP}`;
export const storageAccountId = `${group}/providers/Microsoft.Storage/storageAccounts/${STORAGE_ACCOUNT}`;

/** The first is the service's own first application: contributor of all, and of blobs. */
export const storageApplications = {
  contributor: application(),
  reader: application(),
  /** Of one container alone. */
  narrow: application(),
  /** Contributor of Azure, which is none of blobs. */
  manager: application(),
  nobody: application(),
};
export const stranger = application();

const assign = (to: StorageApplication, role: string, scope = group) => ({
  principal: to.clientId,
  role,
  scope,
});
const { contributor, reader, narrow, manager } = storageApplications;
const place = { subscriptionId: STORAGE_SUBSCRIPTION, resourceGroup: STORAGE_GROUP, location: "westeurope" };

export const storageSeed = {
  tenants: [
    {
      tenantId: STORAGE_TENANT,
      domains: ["lab.example"],
      applications: Object.values(storageApplications),
    },
    { tenantId: OTHER_TENANT, domains: ["other.example"], applications: [stranger] },
  ],
  subscriptions: [{ subscriptionId: STORAGE_SUBSCRIPTION, tenantId: STORAGE_TENANT }],
  accounts: [{ ...place, name: "labbatch" }],
  storageAccounts: [{ ...place, name: STORAGE_ACCOUNT }],
  roleAssignments: [
    assign(contributor, "Contributor", `/subscriptions/${STORAGE_SUBSCRIPTION}`),
    assign(contributor, "Storage Blob Data Contributor"),
    assign(reader, "Storage Blob Data Reader"),
    assign(
      narrow,
      "Storage Blob Data Contributor",
      `${storageAccountId}/blobServices/default/containers/narrow`,
    ),
    assign(manager, "Contributor"),
  ],
};
