/**
 * The run of a task that belongs to a node or to a job on a node: start task, job preparation, job release. Pure.
 * Source: Azure Batch REST, "StartTaskInformation", "JobPreparationTaskExecutionInformation", "JobReleaseTaskExecutionInformation".
 */
import type { RunEnd } from "../../wire/agent/messages.ts";
import { attemptOutcome } from "./attempt-outcome.ts";
import type { StartTaskInfo } from "./node-info.ts";

export interface HookRun extends StartTaskInfo {
  /** It has been told to stop, and is not tried again. */
  readonly stopping?: true;
}

/** @param before an earlier run of it, on whose number the next one follows */
export function hookRunStarted(now: number, before?: HookRun): HookRun {
  return { state: "running", attempt: (before?.attempt ?? 0) + 1, startTime: now, retryCount: 0 };
}

/**
 * After an attempt has ended: completed, or running again under the next number.
 * @param maxRetries -1: without limit
 */
export function hookRunEnded<Run extends HookRun>(
  run: Run,
  maxRetries: number,
  ended: {
    readonly end: RunEnd | { readonly kind: "lost" };
    readonly startedAt: number | null;
    readonly endedAt: number;
  },
  now: number,
): HookRun {
  const stopping = run.stopping ? "terminate" : null;
  const outcome = attemptOutcome({ retryCount: run.retryCount, maxRetries, stopping }, ended.end);
  if (outcome.next === "active") {
    const retried = outcome.because === "retry";
    return {
      state: "running",
      attempt: run.attempt + 1,
      startTime: now,
      retryCount: run.retryCount + (retried ? 1 : 0),
      ...(retried ? { lastRetryTime: now } : {}),
    };
  }
  return {
    ...run,
    state: "completed",
    startTime: ended.startedAt ?? run.startTime,
    endTime: ended.endedAt,
    result: outcome.result,
    ...(outcome.exitCode === undefined ? {} : { exitCode: outcome.exitCode }),
    ...(outcome.failure ? { failureInfo: outcome.failure } : {}),
  };
}
