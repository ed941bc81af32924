/** What a node's journal says of a run: who it is and how it ended, and nothing of what it was told to do. */
import type { RunReport, RunSpec } from "../../wire/agent/messages.ts";

export function runLine({ run, place, attempt }: RunSpec, what: string): string {
  const work = place.kind === "task" ? `task ${place.taskId} of job ${place.jobId}` : "the start task";
  return `run ${run}, attempt ${attempt} of ${work}, ${what}`;
}

export function outcomeOf({ end, usage }: RunReport): string {
  const used = usage ? `, ${Math.round((usage.userTime + usage.kernelTime) / 1_000)} ms of a processor` : "";
  switch (end.kind) {
    case "exited": {
      const { exitCode, uploadFailure } = end;
      const unsent = uploadFailure ? `, its files were not sent: ${uploadFailure.code}` : "";
      return `exited with ${exitCode}${used}${unsent}`;
    }
    case "failedToStart":
      return `did not start: ${end.code}`;
    case "timedOut":
      return `was stopped at its time limit${used}`;
    case "stopped":
      return `was stopped${used}`;
  }
}
