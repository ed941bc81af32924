/** One round of placement for one pool: decides, persists the new attempts, and only then tells the agents. */

import { waitsForPreparation } from "../../core/lifecycle/hook-ids.ts";
import { type NodeFill, place, type ReadyTask } from "../../core/scheduling/place.ts";
import type { Connection } from "../../store/engine/connection.ts";
import { jobNodesFailed } from "../../store/work/job-nodes.ts";
import { type JobRow, jobsToServe } from "../../store/work/jobs.ts";
import { nodesOpen } from "../../store/work/nodes.ts";
import { type PoolRow, poolByKey } from "../../store/work/pools.ts";
import { taskPlace, tasksReady } from "../../store/work/tasks.ts";
import type { RunSpec } from "../../wire/agent/messages.ts";
import type { TaskAddParameter } from "../../wire/batch/models-types.gen.ts";
import type { App } from "../app.ts";
import { jobPrepareNode } from "../jobs/job-preparation.ts";
import { jobSpecOf } from "../jobs/job-spec.ts";
import { CountShifts } from "../jobs/task-counts.ts";
import { affinityId } from "../nodes/affinity-id.ts";
import { taskRunSpec } from "./run-spec.ts";

interface Start {
  readonly agentId: string;
  readonly spec: RunSpec;
}

/**
 * Idempotent: what is placed is no longer ready.
 * @param onBegin called when the round looks at the store: what becomes ready later needs another one
 */
export async function tasksPlace(app: App, poolKey: number, onBegin: () => void): Promise<void> {
  const starts = await app.store.write((c) => {
    onBegin();
    return placeAndPersist(app, c, poolKey);
  });
  for (const { agentId, spec } of starts) app.agents.send(agentId, { t: "run.start", spec });
}

async function placeAndPersist(app: App, c: Connection, poolKey: number): Promise<Start[]> {
  const pool = await poolByKey.first(c, { key: poolKey });
  if (pool?.state !== "active") return [];
  const nodes = (await nodesOpen.all(c, { pool_key: poolKey, slots: pool.slots_per_node })).filter(
    ({ agent_id }) => agent_id !== null && app.agents.incarnationOf(agent_id) !== undefined,
  );
  const free = nodes.reduce((slots, node) => slots + pool.slots_per_node - node.running_slots, 0);
  if (free === 0) return [];

  const ready = await readyTasks(c, pool, nodes, free);
  const placements = place(
    nodes.map(({ key, running_slots }) => ({ key, freeSlots: pool.slots_per_node - running_slots })),
    ready.tasks,
    pool.fill as NodeFill,
  );
  const nodeByKey = new Map(nodes.map((node) => [node.key, node]));
  const now = app.clock();
  const counts = new CountShifts();
  const starts: Start[] = [];
  for (const placement of placements) {
    const node = nodeByKey.get(placement.node);
    const candidate = ready.byKey.get(placement.task);
    if (!node?.agent_id || !candidate) continue;
    const { task, job } = candidate;
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
  await counts.write(c);
  return starts;
}

type Candidate = { readonly job: JobRow; readonly task: Awaited<ReturnType<typeof tasksReady.all>>[number] };

/** As many ready tasks as could have room, in the order in which they should start. */
async function readyTasks(
  c: Connection,
  pool: PoolRow,
  nodes: readonly { readonly key: number; readonly id: string }[],
  room: number,
): Promise<{ tasks: ReadyTask[]; byKey: Map<number, Candidate> }> {
  const tasks: ReadyTask[] = [];
  const byKey = new Map<number, Candidate>();
  for (const job of await jobsToServe.all(c, {
    account_key: pool.account_key,
    pool_id_lower: pool.id_lower,
  })) {
    const parallelLeft = job.max_parallel === -1 ? room : Math.min(room, job.max_parallel - job.running);
    const limit = Math.min(parallelLeft, room - tasks.length);
    if (limit <= 0) continue;
    const barred = await barredNodes(c, job);
    for (const task of await tasksReady.all(c, { job_key: job.key, max_slots: pool.slots_per_node, limit })) {
      tasks.push({ key: task.key, slots: task.required_slots, ...preference(task.spec, nodes), ...barred });
      byKey.set(task.key, { job, task });
    }
    if (tasks.length >= room) break;
  }
  return { tasks, byKey };
}

/** Nodes that could not be prepared for the job. */
async function barredNodes(c: Connection, job: JobRow): Promise<{ barredNodes?: ReadonlySet<number> }> {
  const spec = jobSpecOf(job);
  if (!spec.jobPreparationTask || !waitsForPreparation(spec)) return {};
  const failed = await jobNodesFailed.all(c, { job_key: job.key });
  return failed.length === 0 ? {} : { barredNodes: new Set(failed.map(({ node_key }) => node_key)) };
}

/** `affinityInfo` names a node by the id that its resource shows; few tasks have one, and only theirs are parsed. */
function preference(
  spec: string,
  nodes: readonly { readonly key: number; readonly id: string }[],
): { preferredNode?: number } {
  if (!spec.includes('"affinityInfo"')) return {};
  const { affinityInfo } = JSON.parse(spec) as TaskAddParameter;
  const node = nodes.find(({ id }) => affinityId(id) === affinityInfo?.affinityId);
  return node === undefined ? {} : { preferredNode: node.key };
}
