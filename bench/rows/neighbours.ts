/**
 * What one client's long work costs all others: how long a GET of a job takes while somebody walks through the tasks of a large job, filters
 * them for what is not there, reads a file at full speed, or has the large job deleted.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { BenchRow, Figure } from "../bench-row.ts";
import { load, type MeasuredLoad } from "../load/load.ts";
import { BatchSession } from "../service/batch-session.ts";
import { addCompletedTasks } from "../service/seeded-store.ts";
import { startService } from "../service/service-process.ts";

const NAME = "neighbours";
/** Milliseconds. */
const P99_MAX = 25;
const FILE_MEGABYTES = 64;

type Work = (session: BatchSession, signal: AbortSignal) => Promise<void>;

/** Each is repeated for as long as the measurement lasts; the deletion comes last. */
const WORKS: readonly (readonly [what: string, work: Work])[] = [
  ["alone", (_session, signal) => delay(1e9, undefined, { signal }).then(undefined, () => {})],
  ["list walked", walk("/jobs/large/tasks")],
  ["list filtered", walk("/jobs/large/tasks?$filter=state%20eq%20%27active%27")],
  ["file read", readFile],
  ["job deleted", deleteJob],
];

export const neighbours: BenchRow = {
  name: NAME,
  about: "others' latency while one client lists, reads, or deletes a million tasks",
  async run({ quick, folder, program, cacheFolder, progress }) {
    const count = quick ? 100_000 : 1_000_000;
    const dataFolder = await mkdtemp(join(folder, "neighbours-"));
    const start = { dataFolder, program, cacheFolder };
    const first = await startService(start);
    const before = await BatchSession.open(first);
    await before.addPool("bench", 1, 1);
    for (const id of ["small", "large"]) await before.addJob(id, "bench");
    await before.call("POST", "/jobs/small/tasks", {
      id: "writer",
      commandLine: `/bin/dd if=/dev/zero of=large bs=1M count=${FILE_MEGABYTES}`,
    });
    await before.completed("small", 1);
    before.close();
    await first.stop();
    progress(`${NAME}: ${count.toLocaleString("en")} tasks are made`);
    await addCompletedTasks(dataFolder, count);

    const service = await startService(start);
    const session = await BatchSession.open(service);
    const figures: Figure[] = [];
    let alone: MeasuredLoad | undefined;
    try {
      for (const [what, work] of WORKS) {
        progress(`${NAME}: ${what}`);
        const measured = await during(session, work, quick ? 2 : 10);
        alone ??= measured;
        figures.push({
          name: NAME,
          what: `GET p99, ${what}`,
          unit: "ms",
          values: [measured.latency.p99],
          against: { name: "alone", values: [alone.latency.p99] },
          bar: { atMost: P99_MAX },
          isBarOnValue: true,
          detail: { maxMs: measured.latency.max, p50Ms: measured.latency.p50 },
        });
      }
    } finally {
      session.close();
      await service.stop();
      await rm(dataFolder, { recursive: true, force: true });
    }
    return figures;
  },
};

async function during(session: BatchSession, work: Work, seconds: number): Promise<MeasuredLoad> {
  const { service } = session;
  const stop = new AbortController();
  const other = await BatchSession.open(service);
  const working = work(other, stop.signal);
  try {
    return await load(service.pid, {
      url: service.ready.batch,
      caFile: service.ready.caFile,
      connections: 1,
      requests: [session.requestOf("GET", "/jobs/small")],
      warmUp: 100,
      until: { seconds },
    });
  } finally {
    stop.abort();
    await working;
    other.close();
  }
}

/** From page to page, and again from the first. */
function walk(path: string): Work {
  return async (session, signal) => {
    for (let next = path; !signal.aborted; ) {
      const page = (await session.call("GET", next)) as { "odata.nextLink"?: string };
      const link = page["odata.nextLink"];
      next = link === undefined ? path : relative(link);
    }
  };
}

/** The link without its origin and without the api-version, which the session adds. */
function relative(link: string): string {
  const { pathname, searchParams } = new URL(link);
  searchParams.delete("api-version");
  return `${pathname}?${searchParams}`;
}

async function readFile(session: BatchSession, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) await session.bytes("/jobs/small/tasks/writer/files/wd/large");
}

/** Ends when the job has gone or the measurement is over. */
async function deleteJob(session: BatchSession, signal: AbortSignal): Promise<void> {
  await session.call("DELETE", "/jobs/large");
  await delay(1e9, undefined, { signal }).catch(() => {});
}
