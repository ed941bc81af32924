/**
 * Prepares nodes for a job. A task placed on a node that is not prepared holds its slots there as `preparing` until the
 * preparation has ended; then it starts, or goes back to the queue and the node is closed to the job.
 */

import { waitsForPreparation } from "../../core/lifecycle/hook-ids.ts";
import { hookRunEnded, hookRunStarted } from "../../core/lifecycle/hook-run.ts";
import type { Connection } from "../../store/engine/connection.ts";
import {
  type JobNodeRow,
  jobNodeByKey,
  jobNodeInsert,
  jobNodeOf,
  jobNodePreparationSet,
  jobNodeReleaseSet,
  jobNodesOfNode,
} from "../../store/work/job-nodes.ts";
import { type JobRow, jobByKey } from "../../store/work/jobs.ts";
import { type NodeRow, nodeByKey } from "../../store/work/nodes.ts";
import { type TaskRow, taskPrepared, taskRequeue, tasksRunningOnNode } from "../../store/work/tasks.ts";
import type { RunSpec } from "../../wire/agent/messages.ts";
import type { App } from "../app.ts";
import { restartOf } from "../nodes/node-restart.ts";
import { taskRunSpec } from "../tasks/run-spec.ts";
import { runFiles } from "../tasks/run-transfers.ts";
import { taskLimits } from "../tasks/task-constraints.ts";
import type { AttemptEnd } from "../tasks/task-end.ts";
import { preparationOf, preparationSpec, releaseOf } from "./job-hooks.ts";
import { jobSpecOf } from "./job-spec.ts";
import { CountShifts } from "./task-counts.ts";

/** What a task of the job finds on a node. */
export interface Readiness {
  readonly mayRun: boolean;
  /** The preparation's own run, when it begins with this task. */
  readonly start?: RunSpec;
}

const READY: Readiness = { mayRun: true };

/** Inside the caller's transaction. Begins the preparation where it has not run. */
export async function jobPrepareNode(
  app: App,
  c: Connection,
  job: JobRow,
  node: Pick<NodeRow, "key" | "id">,
  poolId: string,
): Promise<Readiness> {
  const spec = jobSpecOf(job);
  if (!spec.jobPreparationTask) return READY;
  const known = await jobNodeOf.first(c, { job_key: job.key, node_key: node.key });
  const waits = waitsForPreparation(spec);
  if (known?.preparation_state === "succeeded") return READY;
  if (known && known.preparation_state !== "due") return { mayRun: !waits };
  const preparation_state = "running";
  const preparation = JSON.stringify(hookRunStarted(app.clock(), known ? preparationOf(known) : undefined));
  let row: JobNodeRow | undefined;
  if (known) {
    await jobNodePreparationSet.run(c, { key: known.key, preparation_state, preparation });
    row = { ...known, preparation_state, preparation };
  } else {
    const place = { job_key: job.key, node_key: node.key, node_id: node.id, pool_id: poolId };
    row = await jobNodeInsert.first(c, { ...place, preparation_state, preparation });
  }
  const start = row && preparationSpec(job, row, runFiles(app, job.account_key));
  return { mayRun: !waits, ...(start && { start }) };
}

/** @returns what to run next on the node: the preparation again, or the tasks that waited for it */
export async function jobPreparationEnded(
  app: App,
  c: Connection,
  agentId: string,
  jobNodeKey: number,
  attempt: number,
  end: AttemptEnd,
): Promise<readonly RunSpec[]> {
  const row = await jobNodeByKey.first(c, { key: jobNodeKey });
  const node = row && (await nodeByKey.first(c, { key: row.node_key }));
  const job = row && (await jobByKey.first(c, { key: row.job_key }));
  if (!row || !job || node?.agent_id !== agentId || row.preparation_state !== "running") return [];
  const before = preparationOf(row);
  // With the node down it is run anew when the node is up again.
  if (before.attempt !== attempt || node.state !== "idle") return [];
  const spec = jobSpecOf(job);
  const now = app.clock();
  const { maxRetries } = taskLimits(spec.jobPreparationTask ?? {}, spec);
  const run = hookRunEnded(before, maxRetries, end, now);
  const preparation = JSON.stringify(run);
  const files = runFiles(app, job.account_key);
  if (run.state === "running") {
    await jobNodePreparationSet.run(c, { key: row.key, preparation_state: "running", preparation });
    const again = preparationSpec(job, { ...row, preparation }, files);
    return again ? [again] : [];
  }
  const succeeded = run.result === "success";
  await jobNodePreparationSet.run(c, {
    key: row.key,
    preparation_state: succeeded ? "succeeded" : "failed",
    preparation,
  });
  if (job.state !== "active") app.nudge.jobs();
  const waiting = (await tasksRunningOnNode.all(c, { node_key: node.key })).filter(
    (task) => task.job_key === job.key && task.preparing === 1 && task.stopping === null,
  );
  if (!succeeded) {
    await sendBack(c, job, waiting, now);
    app.nudge.placement(node.pool_key);
    return [];
  }
  const specs: RunSpec[] = [];
  for (const task of waiting) {
    await taskPrepared.run(c, { key: task.key, now });
    specs.push(await taskRunSpec(app, c, job, task, task.attempt, node.key));
  }
  return specs;
}

/** Back to the queue, for another node: this counts as no attempt of the task's. */
async function sendBack(c: Connection, job: JobRow, tasks: readonly TaskRow[], now: number): Promise<void> {
  const counts = new CountShifts();
  for (const task of tasks) {
    if (task.node_key !== null) counts.freeNode(task.node_key, task.required_slots, false);
    counts.moveTask(job.key, task.required_slots, "running", "ready");
    const { retry_count, last_retry_at, requeue_count, last_requeue_at } = task;
    await taskRequeue.run(c, {
      key: task.key,
      now,
      ended_at: null,
      exit_code: null,
      failure: null,
      retry_count,
      last_retry_at,
      requeue_count,
      last_requeue_at,
      usage: task.usage,
    });
  }
  await counts.write(c);
}

/** A node is up again: jobs are prepared anew, unless theirs has succeeded and stays good over a reboot. */
export async function jobsPrepareAgain(app: App, c: Connection, node: NodeRow): Promise<void> {
  const isNew = restartOf(node)?.kind === "reimage";
  for (const row of await jobNodesOfNode.all(c, { node_key: node.key })) {
    const release = releaseOf(row);
    if (release?.state === "running") {
      const ended = { end: { kind: "stopped" }, startedAt: null, endedAt: app.clock() } as const;
      const over = hookRunEnded({ ...release, stopping: true }, 0, ended, app.clock());
      await jobNodeReleaseSet.run(c, { key: row.key, release: JSON.stringify(over) });
      app.nudge.jobs();
    }
    const job = await jobByKey.first(c, { key: row.job_key });
    const stays = job && jobSpecOf(job).jobPreparationTask?.rerunOnNodeRebootAfterSuccess === false;
    if (row.preparation_state === "succeeded" && stays && !isNew) continue;
    const { preparation } = row;
    await jobNodePreparationSet.run(c, { key: row.key, preparation_state: "due", preparation });
  }
}
