/** Changes a job's document: by parts (patch) or as a whole (update). Source: Azure Batch REST, "Job - Patch", "Job - Update". */
import { Fault } from "../../core/fault.ts";
import { etagOf, type ModifiedVersion, type Precondition } from "../../core/lifecycle/resource-version.ts";
import { comparableText } from "../../core/model/written-only.ts";
import type { Connection } from "../../store/engine/connection.ts";
import { type JobRow, jobSpecSet } from "../../store/work/jobs.ts";
import type {
  JobAddParameter,
  JobPatchParameter,
  JobUpdateParameter,
} from "../../wire/batch/models-types.gen.ts";
import type { AccountHandle } from "../accounts/account-handle.ts";
import type { App } from "../app.ts";
import { autoPoolEnd, checkPoolInfo } from "../pools/auto-pool.ts";
import { poolKeyOfJob } from "../pools/pool-of-job.ts";
import { jobColumns, ownPool } from "./job-add.ts";
import { wrongState } from "./job-change-state.ts";
import { jobFind } from "./job-read.ts";

/** What is left out of the patch stays. @throws Fault JobNotFound, ConditionNotMet, and the one of the job's state */
export function jobPatch(
  app: App,
  account: AccountHandle,
  jobId: string,
  patch: JobPatchParameter,
  precondition: Precondition,
): Promise<ModifiedVersion> {
  return change(app, account, jobId, precondition, (spec) => ({ ...spec, ...patch }) as JobAddParameter);
}

/** What may be changed and is left out of the update goes back to its default. @throws as `jobPatch` */
export function jobReplace(
  app: App,
  account: AccountHandle,
  jobId: string,
  update: JobUpdateParameter,
  precondition: Precondition,
): Promise<ModifiedVersion> {
  return change(app, account, jobId, precondition, (spec) => {
    const {
      priority: _priority,
      maxParallelTasks: _maxParallelTasks,
      allowTaskPreemption: _allowTaskPreemption,
      constraints: _constraints,
      metadata: _metadata,
      onAllTasksComplete: _onAllTasksComplete,
      ...fixed
    } = spec;
    return { ...fixed, ...update };
  });
}

function change(
  app: App,
  account: AccountHandle,
  jobId: string,
  precondition: Precondition,
  edit: (spec: JobAddParameter) => JobAddParameter,
): Promise<ModifiedVersion> {
  return app.store.write(async (c) => {
    const job = await jobFind(c, account, jobId);
    precondition({ etag: etagOf(job), modifiedAt: job.modified_at });
    if (job.state === "completed" || job.state === "terminating" || job.state === "deleting") {
      throw wrongState(job);
    }
    const before = JSON.parse(job.spec) as JobAddParameter;
    const spec = edit(before);
    refuseNoAction(before, spec);
    const isSamePool = comparableText(spec.poolInfo) === comparableText(before.poolInfo);
    // Azure: the pool may change only while nothing of the job can run.
    if (!isSamePool && job.state !== "disabled") throw wrongState(job);
    const auto_pool_id = isSamePool ? job.auto_pool_id : await changePool(app, c, job, before, spec);
    const poolId = (auto_pool_id ?? spec.poolInfo.poolId ?? "").toLowerCase();
    const modified_at = app.clock();
    const { on_task_failure: _fixed, ...columns } = jobColumns(spec, job.started_at ?? job.created_at);
    await jobSpecSet.run(c, { key: job.key, pool_id_lower: poolId, auto_pool_id, ...columns, modified_at });
    app.nudge.jobs();
    const poolKey = await poolKeyOfJob(c, { account_key: job.account_key, pool_id_lower: poolId });
    if (poolKey !== undefined) app.nudge.placement(poolKey);
    return { created_at: job.created_at, version: job.version + 1, modified_at };
  });
}

/** Azure Batch REST, "OnAllTasksComplete": once a job is to end with its tasks, that cannot be taken back. @throws Fault InvalidPropertyValue */
function refuseNoAction(before: JobAddParameter, after: JobAddParameter): void {
  if (before.onAllTasksComplete !== "terminatejob" || after.onAllTasksComplete === "terminatejob") return;
  throw new Fault("InvalidPropertyValue", "", {
    values: [
      { key: "PropertyName", value: "onAllTasksComplete" },
      { key: "PropertyValue", value: "noaction" },
      { key: "Reason", value: "Once it is terminatejob it cannot be changed back to noaction" },
    ],
  });
}

/** The job's own pool goes when it moves to another. @returns the id of the pool made for it now, if one is */
async function changePool(
  app: App,
  c: Connection,
  job: JobRow,
  before: JobAddParameter,
  after: JobAddParameter,
): Promise<string | null> {
  checkPoolInfo(after.poolInfo, "job");
  if (job.schedule_key === null) {
    const { autoPoolSpecification } = before.poolInfo;
    await autoPoolEnd(app, c, job.account_key, job.auto_pool_id, autoPoolSpecification);
  }
  return ownPool(app, c, job.account_key, after.poolInfo);
}
