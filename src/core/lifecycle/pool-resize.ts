/** What a resize of a pool asks for, and which nodes a shrinking pool gives up. Pure. */
import { RESIZE_TIMEOUT_DEFAULT } from "../../wire/batch/limits.ts";
import { durationToMilliseconds } from "../model/iso-duration.ts";

/** What happens to tasks on a node that leaves. Azure Batch REST, "ComputeNodeDeallocationOption". */
export type DeallocationOption = "requeue" | "terminate" | "taskcompletion" | "retaineddata";

export interface PoolResize {
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly timeoutMs: number;
  readonly deallocation: DeallocationOption;
  /** Azure Batch REST, "ResizeError". */
  readonly errors: readonly {
    readonly code: string;
    readonly message: string;
    readonly values?: readonly { readonly name: string; readonly value: string }[];
  }[];
}

/** @param timeout ISO 8601 duration, as the request gives it */
export function poolResizeRequested(
  startedAt: number,
  timeout: string | undefined,
  deallocation: DeallocationOption,
): PoolResize {
  const timeoutMs = timeout === undefined ? RESIZE_TIMEOUT_DEFAULT : durationToMilliseconds(timeout);
  return { startedAt, timeoutMs, deallocation, errors: [] };
}

/**
 * So long a resize is seen to go on at the least, that a client which looks at the pool, or stops the resize, right after its request finds
 * it so, as with machines that take their time. Milliseconds; ours.
 */
export const RESIZE_SEEN_MS = 500;

export const RESIZE_STOPPED = {
  code: "ResizeStopped",
  message: "The number of nodes that was asked for has not been reached, as the resize was stopped",
};

export interface NodeToWeigh {
  readonly key: number;
  readonly state: string;
  readonly runningTasks: number;
}

/**
 * Chooses nodes to give up: those that run nothing first, of these the ones that are not usable yet, then the youngest.
 * @returns `surplus` keys, or all when there are fewer
 */
export function nodesToGiveUp(nodes: readonly NodeToWeigh[], surplus: number): number[] {
  return [...nodes]
    .sort(
      (a, b) =>
        a.runningTasks - b.runningTasks ||
        Number(a.state === "idle") - Number(b.state === "idle") ||
        b.key - a.key,
    )
    .slice(0, Math.max(0, surplus))
    .map(({ key }) => key);
}
