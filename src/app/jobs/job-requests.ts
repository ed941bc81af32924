/** What a caller may ask of a job's state: disable, enable, terminate, delete. The jobs reconciler does the rest. */
import { etagOf, type ModifiedVersion, type Precondition } from "../../core/lifecycle/resource-version.ts";
import type { Connection } from "../../store/engine/connection.ts";
import type { JobRow } from "../../store/work/jobs.ts";
import type { AccountHandle } from "../accounts/account-handle.ts";
import type { App } from "../app.ts";
import { poolKeyOfJob } from "../pools/pool-of-job.ts";
import {
  type DisableTasks,
  jobDelete,
  jobDisable,
  jobEnable,
  jobTerminate,
  wrongState,
} from "./job-change-state.ts";
import { jobFind } from "./job-read.ts";

type Target = readonly [app: App, account: AccountHandle, jobId: string, precondition: Precondition];

/** @throws Fault JobNotFound, ConditionNotMet, and the one of the job's state; as the three below */
export function jobRequestDisable(target: Target, tasks: DisableTasks): Promise<ModifiedVersion> {
  return request(target, (c, job, now) => {
    if (job.state !== "active" && job.state !== "enabling") throw wrongState(job);
    return jobDisable(c, job, tasks, now);
  });
}

export function jobRequestEnable(target: Target): Promise<ModifiedVersion> {
  return request(target, async (c, job, now) => {
    await jobEnable(c, job, now);
    const poolKey = await poolKeyOfJob(c, job);
    if (poolKey !== undefined) target[0].nudge.placement(poolKey);
  });
}

export function jobRequestTerminate(target: Target, reason: string): Promise<ModifiedVersion> {
  return request(target, (c, job, now) => {
    if (job.state === "completed" || job.state === "terminating" || job.state === "deleting") {
      throw wrongState(job);
    }
    return jobTerminate(c, job, reason, now);
  });
}

export function jobRequestDelete(target: Target): Promise<ModifiedVersion> {
  return request(target, jobDelete);
}

async function request(
  [app, account, jobId, precondition]: Target,
  move: (c: Connection, job: JobRow, now: number) => Promise<void>,
): Promise<ModifiedVersion> {
  return app.store.write(async (c) => {
    const job = await jobFind(c, account, jobId);
    precondition({ etag: etagOf(job), modifiedAt: job.modified_at });
    const now = app.clock();
    await move(c, job, now);
    app.nudge.jobs();
    return { created_at: job.created_at, version: job.version + 1, modified_at: now };
  });
}
