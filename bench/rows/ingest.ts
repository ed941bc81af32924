/** How fast tasks are taken in: add-collection requests of 100 over several connections, to a job whose pool is empty. */
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { BenchRow } from "../bench-row.ts";
import { load } from "../load/load.ts";
import { BatchSession } from "../service/batch-session.ts";
import { startService } from "../service/service-process.ts";
import { taskCollections } from "./task-collections.ts";

const CONNECTIONS = 4;

export const ingest: BenchRow = {
  name: "ingest",
  about: "tasks taken in by add collection, 100 per request, 4 connections",
  async run({ quick, rounds, folder, program, cacheFolder, progress }) {
    const count = quick ? 10_000 : 50_000;
    const dataFolder = await mkdtemp(join(folder, "ingest-"));
    const service = await startService({ dataFolder, program, cacheFolder });
    const session = await BatchSession.open(service);
    const values: number[] = [];
    let detail = {};
    try {
      for (let round = 0; round < rounds; round++) {
        progress(`ingest ${round + 1}/${rounds}`);
        const jobId = `round-${round}`;
        await session.addJob(jobId, "nowhere");
        const requests = taskCollections(session, jobId, count);
        const { seconds, cpuSeconds, latency } = await load(service.pid, {
          url: service.ready.batch,
          caFile: service.ready.caFile,
          connections: CONNECTIONS,
          requests,
          warmUp: 0,
          until: { requests: requests.length },
        });
        const { active } = await session.taskCounts(jobId);
        if (active !== count) throw new Error(`${count} tasks were added and ${active} are there`);
        values.push(count / seconds);
        detail = { serviceCpuMsPerTask: (cpuSeconds / count) * 1_000, requestMsP99: latency.p99 };
      }
    } finally {
      session.close();
      await service.stop();
      await rm(dataFolder, { recursive: true, force: true });
    }
    return [
      {
        name: "ingest",
        what: "tasks added, 100 a request",
        unit: "/s",
        values,
        bar: { atLeast: 5_000 },
        detail,
      },
    ];
  },
};
