/**
 * A request on which a decision was made, as the denials, the audit log and the recordings tell it. Of query and headers, only its api-version and
 * its client are kept, and never a body.
 */

import type { OperationDenial } from "../../core/access/operation-access.ts";
import type { Caller, Plane } from "../../wire/access/access-api.ts";
import type { TokenPrincipal } from "../directory/access-token-verify.ts";

export function callerOf({ tenantId, objectId, kind, appId }: TokenPrincipal): Caller {
  return { tenantId, principalId: objectId, principalType: kind, appId };
}

export interface JudgedRequest {
  readonly requestId: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly caller: Caller;
  readonly plane: Plane;
  /** The operation's id in its API description. */
  readonly operation: string;
  /** Of planes that have them. */
  readonly apiVersion?: string;
  /** What the client says of itself. */
  readonly client?: string;
  /** Where it was decided. */
  readonly scope: string;
  /** The request's path. */
  readonly target: string;
}

export interface DeniedRequest extends JudgedRequest {
  readonly denial: OperationDenial;
}
