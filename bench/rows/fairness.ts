/**
 * Whether equal jobs share a pool evenly whatever their sizes: N jobs of 10 to 100,000 tasks wait for one node, and each one's share of the starts
 * is told while it has tasks left. Source: Azure Batch REST, "JobDefaultOrder".
 */
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { BenchRow, Figure } from "../bench-row.ts";
import { load } from "../load/load.ts";
import { BatchSession } from "../service/batch-session.ts";
import { startService } from "../service/service-process.ts";
import { taskCollections } from "./task-collections.ts";

const NAME = "fairness";
const SLOTS = 8;
/** Starts of each job that are looked at, once the small one has ended. */
const LOOKED_AT = 100;
const POLL_MS = 200;
/** Percent. */
const FURTHEST = 10;

export const fairness: BenchRow = {
  name: NAME,
  about: "shares of equal jobs in one pool, jobs of 10 to 100,000 tasks",
  isByHand: true,
  async run({ quick, folder, program, cacheFolder, progress }) {
    const dataFolder = await mkdtemp(join(folder, `${NAME}-`));
    const service = await startService({ dataFolder, program, cacheFolder });
    const session = await BatchSession.open(service);
    const figures: Figure[] = [];
    try {
      for (const [count, small] of [
        [2, 10],
        [2, 300],
        [5, 10],
        [50, 10],
      ] as const) {
        progress(`${NAME}: ${count} jobs`);
        figures.push(...(await measured(session, sizesOf(count, small, quick ? 10_000 : 100_000))));
      }
    } finally {
      session.close();
      await service.stop();
      await rm(dataFolder, { recursive: true, force: true });
    }
    return figures;
  },
};

/** The first is small, the last large, and between them there is some of each. */
function sizesOf(count: number, small: number, large: number): number[] {
  const between = [300, 1_000, 3_000];
  return Array.from({ length: count }, (_, i) =>
    i === 0 ? small : i === count - 1 ? large : (between[i % between.length] ?? small),
  );
}

async function measured(session: BatchSession, sizes: readonly number[]): Promise<Figure[]> {
  const [small = 0] = sizes;
  const pool = `p${sizes.length}-${small}`;
  const jobs = sizes.map((_, i) => `${pool}-j${i}`);
  await session.addPool(pool, 0, SLOTS);
  for (const [i, job] of jobs.entries()) {
    await session.addJob(job, pool);
    await add(session, job, sizes[i] ?? 0);
  }
  await session.call("POST", `/pools/${pool}/resize`, { targetDedicatedNodes: 1 });
  const all = () => Promise.all(jobs.map((job) => session.taskCounts(job)));
  while ((await all()).reduce((sum, { completed }) => sum + completed, 0) < jobs.length * (LOOKED_AT + small))
    await delay(POLL_MS);
  const starts = (await Promise.all(jobs.map((job, i) => startsOf(session, job, i))))
    .flat()
    .sort((a, b) => a.at - b.at);
  await session.call("DELETE", `/pools/${pool}`);
  const untilItEnds = starts.slice(0, jobs.length * small);
  const figures = [furthest(`${jobs.length} jobs, until the one of ${small} ends`, untilItEnds, jobs)];
  if (jobs.length === 2) return figures;
  return [
    ...figures,
    furthest(
      `${jobs.length} jobs, those that go on`,
      starts.filter(({ job }) => job !== 0).slice(0, (jobs.length - 1) * LOOKED_AT),
      jobs.slice(1),
      1,
    ),
  ];
}

interface Start {
  readonly at: number;
  readonly job: number;
}

/** By how many percent the job whose share is furthest from an even one is off. */
function furthest(what: string, starts: readonly Start[], jobs: readonly string[], first = 0): Figure {
  const even = starts.length / jobs.length;
  const off = jobs.map((_, i) => starts.filter(({ job }) => job === i + first).length / even - 1);
  const worst = Math.round(Math.max(...off.map(Math.abs)) * 1_000) / 10;
  return { name: NAME, what, unit: "%", values: [worst], bar: { atMost: FURTHEST } };
}

async function add(session: BatchSession, job: string, count: number): Promise<void> {
  const requests = taskCollections(session, job, count);
  const { ready, pid } = session.service;
  const connections = Math.min(4, requests.length);
  const until = { requests: requests.length };
  await load(pid, { url: ready.batch, caFile: ready.caFile, connections, requests, warmUp: 0, until });
}

async function startsOf(session: BatchSession, id: string, job: number): Promise<Start[]> {
  const { value } = (await session.call(
    "GET",
    `/jobs/${id}/tasks?$filter=state%20eq%20'completed'&$select=id,executionInfo`,
  )) as { value: { executionInfo: { startTime: string } }[] };
  return value.map(({ executionInfo }) => ({ at: Date.parse(executionInfo.startTime), job }));
}
