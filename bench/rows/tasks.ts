/**
 * Tasks end to end: from the first request that adds them until the service says that all have completed, with every state
 * on the disk, on nodes in sandboxes of their own where the machine allows them. Once with the nodes' folders in memory, against what else runs many commands; once with them on the disk,
 * against a shell that makes the same folders; and both against nodes that are only processes.
 */
import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import type { BenchContext, BenchRow, Figure, Skipped } from "../bench-row.ts";
import { load } from "../load/load.ts";
import type { Peer } from "../peers/peer.ts";
import { bullmq, parallel, shellLoop, xargs } from "../peers/spawn-peers.ts";
import type { BatchSession } from "../service/batch-session.ts";
import { namespaceObstacle } from "../service/node-isolation.ts";
import { cpuSeconds } from "../service/process-figures.ts";
import type { ServiceStart } from "../service/service-process.ts";
import { startTaskPool, type TaskPool } from "../service/task-pool.ts";
import { taskCollections } from "./task-collections.ts";

const NODES = 4;
const SLOTS = 4;
const CONNECTIONS = 2;
/** Peers that take minutes for as many as we run are asked for fewer: what counts is their rate. */
const SLOW_PEER_SHARE = 0.2;
/** Of the rate on nodes that are only processes. */
const NAMESPACE_SHARE = 0.8;

export const tasks: BenchRow = {
  name: "tasks",
  about: "10,000 x /bin/true end to end, nodes' folders on tmpfs",
  async run(context) {
    if (context.memoryFolder === undefined) return [{ name: "tasks", skipped: "there is no tmpfs here" }];
    const nodesFolder = await mkdtemp(join(context.memoryFolder, "batchyard-bench-nodes-"));
    try {
      return await measure(context, {
        name: "tasks",
        what: "tasks, nodes on tmpfs",
        count: context.quick ? 2_000 : 10_000,
        nodesFolder,
        peers: [
          { peer: xargs, share: 1, atLeast: 0.3 },
          { peer: parallel, share: SLOW_PEER_SHARE, atLeast: 1 },
          { peer: bullmq, share: SLOW_PEER_SHARE, atLeast: 1 },
        ],
      });
    } finally {
      await rm(nodesFolder, { recursive: true, force: true });
    }
  },
};

export const tasksOnDisk: BenchRow = {
  name: "tasks-disk",
  about: "/bin/true end to end, nodes' folders on the disk",
  run: (context) =>
    measure(context, {
      name: "tasks-disk",
      what: "tasks, nodes on disk",
      count: context.quick ? 500 : 2_000,
      nodesFolder: undefined,
      peers: [{ peer: shellLoop, share: 1 }],
    }),
};

interface Plan {
  readonly name: string;
  readonly what: string;
  readonly count: number;
  /** Undefined: in the data folder, on the disk. */
  readonly nodesFolder: string | undefined;
  readonly peers: readonly { readonly peer: Peer; readonly share: number; readonly atLeast?: number }[];
}

async function measure(context: BenchContext, plan: Plan): Promise<(Figure | Skipped)[]> {
  const { rounds, folder, progress } = context;
  const skipped: Skipped[] = [];
  const present: (Plan["peers"][number] & { readonly rates: number[] })[] = [];
  for (const entry of plan.peers) {
    const reason = await entry.peer.missing();
    if (reason === undefined) present.push({ ...entry, rates: [] });
    else skipped.push({ name: plan.name, skipped: `against ${entry.peer.name}: ${reason}` });
  }

  const obstacle = await namespaceObstacle(context.program);
  if (obstacle !== undefined) skipped.push({ name: plan.name, skipped: `on namespace nodes: ${obstacle}` });
  const runs: TasksRun[] = [];
  const onProcesses: TasksRun[] = [];
  const service = await startPool(context, plan, obstacle === undefined ? "namespace" : "process");
  const beside = obstacle === undefined ? await startPool(context, plan, "process") : undefined;
  try {
    for (let round = 0; round < rounds; round++) {
      for (const { peer, share, rates } of present) {
        progress(`${plan.name} ${round + 1}/${rounds}: ${peer.name}`);
        rates.push(await peer.rate(Math.round(plan.count * share), folder));
      }
      progress(`${plan.name} ${round + 1}/${rounds}: batchyard`);
      runs.push(await runTasks(service.session, `round-${round}`, plan.count));
      if (beside) onProcesses.push(await runTasks(beside.session, `round-${round}`, plan.count));
    }
  } finally {
    await service.stop();
    await beside?.stop();
  }

  const values = runs.map(({ rate }) => rate);
  const detail = Object.assign({}, ...runs.map(({ detail }) => detail)) as Record<string, number>;
  const own = { name: plan.name, what: plan.what, unit: "/s", values, detail } as const;
  const figures = present.map(
    ({ peer, rates, atLeast }): Figure => ({
      ...own,
      against: { name: peer.name, values: rates },
      ...(atLeast !== undefined && { bar: { atLeast } }),
    }),
  );
  if (beside) {
    const rates = onProcesses.map(({ rate }) => rate);
    const against = { name: "process nodes", values: rates };
    figures.push({ ...own, what: "  the same", against, bar: { atLeast: NAMESPACE_SHARE } });
  }
  return [...(figures.length > 0 ? figures : [own]), ...skipped];
}

/** A service of its own, with the nodes that the tasks go to. */
async function startPool(
  { folder, program, cacheFolder }: BenchContext,
  { name, nodesFolder }: Plan,
  isolation: NonNullable<ServiceStart["isolation"]>,
): Promise<TaskPool> {
  const dataFolder = join(folder, `${name}-${isolation}`);
  await mkdir(dataFolder, { mode: 0o700 });
  if (nodesFolder !== undefined) {
    const nodes = join(nodesFolder, isolation);
    await mkdir(nodes);
    await symlink(nodes, join(dataFolder, "nodes"));
  }
  return startTaskPool({ dataFolder, isolation, program, cacheFolder }, NODES, SLOTS);
}

interface TasksRun {
  readonly rate: number;
  readonly detail: Record<string, number>;
}

async function runTasks(session: BatchSession, jobId: string, count: number): Promise<TasksRun> {
  const { service } = session;
  const [serviceCpu, agentCpu] = [cpuSeconds(service.pid), cpuSeconds(service.agentPid())];
  const rate = await taskRate(session, jobId, count);
  return {
    rate,
    detail: {
      serviceCpuMsPerTask: ((cpuSeconds(service.pid) - serviceCpu) / count) * 1_000,
      agentCpuMsPerTask: ((cpuSeconds(service.agentPid()) - agentCpu) / count) * 1_000,
    },
  };
}

/** Per second, of `/bin/true` on the pool "bench". @param change see `taskCollections` */
export async function taskRate(
  session: BatchSession,
  jobId: string,
  count: number,
  change?: object,
): Promise<number> {
  const { service } = session;
  await session.addJob(jobId, "bench");
  const requests = taskCollections(session, jobId, count, change);
  const started = performance.now();
  const added = load(service.pid, {
    url: service.ready.batch,
    caFile: service.ready.caFile,
    connections: CONNECTIONS,
    requests,
    warmUp: 0,
    until: { requests: requests.length },
  });
  await Promise.all([added, session.completed(jobId, count)]);
  return count / ((performance.now() - started) / 1_000);
}
