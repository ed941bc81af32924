/**
 * Manages what lies around a Batch account with Azure's newest management libraries for JavaScript: storage accounts and what is in them, locks,
 * roles, identities and resources. Knows nothing of Batchyard. Prints what came of each call as one JSON line.
 *
 *   node management.mjs FOLDER      where npm has put @azure/arm-storage and @azure/arm-locks
 */
import { randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import { join } from "node:path";
import { AuthorizationManagementClient } from "@azure/arm-authorization";
import { BatchManagementClient } from "@azure/arm-batch";
import { ManagedServiceIdentityClient } from "@azure/arm-msi";
import { ResourceManagementClient } from "@azure/arm-resources";
import { SubscriptionClient } from "@azure/arm-resources-subscriptions";
import { ClientSecretCredential } from "@azure/identity";

const require = createRequire(join(process.argv[2], "package.json"));
const { StorageManagementClient } = require("@azure/arm-storage");
const { ManagementLockClient } = require("@azure/arm-locks");

const { AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, AZURE_SUBSCRIPTION_ID } = process.env;
const credential = new ClientSecretCredential(AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET);
const [group, account, container, location] = ["js", "jsstore", "input", "westeurope"];
const fast = { updateIntervalInMs: 100 };

const seen = {};

/** @param isRight of what comes */
async function call(name, ask, isRight = () => true) {
  try {
    const value = await ask();
    seen[name] = isRight(value) ? "ok" : `wrong: ${JSON.stringify(value)?.slice(0, 300)}`;
    return value;
  } catch (error) {
    seen[name] = error.statusCode === undefined ? String(error.stack) : `${error.statusCode} ${error.code}`;
    return undefined;
  }
}

async function all(pages) {
  const items = [];
  for await (const item of pages) items.push(item);
  return items;
}

const has = (name) => (items) => items.some((item) => item.name === name);

const subscriptions = new SubscriptionClient(credential);
const resources = new ResourceManagementClient(credential, AZURE_SUBSCRIPTION_ID);
const storage = new StorageManagementClient(credential, AZURE_SUBSCRIPTION_ID);
const locks = new ManagementLockClient(credential, AZURE_SUBSCRIPTION_ID);
const roles = new AuthorizationManagementClient(credential, AZURE_SUBSCRIPTION_ID);
const identities = new ManagedServiceIdentityClient(credential, AZURE_SUBSCRIPTION_ID);
const batch = new BatchManagementClient(credential, AZURE_SUBSCRIPTION_ID);

await call("subscriptions.get", () => subscriptions.subscriptions.get(AZURE_SUBSCRIPTION_ID));
await call(
  "subscriptions.listLocations",
  () => all(subscriptions.subscriptions.listLocations(AZURE_SUBSCRIPTION_ID)),
  has(location),
);
await call(
  "tenants.list",
  () => all(subscriptions.tenants.list()),
  (list) => list.length > 0,
);
const made = await call("resourceGroups.createOrUpdate", () =>
  resources.resourceGroups.createOrUpdate(group, { location, tags: { a: "1" } }),
);
await call("providers.register", () => resources.providers.register("Microsoft.Storage"));
await call(
  "providers.list",
  () => all(resources.providers.list()),
  (list) => list.length > 3,
);

await call(
  "storageAccounts.checkNameAvailability",
  () =>
    storage.storageAccounts.checkNameAvailability({
      name: account,
      type: "Microsoft.Storage/storageAccounts",
    }),
  ({ nameAvailable }) => nameAvailable === true,
);
const sku = { name: "Standard_LRS" };
const store = await call(
  "storageAccounts.create",
  () => storage.storageAccounts.create(group, account, { location, sku, kind: "StorageV2" }, fast),
  ({ provisioningState, primaryEndpoints }) => provisioningState === "Succeeded" && !!primaryEndpoints.blob,
);
await call("storageAccounts.getProperties", () => storage.storageAccounts.getProperties(group, account));
await call(
  "storageAccounts.update",
  () => storage.storageAccounts.update(group, account, { tags: { b: "2" }, minimumTlsVersion: "TLS1_2" }),
  ({ tags }) => tags.b === "2",
);
await call("storageAccounts.list", () => all(storage.storageAccounts.list()), has(account));
await call(
  "storageAccounts.listByResourceGroup",
  () => all(storage.storageAccounts.listByResourceGroup(group)),
  has(account),
);
await call(
  "storageAccounts.listKeys",
  () => storage.storageAccounts.listKeys(group, account),
  ({ keys }) => keys.length === 2,
);
await call("storageAccounts.regenerateKey", () =>
  storage.storageAccounts.regenerateKey(group, account, { keyName: "key2" }),
);
const ends = new Date(Date.now() + 3_600_000);
await call(
  "storageAccounts.listAccountSAS",
  () =>
    storage.storageAccounts.listAccountSAS(group, account, {
      services: "b",
      resourceTypes: "sco",
      permissions: "rl",
      sharedAccessExpiryTime: ends,
    }),
  ({ accountSasToken }) => accountSasToken.includes("sig="),
);
await call(
  "storageAccounts.listServiceSAS",
  () =>
    storage.storageAccounts.listServiceSAS(group, account, {
      canonicalizedResource: `/blob/${account}/${container}`,
      resource: "c",
      permissions: "r",
      sharedAccessExpiryTime: ends,
    }),
  ({ serviceSasToken }) => serviceSasToken.includes("sig="),
);
await call("blobServices.list", () => all(storage.blobServices.list(group, account)), has("default"));
await call("blobServices.getServiceProperties", () =>
  storage.blobServices.getServiceProperties(group, account),
);
await call("blobServices.setServiceProperties", () =>
  storage.blobServices.setServiceProperties(group, account, {
    cors: {
      corsRules: [
        {
          allowedOrigins: ["https://example.test"],
          allowedMethods: ["GET"],
          maxAgeInSeconds: 60,
          exposedHeaders: [],
          allowedHeaders: [],
        },
      ],
    },
  }),
);
await call("blobContainers.create", () => storage.blobContainers.create(group, account, container, {}));
await call(
  "blobContainers.update",
  () => storage.blobContainers.update(group, account, container, { metadata: { a: "1" } }),
  ({ metadata }) => metadata.a === "1",
);
await call("blobContainers.get", () => storage.blobContainers.get(group, account, container));
await call("blobContainers.list", () => all(storage.blobContainers.list(group, account)), has(container));
await call("fileServices.getServiceProperties", () =>
  storage.fileServices.getServiceProperties(group, account),
);
await call("queueServices.getServiceProperties", () =>
  storage.queueServices.getServiceProperties(group, account),
);
await call("tableServices.getServiceProperties", () =>
  storage.tableServices.getServiceProperties(group, account),
);
await call("usages.listByLocation", () => all(storage.usages.listByLocation(location)));
await call("skus.list", () => all(storage.skus.list()));
await call("operations.list", () => all(storage.operations.list()));
await call("privateLinkResources", () => storage.privateLinkResources.listByStorageAccount(group, account));
await call("privateEndpointConnections.list", () =>
  all(storage.privateEndpointConnections.list(group, account)),
);
await call("managementPolicies.get, none", () => storage.managementPolicies.get(group, account, "default"));

const level = { level: "CanNotDelete", notes: "stays" };
await call("locks.createOrUpdateAtResourceGroupLevel", () =>
  locks.managementLocks.createOrUpdateAtResourceGroupLevel(group, "keep", level),
);
await call("locks.createOrUpdateByScope", () =>
  locks.managementLocks.createOrUpdateByScope(store?.id ?? "", "own", level),
);
await call("locks.getByScope", () => locks.managementLocks.getByScope(store?.id ?? "", "own"));
await call(
  "locks.listAtResourceGroupLevel",
  () => all(locks.managementLocks.listAtResourceGroupLevel(group)),
  has("keep"),
);
await call(
  "locks.listAtSubscriptionLevel",
  () => all(locks.managementLocks.listAtSubscriptionLevel()),
  has("keep"),
);
await call("storageAccounts.delete, locked", () => storage.storageAccounts.delete(group, account));
await call("locks.deleteByScope", () => locks.managementLocks.deleteByScope(store?.id ?? "", "own"));
await call("locks.deleteAtResourceGroupLevel", () =>
  locks.managementLocks.deleteAtResourceGroupLevel(group, "keep"),
);

const identity = await call("userAssignedIdentities.createOrUpdate", () =>
  identities.userAssignedIdentities.createOrUpdate(group, "worker", { location }),
);
await call(
  "userAssignedIdentities.listBySubscription",
  () => all(identities.userAssignedIdentities.listBySubscription()),
  has("worker"),
);
await call("federatedIdentityCredentials.createOrUpdate", () =>
  identities.federatedIdentityCredentials.createOrUpdate(group, "worker", "ci-main", {
    issuer: "https://token.example.test",
    subject: "repo",
    audiences: ["api://AzureADTokenExchange"],
  }),
);
await call(
  "federatedIdentityCredentials.list",
  () => all(identities.federatedIdentityCredentials.list(group, "worker")),
  has("ci-main"),
);
const scope = made?.id ?? "";
const [reader] =
  (await call(
    "roleDefinitions.list",
    () => all(roles.roleDefinitions.list(scope, { filter: "roleName eq 'Reader'" })),
    (list) => list.length === 1,
  )) ?? [];
const assignment = randomUUID();
await call("roleAssignments.create", () =>
  roles.roleAssignments.create(scope, assignment, {
    roleDefinitionId: reader?.id,
    principalId: identity?.principalId,
    principalType: "ServicePrincipal",
  }),
);
await call(
  "roleAssignments.listForScope",
  () => all(roles.roleAssignments.listForScope(scope, { filter: "atScope()" })),
  has(assignment),
);
await call("roleAssignments.delete", () => roles.roleAssignments.delete(scope, assignment));
await call("permissions.listForResourceGroup", () => all(roles.permissions.listForResourceGroup(group)));
await call("denyAssignments.list", () => all(roles.denyAssignments.list()));

await call("batchAccount.create", () =>
  batch.batchAccountOperations.beginCreateAndWait(
    group,
    "jsbatch",
    { location, autoStorage: { storageAccountId: store?.id } },
    fast,
  ),
);
await call(
  "resources.listByResourceGroup",
  () => all(resources.resources.listByResourceGroup(group)),
  has("jsbatch"),
);
await call("tags.createOrUpdateAtScope", () =>
  (resources.tagsOperations ?? resources.tags).createOrUpdateAtScope(scope, {
    properties: { tags: { c: "3" } },
  }),
);
await call("batchAccount.delete", () =>
  batch.batchAccountOperations.beginDeleteAndWait(group, "jsbatch", fast),
);
await call("blobContainers.delete", () => storage.blobContainers.delete(group, account, container));
await call("storageAccounts.delete", () => storage.storageAccounts.delete(group, account));
await call("storageAccounts.getProperties, gone", () =>
  storage.storageAccounts.getProperties(group, account),
);
await call("resourceGroups.delete", () => resources.resourceGroups.beginDeleteAndWait(group, fast));

console.log(JSON.stringify(seen));
