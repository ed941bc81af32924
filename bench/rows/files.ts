/**
 * A task's file as a client reads it: from the node through its agent and the service, against a `node:https` server that has as many bytes
 * in memory. And what a small task takes meanwhile: orders and reports go by the same connection as the file.
 */
import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { type BenchRow, type Figure, median } from "../bench-row.ts";
import { load, type MeasuredLoad } from "../load/load.ts";
import { startTlsPeer } from "../peers/tls-peer.ts";
import type { BatchSession } from "../service/batch-session.ts";
import { startTaskPool } from "../service/task-pool.ts";

const NAME = "files";
const SMALL_TASKS = 20;

export const files: BenchRow = {
  name: NAME,
  about: "GET of a task's file, and what a small task takes meanwhile",
  async run({ quick, rounds, folder, program, cacheFolder, progress }) {
    const megabytes = quick ? 32 : 128;
    const dataFolder = await mkdtemp(join(folder, "files-"));
    const pool = await startTaskPool({ dataFolder, program, cacheFolder }, 1, 2);
    const stops = [pool.stop];
    try {
      const { session } = pool;
      const { service } = session;
      await session.addJob("bench", "bench");
      await session.call("POST", "/jobs/bench/tasks", {
        id: "writer",
        commandLine: `/bin/dd if=/dev/zero of=large bs=1M count=${megabytes}`,
      });
      await session.completed("bench", 1);
      const bare = await startTlsPeer(folder, "bare-server.ts", [String(megabytes * 2 ** 20)]);
      stops.push(bare.stop);
      const read = (on: { readonly pid: number; readonly url: string; readonly caFile: string }) =>
        load(on.pid, {
          url: on.url,
          caFile: on.caFile,
          connections: 1,
          requests: [session.requestOf("GET", "/jobs/bench/tasks/writer/files/wd/large")],
          warmUp: 1,
          until: { seconds: quick ? 2 : 5 },
        });
      const own = { pid: service.pid, url: service.ready.batch, caFile: service.ready.caFile };

      const small = { alone: [] as SmallTask[], bare: [] as SmallTask[], own: [] as SmallTask[] };
      const loads = { bare: [] as MeasuredLoad[], own: [] as MeasuredLoad[] };
      for (let round = 0; round < rounds; round++) {
        progress(`${NAME} ${round + 1}/${rounds}`);
        small.alone.push(await smallTask(session, `alone-${round}`));
        for (const [name, server] of [["bare", bare] as const, ["own", own] as const]) {
          const [reading, beside] = await Promise.all([
            read(server),
            smallTask(session, `beside-${name}-${round}`),
          ]);
          loads[name].push(reading);
          small[name].push(beside);
        }
      }
      const rates = (of: readonly MeasuredLoad[]) => of.map(({ perSecond }) => perSecond * megabytes);
      const cpuRates = (of: readonly MeasuredLoad[]) =>
        of.map(({ perCpuSecond }) => perCpuSecond * megabytes);
      const against = "bare https";
      return [
        {
          name: NAME,
          what: "GET of a file",
          unit: "MB/s",
          values: rates(loads.own),
          against: { name: against, values: rates(loads.bare) },
          bar: { atLeast: 0.6 },
        },
        {
          name: NAME,
          what: "  per CPU-second, service",
          unit: "MB/cpu-s",
          values: cpuRates(loads.own),
          against: { name: against, values: cpuRates(loads.bare) },
        },
        ...latencies(small),
      ];
    } finally {
      for (const stop of stops.toReversed()) await stop();
    }
  },
};

/** Milliseconds. */
interface SmallTask {
  /** From its creation to its start, as the service tells both: what the order took. Mean of some. */
  readonly order: number;
  /** From adding it until the service says that it has completed. Median of some. */
  readonly whole: number;
}

/** Beside nothing, and beside the same file's being read from the bare server: what the machine's being busy costs, and what the file itself. */
function latencies({
  alone,
  bare,
  own,
}: Readonly<Record<"alone" | "bare" | "own", readonly SmallTask[]>>): Figure[] {
  const figure = (
    what: string,
    of: "order" | "whole",
    name: string,
    against: readonly SmallTask[],
  ): Figure => ({
    name: NAME,
    what,
    unit: "ms",
    values: own.map((one) => one[of]),
    against: { name, values: against.map((one) => one[of]) },
  });
  return [
    figure("an order meanwhile", "order", "no file", alone),
    figure("  the same", "order", "bare https's file", bare),
    figure("a small task meanwhile", "whole", "no file", alone),
    figure("  the same", "whole", "bare https's file", bare),
  ];
}

/** Of tasks that do nothing, one at a time. */
async function smallTask(session: BatchSession, jobId: string): Promise<SmallTask> {
  await session.addJob(jobId, "bench");
  const times: number[] = [];
  let orders = 0;
  for (let i = 1; i <= SMALL_TASKS; i++) {
    const before = performance.now();
    await session.call("POST", `/jobs/${jobId}/tasks`, { id: `t${i}`, commandLine: "/bin/true" });
    await session.completed(jobId, i);
    times.push(performance.now() - before);
    const { creationTime, executionInfo } = (await session.call(
      "GET",
      `/jobs/${jobId}/tasks/t${i}`,
    )) as TimedTask;
    orders += Date.parse(executionInfo.startTime) - Date.parse(creationTime);
  }
  return { order: orders / SMALL_TASKS, whole: median(times) };
}

interface TimedTask {
  readonly creationTime: string;
  readonly executionInfo: { readonly startTime: string };
}
