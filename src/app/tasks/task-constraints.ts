/** A task's constraints with the job's and the documented defaults behind them. Source: Azure Batch REST, "TaskConstraints". */
import { durationToMilliseconds } from "../../core/model/iso-duration.ts";
import { TASK_RETENTION_DEFAULT } from "../../wire/batch/limits.ts";
import type { JobAddParameter, TaskAddParameter } from "../../wire/batch/models-types.gen.ts";

export interface TaskLimits {
  /** -1: without limit. */
  readonly maxRetries: number;
  /** Milliseconds; Infinity: none. */
  readonly maxWallClock: number;
  /** Milliseconds; Infinity: for ever. */
  readonly retention: number;
}

export function taskLimits(task: Pick<TaskAddParameter, "constraints">, job: JobAddParameter): TaskLimits {
  const { maxTaskRetryCount, maxWallClockTime, retentionTime } = task.constraints ?? {};
  return {
    maxRetries: maxTaskRetryCount ?? job.constraints?.maxTaskRetryCount ?? 0,
    maxWallClock: maxWallClockTime === undefined ? Infinity : durationToMilliseconds(maxWallClockTime),
    retention: retentionTime === undefined ? TASK_RETENTION_DEFAULT : durationToMilliseconds(retentionTime),
  };
}
