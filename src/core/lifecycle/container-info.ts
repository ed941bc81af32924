/**
 * What is told of a run's container, which is there as long as the run is. Pure. Source: Azure Batch REST,
 * "TaskContainerExecutionInformation"; Docker, "docker container inspect", State.Status.
 */
import { createHash } from "node:crypto";
import type { RunId } from "../../wire/agent/messages.ts";
import type { TaskContainerExecutionInformation } from "../../wire/batch/models-types.gen.ts";
import type { StartTaskInfo } from "./node-info.ts";

/** What of a run decides it. */
export interface ContainerRun {
  readonly run: RunId;
  /** Whether its command has begun, as far as that is known. */
  readonly hasStarted: boolean;
  readonly isOver: boolean;
  readonly failure?: { readonly message: string } | undefined;
}

/** The same of a start, preparation or release task, which has begun unless it failed without an exit code. */
export function hookContainerInfo(
  run: RunId,
  { state, exitCode, failureInfo }: StartTaskInfo,
): TaskContainerExecutionInformation {
  const isOver = state === "completed";
  const hasStarted = !isOver || exitCode !== undefined;
  return containerInfo({ run, hasStarted, isOver, failure: failureInfo });
}

/** The id is a number of 256 bits, as Docker's are, and another for each attempt. */
export function containerInfo({
  run,
  hasStarted,
  isOver,
  failure,
}: ContainerRun): TaskContainerExecutionInformation {
  return {
    containerId: createHash("sha256").update(run).digest("hex"),
    state: !hasStarted ? "created" : isOver ? "exited" : "running",
    error: hasStarted ? "" : (failure?.message ?? ""),
  };
}
