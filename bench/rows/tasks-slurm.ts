/**
 * Tasks on nodes that are jobs of the Slurm cluster at hand, end to end, against the same commands as jobs of that cluster, and against
 * nodes of this machine. It is skipped where no cluster answers.
 */
import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import type { BenchContext, BenchRow, Figure } from "../bench-row.ts";
import { slurmArray } from "../peers/slurm.ts";
import { startTaskPool, type TaskPool } from "../service/task-pool.ts";
import { taskRate } from "./tasks.ts";

const NODES = 2;
const SLOTS = 8;
/** A cluster keeps a job a task: what counts is its rate. */
const ARRAY_JOBS = 100;

export const tasksOnSlurm: BenchRow = {
  name: "tasks-slurm",
  about: "/bin/true end to end, nodes that are jobs of the Slurm cluster at hand",
  async run(context) {
    const { quick, rounds, folder, progress } = context;
    const lacking = await slurmArray.missing();
    if (lacking !== undefined) return [{ name: "tasks-slurm", skipped: lacking }];
    const count = quick ? 500 : 2_000;
    const inCluster: number[] = [];
    const here: number[] = [];
    const arrays: number[] = [];
    const pools = [
      { rates: inCluster, ...(await startPool(context, ["--compute", "slurm"])) },
      { rates: here, ...(await startPool(context, [])) },
    ];
    try {
      for (let round = 0; round < rounds; round++) {
        progress(`tasks-slurm ${round + 1}/${rounds}: Slurm's own jobs`);
        arrays.push(await slurmArray.rate(ARRAY_JOBS, folder));
        progress(`tasks-slurm ${round + 1}/${rounds}: batchyard`);
        for (const { rates, session } of pools) rates.push(await taskRate(session, `round-${round}`, count));
      }
    } finally {
      for (const { stop } of pools) await stop();
    }
    const own = {
      name: "tasks-slurm",
      what: "tasks, nodes in Slurm",
      unit: "/s",
      values: inCluster,
    } as const;
    return [
      { ...own, against: { name: slurmArray.name, values: arrays }, bar: { atLeast: 10 } },
      { ...own, what: "  the same", against: { name: "nodes here", values: here }, bar: { atLeast: 0.8 } },
    ] satisfies Figure[];
  },
};

async function startPool(
  { folder, program, cacheFolder }: BenchContext,
  options: readonly string[],
): Promise<TaskPool> {
  const dataFolder = await mkdtemp(join(folder, "tasks-slurm-"));
  return startTaskPool({ dataFolder, options, program, cacheFolder }, NODES, SLOTS);
}
