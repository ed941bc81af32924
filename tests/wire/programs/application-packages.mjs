/** Brings an application to a pool and to tasks with Azure's clients. Knows nothing of Batchyard. Prints one JSON line. */
import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { BatchManagementClient } from "@azure/arm-batch";
import { BatchServiceClient } from "@azure/batch";
import { ClientSecretCredential } from "@azure/identity";
import { BlockBlobClient } from "@azure/storage-blob";

const { AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, AZURE_SUBSCRIPTION_ID } = process.env;
const [group, account, location, oldArchive, newArchive] = process.argv.slice(2);
const identity = new ClientSecretCredential(AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET);
const management = new BatchManagementClient(identity, AZURE_SUBSCRIPTION_ID);
const seen = {};

await management.applicationOperations.create(group, account, "tool");
for (const [version, file] of [
  ["1.0", oldArchive],
  ["2.0", newArchive],
]) {
  const made = await management.applicationPackageOperations.create(group, account, "tool", version);
  await new BlockBlobClient(made.storageUrl).uploadData(readFileSync(file));
  const active = await management.applicationPackageOperations.activate(group, account, "tool", version, {
    format: "zip",
  });
  seen[version] = active.state;
}
await management.applicationOperations.update(group, account, "tool", { defaultVersion: "1.0" });

const application = `/subscriptions/${AZURE_SUBSCRIPTION_ID}/resourceGroups/${group}/providers/Microsoft.Batch/batchAccounts/${account}/applications/tool`;
const pool = await management.poolOperations.create(group, account, "packaged", {
  vmSize: "STANDARD_D2S_V3",
  deploymentConfiguration: {
    virtualMachineConfiguration: {
      imageReference: { publisher: "debian", offer: "debian-12", sku: "12" },
      nodeAgentSkuId: "batch.node.debian 12",
    },
  },
  scaleSettings: { fixedScale: { targetDedicatedNodes: 1 } },
  applicationPackages: [{ id: application }],
  startTask: { commandLine: "/bin/sh -c '$AZ_BATCH_APP_PACKAGE_tool/tool start'", waitForSuccess: true },
});
seen.pool = pool.applicationPackages?.map(({ id }) => id === application);

const batch = new BatchServiceClient(
  {
    async signRequest(request) {
      const { token } = await identity.getToken("https://batch.core.windows.net//.default");
      request.headers.set("authorization", `Bearer ${token}`);
      return request;
    },
  },
  `https://${account}.${location}.batch.azure.com`,
);
await batch.job.add({ id: "packaged", poolInfo: { poolId: "packaged" } });
await batch.task.add("packaged", {
  id: "both",
  commandLine: "/bin/sh -c '$AZ_BATCH_APP_PACKAGE_tool/tool pool; $AZ_BATCH_APP_PACKAGE_tool_2_0/tool task'",
  applicationPackageReferences: [{ applicationId: "tool", version: "2.0" }],
});
await batch.task.add("packaged", {
  id: "none",
  commandLine: "/bin/true",
  applicationPackageReferences: [{ applicationId: "tool", version: "3.0" }],
});
async function completed(id) {
  for (;;) {
    const task = await batch.task.get("packaged", id);
    if (task.state === "completed") return task;
    await delay(50);
  }
}
await completed("both");
seen.output = await text((await batch.file.getFromTask("packaged", "both", "stdout.txt")).readableStreamBody);
const { executionInfo } = await completed("none");
seen.failure = [executionInfo.result, executionInfo.failureInfo.code];
seen.versions = (await batch.application.get("tool")).versions;
try {
  await batch.pool.add({
    id: "refused",
    vmSize: "standard_d2s_v3",
    virtualMachineConfiguration: {
      imageReference: { publisher: "debian", offer: "debian-12", sku: "12" },
      nodeAgentSKUId: "batch.node.debian 12",
    },
    applicationPackageReferences: [{ applicationId: "tool", version: "3.0" }],
  });
} catch ({ statusCode, code }) {
  seen.refused = [statusCode, code];
}
console.log(JSON.stringify(seen));
