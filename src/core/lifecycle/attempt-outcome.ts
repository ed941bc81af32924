/**
 * What becomes of a task when one of its attempts has ended. Pure: the caller persists, then acts.
 * Source: Azure Batch REST, "TaskConstraints", "TaskExecutionInformation", "TaskFailureInformation".
 */
import type { RunEnd } from "../../wire/agent/messages.ts";
import type { Ending } from "./exit-options.ts";

/** Why the service stops an attempt before its own end. */
export type StopReason = "terminate" | "requeue" | "delete";

export interface FailureInformation {
  readonly category: "usererror" | "servererror";
  readonly code: string;
  readonly message: string;
  readonly details?: readonly { readonly name: string; readonly value: string }[];
}

export interface AttemptHistory {
  readonly retryCount: number;
  /** `maxTaskRetryCount`: -1 means without limit. */
  readonly maxRetries: number;
  readonly stopping: StopReason | null;
}

export type AttemptOutcome =
  /** Runs again. `retry` counts against maxTaskRetryCount, `requeue` is a user's wish, `recovery` is neither's fault. */
  | { readonly next: "active"; readonly because: "retry" | "requeue" | "recovery" }
  | {
      readonly next: "completed";
      readonly result: "success" | "failure";
      readonly ending: Ending;
      readonly exitCode?: number;
      readonly failure?: FailureInformation;
    };

/** What the service or the storage did wrong, and not the task's owner. The others are the user's. */
const SERVER_ERRORS: ReadonlySet<string> = new Set(["BlobDownloadMiscError"]);

const EXIT_CODE_FAILURE = failureOf({
  code: "FailureExitCode",
  message: "The task exited with an exit code representing a failure",
});

const ENDED_BY_USER = failureOf({ code: "TaskEnded", message: "Task Was Ended by User Request" });

const TIME_LIMIT_REACHED = failureOf({
  code: "TaskEnded",
  message: "Task Was Ended because it exceeded its maximum wall clock time",
});

/** @param end how the attempt ended; `lost` when the node or its agent vanished under it */
export function attemptOutcome(
  history: AttemptHistory,
  end: RunEnd | { readonly kind: "lost" },
): AttemptOutcome {
  const mayRetry = history.maxRetries === -1 || history.retryCount < history.maxRetries;
  switch (end.kind) {
    case "lost":
      return history.stopping === "terminate"
        ? ended(ENDED_BY_USER, "terminated")
        : { next: "active", because: "recovery" };
    case "stopped":
      return history.stopping === "requeue"
        ? { next: "active", because: "requeue" }
        : history.stopping === null
          ? { next: "active", because: "recovery" }
          : ended(ENDED_BY_USER, "terminated");
    case "timedOut":
      return ended(TIME_LIMIT_REACHED, "ended");
    case "failedToStart":
      if (mayRetry && history.stopping === null) return { next: "active", because: "retry" };
      return {
        next: "completed",
        result: "failure",
        ending: { kind: "preProcessingError" },
        failure: failureOf(end),
      };
    case "exited": {
      const { exitCode, uploadFailure } = end;
      const ending: Ending = { kind: "exited", exitCode };
      if (exitCode === 0 && uploadFailure) {
        // Retries are for exit codes: the work is done, and would be done again.
        const failure = failureOf(uploadFailure);
        const sendingFailed: Ending = { kind: "fileUploadError" };
        return { next: "completed", result: "failure", ending: sendingFailed, exitCode, failure };
      }
      if (exitCode === 0) return { next: "completed", result: "success", ending, exitCode };
      if (history.stopping === "requeue") return { next: "active", because: "requeue" };
      if (mayRetry && history.stopping === null) return { next: "active", because: "retry" };
      return { next: "completed", result: "failure", ending, exitCode, failure: EXIT_CODE_FAILURE };
    }
  }
}

function ended(failure: FailureInformation, kind: "ended" | "terminated"): AttemptOutcome {
  return { next: "completed", result: "failure", ending: { kind }, failure };
}

/** Programs read the details of any failure without asking whether there are some. */
function failureOf({ code, message, details }: Omit<FailureInformation, "category">): FailureInformation {
  return {
    category: SERVER_ERRORS.has(code) ? "servererror" : "usererror",
    code,
    message,
    details: details ?? [
      { name: "Message", value: message },
      { name: "AdditionalErrorCode", value: code },
    ],
  };
}
