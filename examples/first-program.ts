/**
 * The smallest whole job: sign in, a pool of one node, one task, its output.
 *
 *     ./bin/batchyard.js run -- node examples/first-program.ts
 */
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { BatchServiceClient } from "@azure/batch";
import { DefaultAzureCredential } from "@azure/identity";

const identity = new DefaultAzureCredential();
const batch = new BatchServiceClient(
  {
    // The Batch service insists on its own audience, slash and all: hence two slashes.
    async signRequest(request) {
      const { token } = await identity.getToken("https://batch.core.windows.net//.default");
      request.headers.set("authorization", `Bearer ${token}`);
      return request;
    },
  },
  process.env.AZURE_BATCH_ENDPOINT ?? "https://myaccount.mylocation.batch.azure.com",
);

const id = `hello-${Date.now()}`;
await batch.pool.add({
  id,
  vmSize: "standard_d2s_v3",
  targetDedicatedNodes: 1,
  virtualMachineConfiguration: {
    imageReference: { publisher: "debian", offer: "debian-12", sku: "12" },
    nodeAgentSKUId: "batch.node.debian 12",
  },
});
try {
  await batch.job.add({ id, poolInfo: { poolId: id } });
  await batch.task.add(id, {
    id: "hello",
    commandLine: `/bin/sh -c 'echo "hello from $AZ_BATCH_NODE_ID"'`,
  });
  while ((await batch.task.get(id, "hello")).state !== "completed") await delay(200);
  const file = await batch.file.getFromTask(id, "hello", "stdout.txt");
  if (file.readableStreamBody) console.log((await text(file.readableStreamBody)).trim());
} finally {
  await batch.job.deleteMethod(id);
  await batch.pool.deleteMethod(id);
}
