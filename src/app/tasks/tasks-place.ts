/** One round of placement for one pool: decides, persists the new attempts, and only then tells the agents. */
import { type JobOrder, placeRound } from "../../core/scheduling/place.ts";
import type { NodeFill } from "../../core/scheduling/room.ts";
import type { Connection } from "../../store/engine/connection.ts";
import { poolByKey } from "../../store/work/pools.ts";
import { taskPlace } from "../../store/work/tasks.ts";
import type { RunSpec } from "../../wire/agent/messages.ts";
import type { App } from "../app.ts";
import { jobPrepareNode } from "../jobs/job-preparation.ts";
import { CountShifts } from "../jobs/task-counts.ts";
import { WriteSlice } from "../write-slice.ts";
import { nodesForTasks } from "./nodes-for-tasks.ts";
import { taskRunSpec } from "./run-spec.ts";
import { type RunStop, sendStops } from "./task-stop.ts";
import { tasksPreempt } from "./tasks-preempt.ts";
import { StoredWork } from "./waiting-work.ts";

interface Start {
  readonly agentId: string;
  readonly spec: RunSpec;
}

interface Outcome {
  readonly starts: readonly Start[];
  readonly stops: readonly (RunStop | undefined)[];
}

const NOTHING: Outcome = { starts: [], stops: [] };

/**
 * Idempotent: what is placed is no longer ready.
 * @param onBegin called when the round looks at the store: what becomes ready later needs another one
 */
export async function tasksPlace(app: App, poolKey: number, onBegin: () => void): Promise<void> {
  const { starts, stops } = await app.store.write((c) => {
    onBegin();
    // On a disk without room a task would fail for want of a folder: it waits, and the period asks again.
    return app.store.isFull ? NOTHING_NOW : placeAndPersist(app, c, poolKey);
  });
  for (const { agentId, spec } of starts) app.agents.send(agentId, { t: "run.start", spec });
  sendStops(app, stops);
}

const NOTHING_NOW = Promise.resolve(NOTHING);

async function placeAndPersist(app: App, c: Connection, poolKey: number): Promise<Outcome> {
  const pool = await poolByKey.first(c, { key: poolKey });
  if (pool?.state !== "active") return NOTHING;
  const nodes = await nodesForTasks(app, c, poolKey, pool.slots_per_node);
  const work = new StoredWork(c, pool, nodes);
  const now = app.clock();
  const slice = new WriteSlice();
  const { placements, served, isCut } = await placeRound(
    nodes.map(({ key, running_slots }) => ({ key, freeSlots: pool.slots_per_node - running_slots })),
    work,
    { fill: pool.fill as NodeFill, order: pool.job_order as JobOrder, now, isOver: () => slice.isOver },
  );
  const nodeByKey = new Map(nodes.map((node) => [node.key, node]));
  const counts = new CountShifts();
  const starts: Start[] = [];
  for (const placement of placements) {
    const node = nodeByKey.get(placement.node);
    const found = work.found(placement.job, placement.task);
    if (!node?.agent_id || !found) continue;
    const { task, job } = found;
    const { mayRun, start } = await jobPrepareNode(app, c, job, node, pool.id);
    if (start) starts.push({ agentId: node.agent_id, spec: start });
    const placed = await taskPlace.run(c, {
      key: task.key,
      node_key: node.key,
      node_id: node.id,
      pool_id: pool.id,
      preparing: mayRun ? 0 : 1,
      now,
    });
    if (placed === 0) continue;
    counts.moveTask(job.key, task.required_slots, "ready", "running");
    counts.occupyNode(node.key, task.required_slots);
    if (!mayRun) continue;
    starts.push({
      agentId: node.agent_id,
      spec: await taskRunSpec(app, c, job, task, task.attempt + 1, node.key),
    });
  }
  if (isCut) app.nudge.placement(poolKey);
  for (const [key, turn] of served) counts.serve(key, turn - (work.jobOf(key)?.served ?? turn));
  await counts.write(c);
  // What a cut round leaves over is not in want of room.
  return { starts, stops: isCut ? [] : await tasksPreempt(app, c, pool, placements) };
}
