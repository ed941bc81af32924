/**
 * What examples/demo.ts does, with this project's own client and no other package: `batchyard demo` runs it where Azure's packages are not
 * installed.
 *
 *     ./bin/batchyard.js run -- node examples/demo-own-client.ts
 */
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
// In a program of your own: from "batchyard/client".
import { BatchClient, BatchTokenCredentials } from "../src/client/index.ts";

const TASKS = 100;
const SPAN = 1000;
const PRIMES_BELOW_100_000 = 9592;
const { AZURE_TENANT_ID, AZURE_CLIENT_ID = "", AZURE_CLIENT_SECRET = "", AZURE_BATCH_ENDPOINT } = process.env;
if (AZURE_TENANT_ID === undefined || AZURE_BATCH_ENDPOINT === undefined)
  throw new Error(`run me with: ./bin/batchyard.js run -- node ${process.argv[1]}`);

/** An application's own token. The Batch service insists on its own audience, slash and all: hence two slashes. */
async function token(): Promise<string> {
  const reply = await fetch(`https://login.microsoftonline.com/${AZURE_TENANT_ID}/oauth2/v2.0/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: AZURE_CLIENT_ID,
      client_secret: AZURE_CLIENT_SECRET,
      scope: "https://batch.core.windows.net//.default",
    }),
  });
  if (!reply.ok) throw new Error(`sign-in: ${reply.status} ${await reply.text()}`);
  const { access_token } = (await reply.json()) as { readonly access_token: string };
  return access_token;
}

const signedIn = token();
const batch = BatchClient.open(new BatchTokenCredentials(AZURE_BATCH_ENDPOINT, () => signedIn));
const id = `primes-${Date.now()}`;
const taskId = (index: number) => `thousand-${String(index).padStart(2, "0")}`;

console.log(`Azure Batch account ${AZURE_BATCH_ENDPOINT}`);
await batch.pools.add({
  id,
  vmSize: "standard_d2s_v3",
  targetDedicatedNodes: 2,
  taskSlotsPerNode: 4,
  virtualMachineConfiguration: {
    imageReference: { publisher: "debian", offer: "debian-12", sku: "12" },
    nodeAgentSKUId: "batch.node.debian 12",
  },
});
console.log(`pool ${id}: 2 nodes of 4 slots`);

try {
  await batch.jobs.add({ id, poolInfo: { poolId: id } });
  await batch.tasks.addCollection(
    id,
    Array.from({ length: TASKS }, (_, index) => ({
      id: taskId(index),
      // `factor` prints "7: 7" for a prime and more factors for anything else.
      commandLine: `/bin/sh -c "seq ${index * SPAN} ${(index + 1) * SPAN - 1} | factor | grep -c ': [0-9]*$'"`,
    })),
  );
  console.log(`job ${id}: ${TASKS} tasks`);
  for (let shown = -1; shown < TASKS; await delay(100)) {
    const { completed, running, failed } = (await batch.jobs.getTaskCounts(id)).taskCounts;
    if (failed > 0) throw new Error(`${failed} tasks failed`);
    if (completed > shown) console.log(`${completed}/${TASKS} done, ${running} running`);
    shown = completed;
  }
  let primes = 0;
  for (let index = 0; index < TASKS; index++)
    primes += Number(await text(await batch.files.getFromTask(id, taskId(index), "stdout.txt")));
  console.log(`${primes} primes below ${(TASKS * SPAN).toLocaleString("en")}.`);
  if (primes !== PRIMES_BELOW_100_000) throw new Error(`there are ${PRIMES_BELOW_100_000}`);
} finally {
  await batch.jobs.delete(id);
  await batch.pools.delete(id);
}
