/** What is remembered of a node beside its columns: the documents in `node.info` and `node.start_task`. */
import type { OpenEndpoint } from "../../wire/agent/messages.ts";
import type { FailureInformation } from "./attempt-outcome.ts";

export interface NodeInfo {
  readonly isolation?: "namespace" | "process";
  readonly containment?: "pidNamespace" | "session";
  readonly ipAddress?: string;
  readonly ipv6Address?: string;
  readonly endpoints?: readonly OpenEndpoint[];
  /** Azure Batch REST, "ComputeNodeError". */
  readonly errors?: readonly {
    readonly code: string;
    readonly message: string;
    readonly errorDetails?: readonly { readonly name: string; readonly value: string }[];
  }[];
}

/** Azure Batch REST, "StartTaskInformation". Times in milliseconds since the epoch. */
export interface StartTaskInfo {
  readonly state: "running" | "completed";
  readonly attempt: number;
  readonly startTime: number;
  readonly endTime?: number;
  readonly exitCode?: number;
  readonly retryCount: number;
  readonly lastRetryTime?: number;
  readonly result?: "success" | "failure";
  readonly failureInfo?: FailureInformation;
}
