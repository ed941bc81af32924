/** What the service, its agent and the nodes' inits hold while a pool of four nodes waits for work. */
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { BenchContext, BenchRow } from "../bench-row.ts";
import { BatchSession } from "../service/batch-session.ts";
import { descendantsOf, type Memory, memoryOf } from "../service/process-figures.ts";
import { startService } from "../service/service-process.ts";

const NODES = 4;
const SLOTS = 4;

export const idleMemory: BenchRow = {
  name: "memory",
  about: "idle memory of service and agent with a pool of 4 nodes",
  async run(context) {
    // As with the start, the first service of a checkout is another case: it holds the compiler as well.
    const cacheFolder = await mkdtemp(join(context.folder, "memory-cache-"));
    const first = await idleProcesses({ ...context, cacheFolder });
    const { service, agent, inits } = await idleProcesses({ ...context, cacheFolder });
    const total = (kind: keyof Memory) => service[kind] + agent[kind] + inits[kind];
    const detail = {
      serviceRss: service.rss,
      agentRss: agent.rss,
      initsRss: inits.rss,
      servicePss: service.pss,
      agentPss: agent.pss,
      initsPss: inits.pss,
    };
    const common = { name: "memory", unit: "MB" } as const;
    return [
      { ...common, what: "idle, service + agent, RSS", values: [total("rss")], bar: { atMost: 200 }, detail },
      { ...common, what: "  the same, PSS", values: [total("pss")] },
      {
        ...common,
        what: "  the very first, RSS",
        values: [first.service.rss + first.agent.rss + first.inits.rss],
      },
    ];
  },
};

interface IdleProcesses {
  readonly service: Memory;
  readonly agent: Memory;
  readonly inits: Memory;
}

async function idleProcesses({
  quick,
  folder,
  program,
  cacheFolder,
  progress,
}: BenchContext): Promise<IdleProcesses> {
  const settleMs = quick ? 3_000 : 15_000;
  const dataFolder = await mkdtemp(join(folder, "memory-"));
  const service = await startService({ dataFolder, program, cacheFolder });
  const session = await BatchSession.open(service);
  try {
    await session.addPool("bench", NODES, SLOTS);
    session.close();
    progress(`memory: idle for ${settleMs / 1_000} s`);
    await delay(settleMs);
    const agent = service.agentPid();
    return {
      service: memoryOf([service.pid]),
      agent: memoryOf([agent]),
      inits: memoryOf(descendantsOf(agent)),
    };
  } finally {
    session.close();
    await service.stop();
    await rm(dataFolder, { recursive: true, force: true });
  }
}
