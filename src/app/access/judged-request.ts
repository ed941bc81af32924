/** A request on which a decision was made, as the denials, the audit log and the recordings tell it. Never a body, a header or a query. */
import type { OperationDenial } from "../../core/access/operation-access.ts";
import type { TokenPrincipal } from "../directory/access-token-verify.ts";

export interface Caller {
  readonly tenantId: string;
  /** Object id; null for a holder of the account's key, for a task, and for whoever cannot be told. */
  readonly principalId: string | null;
  readonly principalType: "ServicePrincipal" | "User" | "SharedKey" | "Task" | "Unknown";
  /** Which task, where it is known to be one. */
  readonly task?: { readonly jobId: string; readonly taskId: string };
  /** Where the request came from, of one that cannot be told: an address, a user of this machine. */
  readonly from?: string;
  /** The application that the token was issued to; null where the principal is. */
  readonly appId: string | null;
}

export function callerOf({ tenantId, objectId, kind, appId }: TokenPrincipal): Caller {
  return { tenantId, principalId: objectId, principalType: kind, appId };
}

export interface JudgedRequest {
  readonly requestId: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly caller: Caller;
  readonly plane: "batch" | "arm" | "blob" | "graph" | "imds" | "node";
  /** The operation's id in its API description. */
  readonly operation: string;
  /** Where it was decided. */
  readonly scope: string;
  /** The request's path. */
  readonly target: string;
}

export interface DeniedRequest extends JudgedRequest {
  readonly denial: OperationDenial;
}
