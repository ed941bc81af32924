/** Manages groups, accounts and roles with Azure's management clients. Knows nothing of Batchyard. Prints one JSON line. */
import { randomUUID } from "node:crypto";
import { AuthorizationManagementClient } from "@azure/arm-authorization";
import { BatchManagementClient } from "@azure/arm-batch";
import { ResourceManagementClient } from "@azure/arm-resources";
import { SubscriptionClient } from "@azure/arm-resources-subscriptions";
import { ClientSecretCredential } from "@azure/identity";

const { AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, PRINCIPAL_ID } = process.env;
const credential = new ClientSecretCredential(AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET);

async function all(pages) {
  const items = [];
  for await (const item of pages) items.push(item);
  return items;
}

/** `ok`, or the status and code of the error. */
async function outcome(call) {
  try {
    await call;
    return "ok";
  } catch (error) {
    if (error.statusCode === undefined) throw error;
    return [error.statusCode, error.code];
  }
}

const seen = {};
const subscriptions = new SubscriptionClient(credential);
const [subscription] = await all(subscriptions.subscriptions.list());
const [tenant] = await all(subscriptions.tenants.list());
seen.tenant = tenant.tenantId === AZURE_TENANT_ID;
seen.locations =
  (await all(subscriptions.subscriptions.listLocations(subscription.subscriptionId))).length > 0;

const resources = new ResourceManagementClient(credential, subscription.subscriptionId);
const group = await resources.resourceGroups.createOrUpdate("js", {
  location: "westeurope",
  tags: { a: "1" },
});
seen.group = [group.name, group.location, group.tags, group.properties.provisioningState];
seen.exists = [
  (await resources.resourceGroups.checkExistence("js")).body,
  (await resources.resourceGroups.checkExistence("absent")).body,
];
seen.groups = (await all(resources.resourceGroups.list({ filter: "tagName eq 'a'" }))).map(
  ({ name }) => name,
);
seen.provider = (await resources.providers.register("Microsoft.Batch")).registrationState;

const batch = new BatchManagementClient(credential, subscription.subscriptionId);
seen.free = (
  await batch.location.checkNameAvailability("westeurope", {
    name: "jsaccount",
    type: "Microsoft.Batch/batchAccounts",
  })
).nameAvailable;
const storageAccountId = `/subscriptions/${subscription.subscriptionId}/resourceGroups/js/providers/Microsoft.Storage/storageAccounts/jsstorage`;
await resources.resources.beginCreateOrUpdateByIdAndWait(storageAccountId, "2023-05-01", {
  location: "westeurope",
  sku: { name: "Standard_LRS" },
  kind: "StorageV2",
});
const account = await batch.batchAccountOperations.beginCreateAndWait("js", "jsaccount", {
  location: "westeurope",
  autoStorage: { storageAccountId },
});
seen.account = [account.name, account.provisioningState, account.poolAllocationMode, account.accountEndpoint];
const keys = await batch.batchAccountOperations.getKeys("js", "jsaccount");
const renewed = await batch.batchAccountOperations.regenerateKey("js", "jsaccount", { keyName: "Secondary" });
seen.keys = [keys.primary === renewed.primary, keys.secondary === renewed.secondary];
const patched = await batch.batchAccountOperations.update("js", "jsaccount", {
  allowedAuthenticationModes: ["AAD"],
});
seen.modes = patched.allowedAuthenticationModes;
await batch.batchAccountOperations.synchronizeAutoStorageKeys("js", "jsaccount");
seen.listed = (await all(batch.batchAccountOperations.listByResourceGroup("js"))).map(({ name }) => name);
seen.quota = (await batch.location.getQuotas("westeurope")).accountQuota > 0;
seen.resources = (await all(resources.resources.listByResourceGroup("js"))).map(({ type }) => type);

const authorization = new AuthorizationManagementClient(credential, subscription.subscriptionId);
const scope = `/subscriptions/${subscription.subscriptionId}`;
const roleName = randomUUID();
const role = await authorization.roleDefinitions.createOrUpdate(scope, roleName, {
  roleName: "JS submitter",
  roleType: "CustomRole",
  description: "Submits jobs",
  assignableScopes: [scope],
  permissions: [
    { actions: ["Microsoft.Batch/*/read"], dataActions: ["Microsoft.Batch/batchAccounts/jobs/*"] },
  ],
});
seen.role = [role.roleName, role.roleType, role.permissions[0].dataActions];
const assignment = await authorization.roleAssignments.create(account.id, randomUUID(), {
  roleDefinitionId: role.id,
  principalId: PRINCIPAL_ID,
  principalType: "ServicePrincipal",
});
seen.assigned = (
  await all(
    authorization.roleAssignments.listForScope(account.id, { filter: `principalId eq '${PRINCIPAL_ID}'` }),
  )
).map(({ scope: at }) => at === account.id);
seen.byId = [
  (await authorization.roleAssignments.getById(assignment.id)).name === assignment.name,
  (await authorization.roleDefinitions.getById(role.id)).roleName,
  await outcome(
    authorization.denyAssignments.getById(
      `${scope}/providers/Microsoft.Authorization/denyAssignments/${randomUUID()}`,
    ),
  ),
];
const second = await authorization.roleAssignments.createById(
  `${scope}/resourceGroups/js/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}`,
  { roleDefinitionId: role.id, principalId: PRINCIPAL_ID, principalType: "ServicePrincipal" },
);
await authorization.roleAssignments.deleteById(second.id);
seen.ofResource = (
  await all(
    authorization.roleAssignments.listForResource("js", "Microsoft.Batch", "batchAccounts", "jsaccount"),
  )
).some(({ name }) => name === assignment.name);
seen.inUse = await outcome(authorization.roleDefinitions.delete(scope, roleName));
await authorization.roleAssignments.deleteById(assignment.id);
await authorization.roleDefinitions.delete(scope, roleName);
seen.gone = await outcome(authorization.roleDefinitions.get(scope, roleName));
seen.permissions = (await all(authorization.permissions.listForResourceGroup("js"))).length > 0;
seen.denials = (await all(authorization.denyAssignments.listForScope(account.id))).length;

await batch.batchAccountOperations.beginDeleteAndWait("js", "jsaccount");
seen.deleted = await outcome(batch.batchAccountOperations.get("js", "jsaccount"));
await resources.resourceGroups.beginDeleteAndWait("js");
seen.end = (await resources.resourceGroups.checkExistence("js")).body;
console.log(JSON.stringify(seen));
