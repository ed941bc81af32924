/**
 * The smallest whole job, as programs for @azure/batch 13 and later are written: sign in, a pool of one node, one task, its output.
 *
 *     npm install @azure/batch@13 @azure/identity
 *     ./bin/batchyard.js run -- node examples/first-program-13.mjs
 */
import { setTimeout as delay } from "node:timers/promises";
import { BatchClient } from "@azure/batch";
import { DefaultAzureCredential } from "@azure/identity";

const batch = new BatchClient(process.env.AZURE_BATCH_ENDPOINT, new DefaultAzureCredential());

const id = `hello-${Date.now()}`;
await batch.createPool({
  id,
  vmSize: "standard_d2s_v3",
  targetDedicatedNodes: 1,
  virtualMachineConfiguration: {
    imageReference: { publisher: "debian", offer: "debian-12", sku: "12" },
    nodeAgentSkuId: "batch.node.debian 12",
  },
});
try {
  await batch.createJob({ id, poolInfo: { poolId: id } });
  await batch.createTask(id, {
    id: "hello",
    commandLine: `/bin/sh -c 'echo "hello from $AZ_BATCH_NODE_ID"'`,
  });
  while ((await batch.getTask(id, "hello")).state !== "completed") await delay(200);
  console.log(new TextDecoder().decode(await batch.getTaskFile(id, "hello", "stdout.txt")).trim());
} finally {
  await batch.deleteJob(id).pollUntilDone();
  await batch.deletePool(id).pollUntilDone();
}
