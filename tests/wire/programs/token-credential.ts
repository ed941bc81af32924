/** Signs in with @azure/identity and runs a job with @azure/batch, its credential wrapped or bare. Knows nothing of Batchyard. */
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { BatchServiceClient } from "@azure/batch";
import { ClientSecretCredential } from "@azure/identity";

const { AZURE_TENANT_ID = "", AZURE_CLIENT_ID = "", AZURE_CLIENT_SECRET = "" } = process.env;
const identity = new ClientSecretCredential(AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET);
const ACCOUNT_URL = "https://myaccount.mylocation.batch.azure.com";

interface ClientError {
  readonly statusCode?: number;
  readonly code?: string;
  readonly body?: { readonly values?: readonly { readonly value?: string }[] };
}

const seen: Record<string, unknown> = {};

// @ts-expect-error its code takes a TokenCredential, its declarations do not say so
const bare = new BatchServiceClient(identity, ACCOUNT_URL);
try {
  seen.bare = [...(await bare.job.list())].length;
} catch (error) {
  const { statusCode, code, body } = error as ClientError;
  seen.bare = [statusCode, code, body?.values?.[0]?.value];
}

const batch = new BatchServiceClient(
  {
    async signRequest(request) {
      const { token } = await identity.getToken("https://batch.core.windows.net//.default");
      request.headers.set("authorization", `Bearer ${token}`);
      return request;
    },
  },
  ACCOUNT_URL,
);

await batch.pool.add({
  id: "pool",
  vmSize: "standard_d2s_v3",
  targetDedicatedNodes: 1,
  taskSlotsPerNode: 4,
  virtualMachineConfiguration: {
    imageReference: { publisher: "debian", offer: "debian-12", sku: "12" },
    nodeAgentSKUId: "batch.node.debian 12",
  },
});
await batch.job.add({ id: "job", poolInfo: { poolId: "pool" } });
const added = await batch.task.addCollection(
  "job",
  Array.from({ length: 20 }, (_, n) => ({ id: `task${n}`, commandLine: `/bin/sh -c 'echo task ${n}'` })),
);
seen.added = added.value?.every(({ status }) => status === "success");
for (let left = 300; ; left--) {
  const { taskCounts } = await batch.job.getTaskCounts("job");
  if (taskCounts.completed === 20) break;
  if (left === 0) throw new Error("the tasks did not complete");
  await delay(50);
}
const file = await batch.file.getFromTask("job", "task3", "stdout.txt");
seen.stdout = file.readableStreamBody && (await text(file.readableStreamBody));

const listed: string[] = [];
let page = await batch.task.list("job", { taskListOptions: { maxResults: 8, select: "id" } });
for (;;) {
  listed.push(...page.map(({ id }) => id ?? ""));
  if (page.odatanextLink === undefined) break;
  page = await batch.task.listNext(page.odatanextLink);
}
seen.listed = new Set(listed).size;
seen.exists = [(await batch.pool.exists("pool")).body, (await batch.pool.exists("absent")).body];
const task = await batch.task.get("job", "task3");
seen.task = [task.state, task.executionInfo?.exitCode, task.executionInfo?.endTime instanceof Date];
try {
  await batch.job.get("absent");
} catch (error) {
  const { statusCode, code } = error as ClientError;
  seen.missing = [statusCode, code];
}
await batch.job.deleteMethod("job");
await batch.pool.deleteMethod("pool");
console.log(JSON.stringify(seen));
