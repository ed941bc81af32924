/**
 * What a job has run on a node around its tasks: its preparation before the first of them, its release after the last. Source: Azure
 * Batch REST, "JobPreparationTask", "JobReleaseTask".
 */
import { Fault } from "../../core/fault.ts";
import { preparationId, releaseId } from "../../core/lifecycle/hook-ids.ts";
import type { HookRun } from "../../core/lifecycle/hook-run.ts";
import { durationToMilliseconds } from "../../core/model/iso-duration.ts";
import type { JobNodeRow } from "../../store/work/job-nodes.ts";
import type { JobRow } from "../../store/work/jobs.ts";
import type { RunSpec } from "../../wire/agent/messages.ts";
import { preparationRun, releaseRun } from "../../wire/agent/run-name.ts";
import type { JobAddParameter } from "../../wire/batch/models-types.gen.ts";
import { pairs, runContainer, runUser } from "../tasks/run-spec.ts";
import { type RunFiles, runTransfers } from "../tasks/run-transfers.ts";
import { taskLimits } from "../tasks/task-constraints.ts";
import { jobSpecOf } from "./job-spec.ts";

/** Azure's default for a release task's `maxWallClockTime`. Milliseconds. */
const RELEASE_LIMIT = 15 * 60_000;

/** @throws Fault InvalidPropertyValue for a release without a preparation, and for one id twice */
export function checkHooks(spec: Omit<JobAddParameter, "id">): void {
  if (!spec.jobReleaseTask) return;
  const job = { id: "", ...spec };
  if (!spec.jobPreparationTask) throw invalid("A job with a release task needs a preparation task.");
  if (preparationId(job)?.toLowerCase() === releaseId(job)?.toLowerCase())
    throw invalid("Its id is the preparation task's.");
}

export function preparationOf(row: Pick<JobNodeRow, "preparation">): HookRun {
  return JSON.parse(row.preparation) as HookRun;
}

export function releaseOf(row: Pick<JobNodeRow, "release">): HookRun | undefined {
  return row.release === null ? undefined : (JSON.parse(row.release) as HookRun);
}

export function preparationSpec(job: JobRow, row: JobNodeRow, files: RunFiles): RunSpec | undefined {
  const spec = jobSpecOf(job);
  const task = spec.jobPreparationTask;
  const taskId = preparationId(spec);
  if (!task || taskId === undefined) return undefined;
  const { attempt } = preparationOf(row);
  const { maxWallClock } = taskLimits(task, spec);
  return {
    run: preparationRun(row.key, attempt),
    nodeKey: String(row.node_key),
    place: { kind: "task", jobId: job.id, taskId },
    attempt,
    commandLine: task.commandLine,
    environment: [...pairs(spec.commonEnvironmentSettings), ...pairs(task.environmentSettings)],
    accountUrl: files.account.url,
    ...runUser(task.userIdentity),
    ...runContainer(task.containerSettings, files),
    ...(maxWallClock === Infinity ? {} : { wallClockMs: maxWallClock }),
    ...runTransfers(task, files),
  };
}

export function releaseSpec(job: JobRow, row: JobNodeRow, files: RunFiles): RunSpec | undefined {
  const spec = jobSpecOf(job);
  const task = spec.jobReleaseTask;
  const taskId = releaseId(spec);
  const preparation = preparationId(spec);
  if (!task || taskId === undefined) return undefined;
  const attempt = releaseOf(row)?.attempt ?? 1;
  const limit = task.maxWallClockTime;
  return {
    run: releaseRun(row.key, attempt),
    nodeKey: String(row.node_key),
    place: { kind: "task", jobId: job.id, taskId },
    attempt,
    commandLine: task.commandLine,
    environment: [...pairs(spec.commonEnvironmentSettings), ...pairs(task.environmentSettings)],
    accountUrl: files.account.url,
    ...runUser(task.userIdentity),
    ...runContainer(task.containerSettings, files),
    wallClockMs: Math.min(RELEASE_LIMIT, limit === undefined ? Infinity : durationToMilliseconds(limit)),
    ...(preparation !== undefined && { preparationId: preparation }),
    ...runTransfers(task, files),
  };
}

function invalid(reason: string): Fault {
  return new Fault("InvalidPropertyValue", "", {
    values: [
      { key: "PropertyName", value: "jobReleaseTask" },
      { key: "Reason", value: reason },
    ],
  });
}
