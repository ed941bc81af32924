/**
 * A BullMQ queue and worker that start one process per job. Prints the seconds from the first job added to the last one done.
 *
 *   node bullmq-worker.ts PACKAGE_FOLDER REDIS_SOCKET COUNT
 */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";

const [packageFolder = "", path = "", countText = ""] = process.argv.slice(2);
const count = Number(countText);
/** Its best of 2, 4, 8 and 16 on two cores. */
const CONCURRENCY = 8;
const BULK = 1_000;

interface BullMq {
  readonly Queue: new (
    name: string,
    options: object,
  ) => {
    addBulk(jobs: readonly object[]): Promise<unknown>;
    waitUntilReady(): Promise<unknown>;
    close(): Promise<void>;
  };
  readonly Worker: new (
    name: string,
    processor: () => Promise<void>,
    options: object,
  ) => {
    on(event: "completed" | "failed", listener: () => void): void;
    waitUntilReady(): Promise<unknown>;
    close(): Promise<void>;
  };
}

const { Queue, Worker } = createRequire(join(packageFolder, "package.json"))("bullmq") as BullMq;
const connection = { path, maxRetriesPerRequest: null };
const queue = new Queue("bench", { connection });
const worker = new Worker("bench", runTrue, { connection, concurrency: CONCURRENCY });
await Promise.all([queue.waitUntilReady(), worker.waitUntilReady()]);

const all = Promise.withResolvers<void>();
let completed = 0;
worker.on("completed", () => {
  if (++completed === count) all.resolve();
});
worker.on("failed", () => all.reject(new Error("a job failed")));

const started = performance.now();
for (let added = 0; added < count; added += BULK) {
  const jobs = Array.from({ length: Math.min(BULK, count - added) }, () => ({ name: "true", data: {} }));
  await queue.addBulk(jobs);
}
await all.promise;
console.log((performance.now() - started) / 1_000);
await worker.close();
await queue.close();

function runTrue(): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn("/bin/true", { stdio: "ignore" });
    child.on("error", reject);
    child.on("exit", (code) => (code === 0 ? resolve() : reject(new Error(`exit code ${code}`))));
  });
}
