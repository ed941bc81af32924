/**
 * BullMQ as a peer: its package in a cache folder of the bench's own, Redis on a unix socket, everything in memory, which is
 * the fastest that it offers; our own tasks are on the disk before they are acknowledged.
 */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { endsWithBench } from "../ends-with-bench.ts";
import { isInstalled } from "./command.ts";
import type { Peer } from "./spawn-peers.ts";

const PACKAGES = ["bullmq@6.7.0", "ioredis@5"];
const packageFolder = join(import.meta.dirname, "../../node_modules/.cache/batchyard-bench/bullmq");
const WORKER = join(import.meta.dirname, "bullmq-worker.ts");

export const bullmqPeer: Peer = {
  name: "BullMQ, spawn",
  async missing() {
    if (!isInstalled("redis-server")) return "redis-server is not installed";
    try {
      await install();
      return undefined;
    } catch (error) {
      return `npm install ${PACKAGES.join(" ")} failed: ${String(error).split("\n", 1)[0]}`;
    }
  },
  async rate(count, folder) {
    const scratch = await mkdtemp(join(folder, "redis-"));
    const socket = join(scratch, "redis.sock");
    const options = ["--port", "0", "--unixsocket", socket, "--save", "", "--appendonly", "no"];
    const redis = endsWithBench(spawn("redis-server", options, { cwd: scratch, stdio: "ignore" }));
    const ended = once(redis, "exit");
    try {
      while (!existsSync(socket)) await delay(10);
      const { stdout } = await promisify(execFile)(process.execPath, [
        WORKER,
        packageFolder,
        socket,
        String(count),
      ]);
      return count / Number(stdout);
    } finally {
      redis.kill();
      await ended;
      await rm(scratch, { recursive: true });
    }
  },
};

async function install(): Promise<void> {
  if (existsSync(join(packageFolder, "node_modules/ioredis"))) return;
  await mkdir(packageFolder, { recursive: true });
  await writeFile(join(packageFolder, "package.json"), '{ "private": true }\n');
  const options = ["--no-save", "--no-audit", "--no-fund", "--ignore-scripts"];
  await promisify(execFile)("npm", ["install", ...options, ...PACKAGES], { cwd: packageFolder });
}
