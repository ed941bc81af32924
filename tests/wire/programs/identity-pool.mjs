/** Makes the pool of the page "Configure managed identities in Batch pools" with Azure's clients. Knows nothing of Batchyard. Prints one JSON line. */
import { BatchManagementClient } from "@azure/arm-batch";
import { ManagedServiceIdentityClient } from "@azure/arm-msi";
import { ResourceManagementClient } from "@azure/arm-resources";
import { ClientSecretCredential } from "@azure/identity";

const { AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, AZURE_SUBSCRIPTION_ID } = process.env;
const credential = new ClientSecretCredential(AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET);

async function all(pages) {
  const items = [];
  for await (const item of pages) items.push(item);
  return items;
}

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
const resources = new ResourceManagementClient(credential, AZURE_SUBSCRIPTION_ID);
const identities = new ManagedServiceIdentityClient(credential, AZURE_SUBSCRIPTION_ID);
const batch = new BatchManagementClient(credential, AZURE_SUBSCRIPTION_ID);
const at = ["js-pools", "jspools"];

await resources.resourceGroups.createOrUpdate("js-pools", { location: "westeurope" });
await batch.batchAccountOperations.beginCreateAndWait(...at, { location: "westeurope" });
const identity = await identities.userAssignedIdentities.createOrUpdate("js-pools", "reader", {
  location: "westeurope",
});
const sizeAndIdentity = {
  vmSize: "standard_d1_v2",
  scaleSettings: { fixedScale: { targetDedicatedNodes: 0 } },
  identity: { type: "UserAssigned", userAssignedIdentities: { [identity.id]: {} } },
};
const virtualMachineConfiguration = {
  imageReference: { publisher: "Canonical", offer: "UbuntuServer", sku: "18.04-LTS", version: "latest" },
  nodeAgentSkuId: "batch.node.ubuntu 18.04",
};
const pool = await batch.poolOperations.create(...at, "yourPoolName", {
  ...sizeAndIdentity,
  deploymentConfiguration: { virtualMachineConfiguration },
});
seen.pool = [pool.name, pool.vmSize, pool.identity.type, pool.provisioningState];
seen.identity = pool.identity.userAssignedIdentities[identity.id].clientId === identity.clientId;
seen.without = await outcome(
  batch.poolOperations.create(...at, "without", {
    ...sizeAndIdentity,
    deploymentConfiguration: { cloudServiceConfiguration: { osFamily: "5" } },
  }),
);
seen.exists = await outcome(
  batch.poolOperations.create(
    ...at,
    "yourPoolName",
    { vmSize: "standard_d1_v2", deploymentConfiguration: { virtualMachineConfiguration } },
    { ifNoneMatch: "*" },
  ),
);
const updated = await batch.poolOperations.update(...at, "yourPoolName", {
  metadata: [{ name: "a", value: "b" }],
  scaleSettings: { autoScale: { formula: "$TargetDedicatedNodes=0" } },
});
seen.updated = [updated.metadata, updated.scaleSettings.autoScale.evaluationInterval];
const scaled = await batch.poolOperations.disableAutoScale(...at, "yourPoolName");
seen.disabled = scaled.scaleSettings.fixedScale.targetDedicatedNodes;
seen.listed = (
  await all(batch.poolOperations.listByBatchAccount(...at, { filter: "startswith(name, 'your')" }))
).map(({ name }) => name);
await batch.poolOperations.beginDeleteAndWait(...at, "yourPoolName");
seen.gone = await outcome(batch.poolOperations.get(...at, "yourPoolName"));
console.log(JSON.stringify(seen));
