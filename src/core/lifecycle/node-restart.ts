/** The ways in which a node goes down without leaving its pool, and when it may. Pure. */
import { Fault } from "../fault.ts";

export type RestartKind = "reboot" | "reimage" | "deallocate";

/** What becomes of the tasks on a node that goes down. Azure Batch REST, "ComputeNodeRebootOption" and its kin. */
export type TasksOnNode = "requeue" | "terminate" | "taskcompletion" | "retaineddata";

export interface NodeRestart {
  readonly kind: RestartKind;
  readonly tasks: TasksOnNode;
}

/** The node's state while it goes down. */
export const STATE_GOING_DOWN = {
  reboot: "rebooting",
  reimage: "reimaging",
  deallocate: "deallocating",
} as const satisfies Record<RestartKind, string>;

/** The documented error for a request that a node's state forbids; undefined for a node that stands and may be taken down. */
export function nodeBusy(state: string): Fault | undefined {
  switch (state) {
    case "idle":
    case "waitingforstarttask":
    case "starttaskfailed":
      return undefined;
    case "creating":
      return new Fault("NodeBeingCreated");
    case "starting":
      return new Fault("NodeBeingStarted");
    case "rebooting":
      return new Fault("NodeBeingRebooted");
    case "reimaging":
      return new Fault("NodeBeingReimaged");
    case "unusable":
      return new Fault("NodeStateUnusable");
    default:
      return new Fault("OperationInvalidForCurrentState");
  }
}
