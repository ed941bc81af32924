/**
 * BullMQ as a peer: its package in a cache folder of the bench's own, Redis on a unix socket, everything in memory, which is
 * the fastest that it offers; our own tasks are on the disk before they are acknowledged.
 */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { endsWithBench } from "../ends-with-bench.ts";
import { isInstalled } from "./command.ts";
import type { Peer } from "./peer.ts";
import { peerPackages } from "./peer-packages.ts";

const packages = peerPackages("bullmq", ["bullmq@6.7.0", "ioredis@5"]);
const WORKER = join(import.meta.dirname, "bullmq-worker.ts");

export const bullmqPeer: Peer = {
  name: "BullMQ, spawn",
  async missing() {
    if (!isInstalled("redis-server")) return "redis-server is not installed";
    return packages.missing();
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
        packages.folder,
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
