/**
 * Ten million tasks in ten jobs of one service, once and by hand: adding them, pages of their lists, running 5,000 more beside them, a
 * restart, and deleting one job of the ten. Each is held against the same at the beginning, when there are none.
 */
import { mkdtemp, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { BenchRow, Figure, Unit } from "../bench-row.ts";
import { load, type MeasuredLoad } from "../load/load.ts";
import { BatchSession } from "../service/batch-session.ts";
import { cpuSeconds, memoryOf } from "../service/process-figures.ts";
import { type ServiceProcess, startService } from "../service/service-process.ts";
import { taskCollections } from "./task-collections.ts";

const NAME = "ten-million";
const JOBS = 10;
const RUN = 5_000;
const CONNECTIONS = 4;

export const tenMillion: BenchRow = {
  name: NAME,
  about: "ten jobs of a million tasks each: half an hour, 20 GB, so only by name",
  isByHand: true,
  async run({ quick, folder, program, cacheFolder, progress }) {
    const tasksPerJob = quick ? 10_000 : 1_000_000;
    const dataFolder = await mkdtemp(join(folder, `${NAME}-`));
    const figures: Figure[] = [];
    const tell = (what: string, unit: Unit, value: number, before?: number) => {
      progress(`${NAME}: ${what.trim()}: ${value.toPrecision(4)} ${unit}`);
      const against = before === undefined ? {} : { against: { name: "with none", values: [before] } };
      figures.push({ name: NAME, what, unit, values: [value], ...against });
    };
    let service = await startService({ dataFolder, program, cacheFolder });
    let session = await BatchSession.open(service);
    try {
      await session.addPool("bench", 4, 4);
      const startEmpty = service.startSeconds;
      const runEmpty = await runTasks(session, "before");
      const added: MeasuredLoad[] = [];
      for (let job = 0; job < JOBS; job++) {
        added.push(await addJob(session, `large-${job}`, tasksPerJob));
        progress(
          `${NAME}: ${(job + 1) * tasksPerJob} tasks, ${Math.round(added.at(-1)?.perSecond ?? 0)} requests/s`,
        );
      }
      const cost = (of: MeasuredLoad | undefined) => ((of?.cpuSeconds ?? Number.NaN) / tasksPerJob) * 1_000;
      tell("added, CPU of the last", "ms", cost(added.at(-1)), cost(added[0]));
      const page = (size: number) =>
        pageCost(
          session,
          `/jobs/large-4/tasks?maxresults=${size}&$filter=id%20ge%20%27task-${tasksPerJob >> 1}%27`,
        );
      tell("page of 10, CPU", "ms", await page(10));
      tell("page of 1,000, CPU", "ms", await page(1_000));
      tell("task counts, CPU", "ms", await pageCost(session, "/jobs/large-4/taskcounts"));
      const run = await runTasks(session, "after");
      tell("5,000 run", "/s", run.perSecond, runEmpty.perSecond);
      tell("  CPU of service a task", "ms", run.cpuMs, runEmpty.cpuMs);
      tell("service's memory", "MB", memoryOf([service.pid]).rss);
      tell("database", "MB", (await stat(join(dataFolder, "state.db"))).size / 1e6);

      session.close();
      await service.stop();
      service = await startService({ dataFolder, program, cacheFolder });
      session = await BatchSession.open(service);
      tell("start to ready", "s", service.startSeconds, startEmpty);
      const { seconds, others } = await deleteJob(session, "large-3", progress);
      tell("a job of ten deleted", "s", seconds);
      tell("  others' p99 meanwhile", "ms", others.latency.p99);
      return figures;
    } finally {
      session.close();
      await service.stop();
      await rm(dataFolder, { recursive: true, force: true });
    }
  },
};

/** To a pool that is not there, so that nothing of it runs. */
async function addJob(session: BatchSession, id: string, count: number): Promise<MeasuredLoad> {
  await session.addJob(id, "nowhere");
  const requests = taskCollections(session, id, count);
  return load(session.service.pid, {
    ...aim(session.service),
    connections: CONNECTIONS,
    requests,
    warmUp: 0,
    until: { requests: requests.length },
  });
}

async function runTasks(session: BatchSession, id: string): Promise<{ perSecond: number; cpuMs: number }> {
  await session.addJob(id, "bench");
  const before = cpuSeconds(session.service.pid);
  const started = performance.now();
  const requests = taskCollections(session, id, RUN);
  await load(session.service.pid, {
    ...aim(session.service),
    connections: 2,
    requests,
    warmUp: 0,
    until: { requests: requests.length },
  });
  await session.completed(id, RUN);
  const seconds = (performance.now() - started) / 1_000;
  return { perSecond: RUN / seconds, cpuMs: ((cpuSeconds(session.service.pid) - before) / RUN) * 1_000 };
}

/** CPU milliseconds of the service for one such request. */
async function pageCost(session: BatchSession, path: string): Promise<number> {
  const measured = await load(session.service.pid, {
    ...aim(session.service),
    connections: 1,
    requests: [session.requestOf("GET", path)],
    warmUp: 5,
    until: { requests: 100 },
  });
  return (measured.cpuSeconds / measured.requests) * 1_000;
}

async function deleteJob(
  session: BatchSession,
  id: string,
  progress: (line: string) => void,
): Promise<{ seconds: number; others: MeasuredLoad }> {
  const started = performance.now();
  await session.call("DELETE", `/jobs/${id}`);
  const others = await load(session.service.pid, {
    ...aim(session.service),
    connections: 1,
    requests: [session.requestOf("GET", "/jobs/before")],
    warmUp: 10,
    until: { seconds: 10 },
  });
  while (
    await session.call("GET", `/jobs/${id}`).then(
      () => true,
      () => false,
    )
  )
    await delay(100);
  const seconds = (performance.now() - started) / 1_000;
  progress(`${NAME}: ${id} has gone`);
  return { seconds, others };
}

const aim = ({ ready }: ServiceProcess) => ({ url: ready.batch, caFile: ready.caFile });
