/** Adds tasks to a job: one, or a collection of which each succeeds or fails for itself. */
import { Fault } from "../../core/fault.ts";
import { type ExitConditions, jobActionPath } from "../../core/lifecycle/exit-options.ts";
import { preparationId, releaseId } from "../../core/lifecycle/hook-ids.ts";
import { numberOfId } from "../../core/lifecycle/number-of-id.ts";
import type { Connection } from "../../store/engine/connection.ts";
import { type JobRow, jobById } from "../../store/work/jobs.ts";
import { taskBlockedSet, taskInsert } from "../../store/work/tasks.ts";
import type { TaskAddParameter } from "../../wire/batch/models-types.gen.ts";
import type { AccountHandle } from "../accounts/account-handle.ts";
import type { App } from "../app.ts";
import { jobSpecOf } from "../jobs/job-spec.ts";
import { activePhase, CountShifts } from "../jobs/task-counts.ts";
import { poolKeyOfJob } from "../pools/pool-of-job.ts";
import { dependenciesWanted, taskDependenciesAdd } from "./task-dependencies-add.ts";
import { checkTaskToken } from "./task-token-check.ts";

export type TaskAddResult =
  | { readonly taskId: string; readonly etag: { created_at: number; version: number } }
  | { readonly taskId: string; readonly fault: Fault };

/**
 * @returns one result per task, in order
 * @throws Fault JobNotFound, or the one that the job's state gives for all of them
 */
export async function taskCollectionAdd(
  app: App,
  account: AccountHandle,
  jobId: string,
  tasks: readonly TaskAddParameter[],
): Promise<TaskAddResult[]> {
  const results: TaskAddResult[] = [];
  for (const slice of slicesOf(tasks)) {
    try {
      results.push(...(await addSlice(app, account, jobId, slice)));
    } catch (error) {
      // The job may have ended since the first slice, whose tasks are there.
      if (!(error instanceof Fault) || results.length === 0) throw error;
      results.push(...slice.map(({ id }) => ({ taskId: id, fault: error })));
    }
  }
  return results;
}

/** Rows that one transaction inserts at the most, but for one task that has more by itself. Ours: some ten milliseconds. */
const ROWS_PER_WRITE = 4_000;

function slicesOf(tasks: readonly TaskAddParameter[]): TaskAddParameter[][] {
  const slices: TaskAddParameter[][] = [[]];
  let rows = 0;
  for (const task of tasks) {
    const { taskIds = [], taskIdRanges = [] } = task.dependsOn ?? {};
    const own = 1 + taskIds.length + taskIdRanges.length;
    if (rows > 0 && rows + own > ROWS_PER_WRITE) {
      slices.push([]);
      rows = 0;
    }
    slices.at(-1)?.push(task);
    rows += own;
  }
  return slices;
}

function addSlice(
  app: App,
  account: AccountHandle,
  jobId: string,
  tasks: readonly TaskAddParameter[],
): Promise<TaskAddResult[]> {
  return app.store.grow(async (c) => {
    const job = await jobOpenForTasks(c, account, jobId);
    const now = app.clock();
    const counts = new CountShifts();
    const results: TaskAddResult[] = [];
    for (const task of tasks) {
      try {
        checkTaskToken(app, account.key, task);
        await taskInsertNew(c, job, task, now, counts);
        results.push({ taskId: task.id, etag: { created_at: now, version: 1 } });
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        results.push({ taskId: task.id, fault: error });
      }
    }
    await counts.write(c);
    const poolKey = await poolKeyOfJob(c, job);
    if (poolKey !== undefined) app.nudge.placement(poolKey);
    return results;
  });
}

async function jobOpenForTasks(c: Connection, account: AccountHandle, jobId: string): Promise<JobRow> {
  const job = await jobById.first(c, { account_key: account.key, id_lower: jobId.toLowerCase() });
  if (!job) throw new Fault("JobNotFound");
  if (job.state === "completed") throw new Fault("JobCompleted");
  if (job.state === "terminating") throw new Fault("JobBeingTerminated");
  if (job.state === "deleting") throw new Fault("JobBeingDeleted");
  return job;
}

/** Inside the caller's transaction. @throws Fault as `taskAdd` */
export async function taskInsertNew(
  c: Connection,
  job: JobRow,
  task: TaskAddParameter,
  now: number,
  counts: CountShifts,
  slots = task.requiredSlots ?? 1,
): Promise<void> {
  refuseHookId(job, task);
  refuseUnheardJobAction(job, task);
  const dependsOn = task.dependsOn;
  if (dependsOn && !jobSpecOf(job).usesTaskDependencies) {
    throw new Fault("TaskDependenciesNotSpecifiedOnJob");
  }
  const wanted = dependsOn && dependenciesWanted(dependsOn);
  const [row] = await taskInsert.all(c, {
    job_key: job.key,
    id: task.id,
    id_lower: task.id.toLowerCase(),
    id_number: numberOfId(task.id),
    created_at: now,
    spec: JSON.stringify(task),
    required_slots: slots,
    blocked: 0,
  });
  if (!row) throw new Fault("TaskExists");
  const blocked = wanted ? await taskDependenciesAdd(c, job.key, row.key, wanted) : 0;
  if (blocked > 0) await taskBlockedSet.run(c, { key: row.key, blocked });
  counts.moveTask(job.key, slots, undefined, activePhase({ blocked }));
}

function refuseHookId(job: JobRow, { id }: TaskAddParameter): void {
  const spec = jobSpecOf(job);
  const same = (hook: string | undefined) => hook?.toLowerCase() === id.toLowerCase();
  if (same(preparationId(spec))) throw new Fault("TaskIdSameAsJobPreparationTask");
  if (same(releaseId(spec))) throw new Fault("TaskIdSameAsJobReleaseTask");
}

/** Azure Batch REST, "ExitOptions": a job that takes no action on failed tasks takes no task that asks for one. */
function refuseUnheardJobAction(job: JobRow, task: TaskAddParameter): void {
  if (job.on_task_failure === "performexitoptionsjobaction" || !task.exitConditions) return;
  const path = jobActionPath(task.exitConditions as ExitConditions);
  if (path === undefined) return;
  throw new Fault("InvalidPropertyValue", "", {
    values: [
      { key: "PropertyName", value: "jobAction" },
      { key: "PropertyPath", value: `exitConditions.${path}` },
      { key: "Reason", value: "The job's onTaskFailure is noaction" },
    ],
  });
}

/** @throws Fault as `taskCollectionAdd`, and TaskExists */
export async function taskAdd(
  app: App,
  account: AccountHandle,
  jobId: string,
  task: TaskAddParameter,
): Promise<{ created_at: number; version: number }> {
  const [result] = await taskCollectionAdd(app, account, jobId, [task]);
  if (!result || "fault" in result) throw result?.fault ?? new Fault("InternalError");
  return result.etag;
}
