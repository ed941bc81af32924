/** What the service, its agent and the nodes' inits hold while a pool of four nodes waits for work. */
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { BenchRow } from "../bench-row.ts";
import { BatchSession } from "../service/batch-session.ts";
import { descendantsOf, memoryOf } from "../service/process-figures.ts";
import { startService } from "../service/service-process.ts";

const NODES = 4;
const SLOTS = 4;

export const idleMemory: BenchRow = {
  name: "memory",
  about: "idle memory of service and agent with a pool of 4 nodes",
  async run({ quick, folder, dist, cacheFolder, progress }) {
    const settleMs = quick ? 3_000 : 15_000;
    const dataFolder = await mkdtemp(join(folder, "memory-"));
    const service = await startService({ dataFolder, dist, cacheFolder });
    const session = await BatchSession.open(service);
    try {
      await session.addPool("bench", NODES, SLOTS);
      session.close();
      progress(`memory: idle for ${settleMs / 1_000} s`);
      await delay(settleMs);
      const agent = service.agentPid();
      const [own, agents] = [memoryOf([service.pid]), memoryOf([agent])];
      const inits = memoryOf(descendantsOf(agent));
      const detail = {
        servicePss: own.pss,
        agentPss: agents.pss,
        initsPss: inits.pss,
        serviceRss: own.rss,
        agentRss: agents.rss,
      };
      const name = "memory";
      return [
        {
          name,
          what: "idle service + agent, RSS",
          unit: "MB",
          values: [own.rss + agents.rss + inits.rss],
          bar: { atMost: 200 },
          detail,
        },
        { name, what: "  the same, PSS", unit: "MB", values: [own.pss + agents.pss + inits.pss] },
      ];
    } finally {
      session.close();
      await service.stop();
      await rm(dataFolder, { recursive: true, force: true });
    }
  },
};
