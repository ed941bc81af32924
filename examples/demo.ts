/**
 * Counts the primes below 100,000 with Azure Batch: a pool of 2 nodes, a job of 100 tasks, each task counting in its own
 * thousand numbers. Nothing in here knows Batchyard; the addresses are Azure's, and the same program runs against Azure.
 *
 *     ./bin/batchyard.js run -- node examples/demo.ts
 */
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { BatchServiceClient } from "@azure/batch";
import { ClientSecretCredential } from "@azure/identity";

const TASKS = 100;
const NODES = 2;
const SPAN = 1000;
const PRIMES_BELOW_100_000 = 9592;

const setting = (name: string): string => {
  const value = process.env[name];
  if (value === undefined)
    throw new Error(`${name} is not set; run me with: ./bin/batchyard.js run -- node ${process.argv[1]}`);
  return value;
};

// Sign in as an application. The Batch service insists on its own audience, slash and all: hence two slashes.
const application = new ClientSecretCredential(
  setting("AZURE_TENANT_ID"),
  setting("AZURE_CLIENT_ID"),
  setting("AZURE_CLIENT_SECRET"),
);
const credentials: ConstructorParameters<typeof BatchServiceClient>[0] = {
  async signRequest(request) {
    const { token } = await application.getToken("https://batch.core.windows.net//.default");
    request.headers.set("authorization", `Bearer ${token}`);
    return request;
  },
};
const accountUrl = setting("AZURE_BATCH_ENDPOINT");
const batch = new BatchServiceClient(credentials, accountUrl);

const started = performance.now();
const poolId = `primes-${Date.now()}`;
const jobId = poolId;

console.log(`Azure Batch account ${accountUrl}`);
await batch.pool.add({
  id: poolId,
  vmSize: "standard_d2s_v3",
  targetDedicatedNodes: NODES,
  taskSlotsPerNode: 4,
  virtualMachineConfiguration: {
    imageReference: { publisher: "debian", offer: "debian-12", sku: "12" },
    nodeAgentSKUId: "batch.node.debian 12",
  },
});
console.log(`pool ${poolId}: ${NODES} nodes of 4 slots`);

try {
  await batch.job.add({ id: jobId, poolInfo: { poolId } });
  const added = await batch.task.addCollection(
    jobId,
    Array.from({ length: TASKS }, (_, index) => ({
      id: taskId(index),
      // `factor` prints "7: 7" for a prime and more factors for anything else.
      commandLine: `/bin/sh -c "seq ${index * SPAN} ${(index + 1) * SPAN - 1} | factor | grep -c ': [0-9]*$'"`,
    })),
  );
  const refused = added.value?.filter(({ error }) => error !== undefined) ?? [];
  if (refused.length > 0) throw new Error(`${refused.length} tasks were refused: ${refused[0]?.error?.code}`);
  console.log(`job ${jobId}: ${TASKS} tasks\n`);

  await watch();
  const primes = await readResults();

  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`\n${primes} primes below ${(TASKS * SPAN).toLocaleString("en")}, in ${seconds} s.`);
  if (primes !== PRIMES_BELOW_100_000) throw new Error(`there are ${PRIMES_BELOW_100_000}`);
} finally {
  await batch.job.deleteMethod(jobId);
  await batch.pool.deleteMethod(poolId);
}

console.log(`
What to try next:
  npm start                                          keep a service running
  ./bin/batchyard.js run -- node examples/first-program.ts
  ./bin/batchyard.js run -- python3 examples/first-program.py
  examples/demo.ts                                   the program you just saw`);

function taskId(index: number): string {
  return `thousand-${String(index).padStart(2, "0")}`;
}

/** Follows the job until no task is left to run; a bar on a terminal, a line per change elsewhere. */
async function watch(): Promise<void> {
  for (let shown = -1; ; await delay(100)) {
    const { taskCounts } = await batch.job.getTaskCounts(jobId);
    const { running, completed, failed } = taskCounts;
    if (process.stdout.isTTY) {
      const bar = "█".repeat(Math.round((completed / TASKS) * 40)).padEnd(40, "░");
      process.stdout.write(`\r${bar} ${completed}/${TASKS} done, ${running} running \x1b[K`);
    } else if (completed > shown) {
      console.log(`${completed}/${TASKS} done, ${running} running`);
    }
    shown = completed;
    if (completed === TASKS) {
      if (process.stdout.isTTY) console.log();
      if (failed > 0) throw new Error(`${failed} tasks failed`);
      return;
    }
  }
}

/** What each task wrote to its standard output, added up; a few are shown. */
async function readResults(): Promise<number> {
  let sum = 0;
  for (let index = 0; index < TASKS; index++) {
    const file = await batch.file.getFromTask(jobId, taskId(index), "stdout.txt");
    if (file.readableStreamBody === undefined) throw new Error(`${taskId(index)} has no output`);
    const output = (await text(file.readableStreamBody)).trim();
    if (index % 33 === 0) console.log(`${taskId(index)} wrote: ${output}`);
    sum += Number(output);
  }
  return sum;
}
