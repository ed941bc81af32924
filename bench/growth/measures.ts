/**
 * What must not grow with the number of tasks, each measured through the Batch plane of a service that is full of tasks: what a request costs it, and how
 * long others wait meanwhile. They come in this order, and the last one takes the large job away.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Unit } from "../bench-row.ts";
import { load, type MeasuredLoad } from "../load/load.ts";
import { BatchSession } from "../service/batch-session.ts";
import { cpuMilliseconds } from "../service/process-figures.ts";

export interface Full {
  /** Tasks of each of the large jobs. */
  readonly tasks: number;
  readonly session: BatchSession;
  /** Milliseconds from the start of its process until its nodes were idle, with a node on which all tasks of the large job ran. */
  readonly startMs: number;
  /** Files that were due when it started, and are still there some seconds later. */
  readonly filesLeft: Promise<number>;
}

export interface Measure {
  readonly what: string;
  readonly unit: Unit;
  /** For a value that may not be greater at the large size, whatever it is at the small one. */
  readonly atMost?: number;
  of(full: Full): Promise<number>;
}

export const FILE_MEGABYTES = 32;
export const FILES_AFTER_MS = 15_000;
const PROBE_SECONDS = 4;

export const MEASURES: readonly Measure[] = [
  { what: "G5 due files left after 15 s", unit: "count", atMost: 0, of: ({ filesLeft }) => filesLeft },
  {
    what: "G1 page of 10",
    unit: "ms",
    atMost: 2,
    of: (full) => page(full, "/jobs/large/tasks?maxresults=10"),
  },
  {
    what: "G1 the same in the middle",
    unit: "ms",
    atMost: 2,
    of: (full) => page(full, `/jobs/large/tasks?maxresults=10&$filter=${encodeURIComponent("id ge 't5'")}`),
  },
  { what: "G1 page of 1,000", unit: "ms", atMost: 20, of: (full) => page(full, "/jobs/large/tasks", 10) },
  { what: "G1 page, nothing found", unit: "ms", of: (full) => page(full, NOTHING_FOUND, 3) },
  { what: "G1 others' longest, filtered", unit: "ms", atMost: 50, of: (full) => longest(full, filtering) },
  { what: "G1 page of 10 jobs", unit: "ms", of: (full) => page(full, "/jobs?maxresults=10") },
  { what: "G2 placed behind blocked", unit: "ms", of: (full) => taskCost(full, "blocked") },
  { what: "G2 placed behind too wide", unit: "ms", of: (full) => taskCost(full, "wide") },
  { what: "G3 ends with ranges", unit: "ms", of: endsWithRanges },
  { what: "G4 others' longest, fan-out", unit: "ms", atMost: 50, of: fanOut },
  { what: "G6 start until nodes idle", unit: "ms", of: async ({ startMs }) => startMs },
  { what: "G8 file, a megabyte", unit: "ms", of: fileCost },
  { what: "G10 idle, a second", unit: "ms", of: idleCost },
  { what: "G7 others' longest, deletion", unit: "ms", atMost: 50, of: (full) => longest(full, deleting) },
];

const NOTHING_FOUND = `/jobs/large/tasks?$filter=${encodeURIComponent("state eq 'active'")}`;

/** CPU milliseconds of the service. NaN where it refuses the request, as a tree does that does not know it. */
async function page({ session }: Full, path: string, times = 20): Promise<number> {
  const { pid } = session.service;
  try {
    await session.call("GET", path);
  } catch {
    return Number.NaN;
  }
  const before = cpuMilliseconds(pid);
  for (let time = 0; time < times; time++) await session.call("GET", path);
  return (cpuMilliseconds(pid) - before) / times;
}

/** CPU milliseconds of the service a task, from its addition to its end, behind all that cannot run. */
async function taskCost({ session }: Full, pool: string): Promise<number> {
  const { pid } = session.service;
  const tasks = 10;
  const before = cpuMilliseconds(pid);
  await addTasks(session, pool, tasks, (i) => ({ id: `ready${i}`, commandLine: "/bin/true" }));
  await completed(session, pool, tasks);
  return (cpuMilliseconds(pid) - before) / tasks;
}

/** CPU milliseconds of the service for an end on which a range waits. A hundredth of the size, as ranges are made by requests. */
async function endsWithRanges({ session, tasks }: Full): Promise<number> {
  const { pid } = session.service;
  const ends = 100;
  const half = Math.max(tasks / 200, 200);
  await addJobWithDependencies(session, "ranges");
  await session.call("POST", "/jobs/ranges/disable", { disableTasks: "requeue" });
  await addTasks(session, "ranges", 2 * half, (i) => ({
    id: `${i}`,
    commandLine: "/bin/true",
    ...(i > half && { dependsOn: { taskIdRanges: [{ start: 1, end: i - half }] } }),
  }));
  await until(async () => (await job(session, "ranges"))?.state === "disabled");
  const before = cpuMilliseconds(pid);
  await session.call("POST", "/jobs/ranges/enable");
  const done = await completed(session, "ranges", ends);
  const cost = (cpuMilliseconds(pid) - before) / done;
  await remove(session, "ranges");
  return cost;
}

/** Milliseconds that others wait at the most, while a task ends on which a twentieth of the size waits. */
async function fanOut(full: Full): Promise<number> {
  const { session, tasks } = full;
  await addJobWithDependencies(session, "fan");
  await addTasks(session, "fan", tasks / 20, (i) => ({
    id: `t${i}`,
    commandLine: "/bin/true",
    dependsOn: { taskIds: ["first"] },
  }));
  const wait = await longest(full, (own) =>
    own.call("POST", "/jobs/fan/tasks", { id: "first", commandLine: "/bin/true" }),
  );
  await remove(session, "fan");
  return wait;
}

async function filtering(session: BatchSession): Promise<void> {
  const end = performance.now() + PROBE_SECONDS * 1_000;
  while (performance.now() < end) await session.call("GET", NOTHING_FOUND);
}

const deleting = (session: BatchSession) => session.call("DELETE", "/jobs/large");

/** Milliseconds that GETs of a small job by another client take at the most meanwhile. */
async function longest({ session }: Full, work: (own: BatchSession) => Promise<unknown>): Promise<number> {
  const own = await BatchSession.open(session.service);
  try {
    const probing = probe(session);
    await delay(500);
    await work(own);
    return (await probing).latency.max;
  } finally {
    own.close();
  }
}

function probe(session: BatchSession): Promise<MeasuredLoad> {
  const { service } = session;
  return load(service.pid, {
    url: service.ready.batch,
    caFile: service.ready.caFile,
    connections: 1,
    requests: [session.requestOf("GET", "/jobs/small")],
    warmUp: 100,
    until: { seconds: PROBE_SECONDS },
  });
}

async function addJobWithDependencies(session: BatchSession, id: string): Promise<void> {
  await session.call("POST", "/jobs", { id, poolInfo: { poolId: "bench" }, usesTaskDependencies: true });
}

/** A hundred a request, as many as one may carry. @param body of the task with that number, from 1 on */
async function addTasks(
  session: BatchSession,
  jobId: string,
  count: number,
  body: (i: number) => object,
): Promise<void> {
  for (let first = 1; first <= count; first += 100) {
    const value = Array.from({ length: Math.min(100, count - first + 1) }, (_, i) => body(first + i));
    await session.call("POST", `/jobs/${jobId}/addtaskcollection`, { value });
  }
}

/** Resolves when as many tasks have completed, with how many have. */
async function completed(session: BatchSession, jobId: string, count: number): Promise<number> {
  let done = 0;
  await until(async () => {
    done = (await session.taskCounts(jobId)).completed;
    return done >= count;
  });
  return done;
}

async function remove(session: BatchSession, jobId: string): Promise<void> {
  await session.call("DELETE", `/jobs/${jobId}`);
  await until(async () => (await job(session, jobId)) === undefined);
}

function job(session: BatchSession, id: string): Promise<{ readonly state: string } | undefined> {
  return session.call("GET", `/jobs/${id}`).then(
    (found) => found as { readonly state: string },
    () => undefined,
  );
}

/** @throws Error where it has not come about in a minute */
async function until(condition: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 60_000;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error("not in a minute");
    await delay(20);
  }
}

/** CPU milliseconds of service and agent for each megabyte. */
async function fileCost({ session }: Full): Promise<number> {
  const { service } = session;
  const times = 3;
  const both = () => cpuMilliseconds(service.pid) + cpuMilliseconds(service.agentPid());
  const path = "/jobs/small/tasks/writer/files/wd/large";
  await session.bytes(path);
  const before = both();
  for (let time = 0; time < times; time++) await session.bytes(path);
  return (both() - before) / times / FILE_MEGABYTES;
}

/** CPU milliseconds of the service for each second in which nobody asks for anything. */
async function idleCost({ session }: Full): Promise<number> {
  const seconds = 3;
  const before = cpuMilliseconds(session.service.pid);
  await delay(seconds * 1_000);
  return (cpuMilliseconds(session.service.pid) - before) / seconds;
}
