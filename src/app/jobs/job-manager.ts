/**
 * The job manager: the first task of its job, and as a rule its end. Source: Azure Batch REST, "JobManagerTask".
 */
import type { Connection } from "../../store/engine/connection.ts";
import { type JobRow, jobByKey } from "../../store/work/jobs.ts";
import { poolById } from "../../store/work/pools.ts";
import type { TaskRow } from "../../store/work/tasks.ts";
import type { TaskAddParameter } from "../../wire/batch/models-types.gen.ts";
import type { App } from "../app.ts";
import { taskInsertNew } from "../tasks/task-add.ts";
import { jobSpecOf } from "./job-spec.ts";
import { CountShifts } from "./task-counts.ts";

/** Inside the transaction that adds the job. */
export async function jobManagerAdd(app: App, c: Connection, jobKey: number): Promise<void> {
  const job = await jobByKey.first(c, { key: jobKey });
  const manager = job && jobSpecOf(job).jobManagerTask;
  if (!manager) return;
  const {
    killJobOnCompletion: _kill,
    runExclusive = true,
    allowLowPriorityNode: _lowPriority,
    ...task
  } = manager;
  const pool = await poolById.first(c, { account_key: job.account_key, id_lower: job.pool_id_lower });
  // Alone on its node: it takes all slots there.
  const slots = runExclusive && pool ? pool.slots_per_node : (task.requiredSlots ?? 1);
  const counts = new CountShifts();
  await taskInsertNew(c, job, task as TaskAddParameter, app.clock(), counts, slots);
  await counts.write(c);
  if (pool) app.nudge.placement(pool.key);
}

/** Whether the end of this task ends its job. */
export function endsJob(job: JobRow, task: Pick<TaskRow, "id">): boolean {
  const manager = jobSpecOf(job).jobManagerTask;
  return manager?.id === task.id && (manager.killJobOnCompletion ?? true);
}
