/** Adds a job. Source: Azure Batch REST, "Job - Add". */
import { Fault } from "../../core/fault.ts";
import { durationToMilliseconds } from "../../core/model/iso-duration.ts";
import { type JobRow, jobInsert } from "../../store/jobs.ts";
import type { JobAddParameter } from "../../wire/batch/models-types.gen.ts";
import type { AccountHandle } from "../accounts/account-handle.ts";
import type { App } from "../app.ts";

/** @throws Fault JobExists, NotImplemented for an auto pool */
export async function jobAdd(
  app: App,
  account: AccountHandle,
  job: JobAddParameter,
): Promise<{ created_at: number; version: number; modified_at: number }> {
  const poolId = jobPoolId(job.poolInfo);
  return app.store.write(async (c) => {
    const now = app.clock();
    const [row] = await jobInsert.all(c, {
      account_key: account.key,
      id: job.id,
      id_lower: job.id.toLowerCase(),
      pool_id_lower: poolId.toLowerCase(),
      state: "active",
      state_at: now,
      previous_state: null,
      previous_state_at: null,
      created_at: now,
      modified_at: now,
      version: 1,
      ...jobColumns(job, now),
      started_at: now,
      ended_at: null,
      terminate_reason: null,
      disable_tasks: null,
      active: 0,
      running: 0,
      completed: 0,
      succeeded: 0,
      failed: 0,
      active_slots: 0,
      running_slots: 0,
      completed_slots: 0,
      succeeded_slots: 0,
      failed_slots: 0,
      auto_pool_id: null,
      schedule_key: null,
    });
    if (!row) throw new Fault("JobExists");
    app.nudge.jobs();
    return { created_at: now, version: 1, modified_at: now };
  });
}

/** The columns that stand in the document too, for those who search or order by them. */
export function jobColumns(
  job: JobAddParameter,
  startedAt: number,
): Pick<
  JobRow,
  "spec" | "priority" | "max_parallel" | "on_all_tasks_complete" | "on_task_failure" | "deadline_at"
> {
  const limit = job.constraints?.maxWallClockTime;
  const wallClock = limit === undefined ? Infinity : durationToMilliseconds(limit);
  return {
    spec: JSON.stringify(job),
    priority: job.priority ?? 0,
    max_parallel: job.maxParallelTasks ?? -1,
    on_all_tasks_complete: job.onAllTasksComplete ?? "noaction",
    on_task_failure: job.onTaskFailure ?? "noaction",
    deadline_at: wallClock === Infinity ? null : startedAt + wallClock,
  };
}

export function jobPoolId(poolInfo: JobAddParameter["poolInfo"]): string {
  if (poolInfo.autoPoolSpecification) {
    throw new Fault(
      "NotImplemented",
      "Auto pools are not implemented yet; name an existing pool in poolId.",
      {
        values: [{ key: "PropertyName", value: "autoPoolSpecification" }],
      },
    );
  }
  if (!poolInfo.poolId) {
    throw new Fault("InvalidPropertyValue", "", {
      values: [
        { key: "PropertyName", value: "poolInfo" },
        { key: "Reason", value: "Exactly one of poolId and autoPoolSpecification must be given." },
      ],
    });
  }
  return poolInfo.poolId;
}
