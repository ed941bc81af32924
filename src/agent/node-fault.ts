/** A node or a run that cannot be had, with the reason that the service is told. */
import type { FailureDetail } from "../wire/agent/messages.ts";

export class NodeFault extends Error {
  readonly code: string;
  readonly details: readonly FailureDetail[] | undefined;
  constructor(code: string, message: string, details?: readonly FailureDetail[]) {
    super(message);
    this.code = code;
    this.details = details;
  }
}
