/** Stops tasks of jobs that allow it, where work of a higher priority found no room: they go back to the queue. */
import type { Placement } from "../../core/scheduling/place.ts";
import { tasksToPreempt, type Wanting } from "../../core/scheduling/preempt.ts";
import type { Connection } from "../../store/engine/connection.ts";
import { jobsPreemptible } from "../../store/work/jobs.ts";
import type { PoolRow } from "../../store/work/pools.ts";
import { taskByKey, tasksRunningInJob, tasksStoppingInPool } from "../../store/work/tasks.ts";
import type { App } from "../app.ts";
import { nodesForTasks } from "./nodes-for-tasks.ts";
import { type RunStop, taskStopRunning } from "./task-stop.ts";
import { StoredWork } from "./waiting-work.ts";

/** Jobs and tasks of one round that others may give way to, or that give way. Ours: the next round goes on. */
const JOBS_PER_ROUND = 32;

/** Inside the round's transaction, after it. @returns what to tell the agents after the commit */
export async function tasksPreempt(
  app: App,
  c: Connection,
  pool: PoolRow,
  placed: readonly Placement[],
): Promise<(RunStop | undefined)[]> {
  const ofPool = { account_key: pool.account_key, pool_id_lower: pool.id_lower };
  const lowest = await jobsPreemptible.all(c, { ...ofPool, limit: JOBS_PER_ROUND });
  const floor = lowest[0]?.priority;
  if (floor === undefined) return [];
  const nodes = await nodesForTasks(app, c, pool.key, Number.MAX_SAFE_INTEGER);
  const isPlaced = new Set(placed.map(({ task }) => task));
  const wanting = await wantingWork(
    new StoredWork(c, pool, nodes),
    isPlaced,
    floor,
    nodes.length * pool.slots_per_node,
  );
  if (wanting.length === 0) return [];

  const stopping = new Map<number, number>();
  for (const { node_key, required_slots } of await tasksStoppingInPool.all(c, { pool_key: pool.key }))
    if (node_key !== null) stopping.set(node_key, (stopping.get(node_key) ?? 0) + required_slots);
  const running = [];
  for (const { key, priority } of lowest)
    for (const task of await tasksRunningInJob.all(c, { job_key: key }))
      if (task.stopping === null && task.preparing === 0 && task.node_key !== null)
        running.push({
          task: task.key,
          node: task.node_key,
          slots: task.required_slots,
          priority,
          startedAt: task.started_at ?? 0,
        });
  const victims = tasksToPreempt(
    nodes.map(({ key, running_slots }) => ({
      key,
      freeSlots: pool.slots_per_node - running_slots + (stopping.get(key) ?? 0),
    })),
    running,
    wanting,
  );
  const stops = [];
  for (const key of victims) {
    const task = await taskByKey.first(c, { key });
    if (task) stops.push(await taskStopRunning(c, task, "requeue"));
  }
  return stops;
}

/** What waits with a priority above `floor`, in the order in which it is served; at most so many slots of it. */
async function wantingWork(
  work: StoredWork,
  isPlaced: ReadonlySet<number>,
  floor: number,
  mostSlots: number,
): Promise<Wanting[]> {
  const wanting: Wanting[] = [];
  let slots = 0;
  for (const job of await work.jobs()) {
    if (job.priority <= floor) break;
    for (let more = job.more; more > 0 && slots < mostSlots; more--) {
      const task = await work.task(job.key, Number.POSITIVE_INFINITY);
      if (task === undefined) break;
      if (isPlaced.has(task.key)) continue;
      const barred = [...(job.barredNodes ?? []), ...(task.barredNodes ?? [])];
      wanting.push({ slots: task.slots, priority: job.priority, barredNodes: new Set(barred) });
      slots += task.slots;
    }
  }
  return wanting;
}
