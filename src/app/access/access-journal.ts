/**
 * What the planes tell about their decisions: denials are remembered, writes and denials audited, and what a recorded principal uses
 * noted. A read by a principal that nobody records leaves no trace.
 */

import type { OperationDenial } from "../../core/access/operation-access.ts";
import type { Grant } from "../../wire/access/access-api.ts";
import type { Permission } from "../../wire/rbac/permission.ts";
import type { AuditLog } from "./audit-log.ts";
import type { Denials } from "./denials.ts";
import type { JudgedRequest } from "./judged-request.ts";
import type { Recordings } from "./recordings.ts";

/** Called once the status of the reply is known; 0 when there was none. */
export type Ended = (status: number) => void;

export class AccessJournal {
  readonly denials: Denials;
  readonly audit: AuditLog;
  readonly recordings: Recordings;

  constructor(parts: Pick<AccessJournal, "denials" | "audit" | "recordings">) {
    this.denials = parts.denials;
    this.audit = parts.audit;
    this.recordings = parts.recordings;
  }

  /**
   * @param needed the operation's own permissions, whatever granted them
   * @param by what granted them
   */
  allowed(
    request: JudgedRequest,
    needed: readonly Permission[],
    by: readonly Grant[] | "SharedKey" | "TaskAuthenticationToken",
  ): Ended {
    const { principalId } = request.caller;
    if (principalId !== null) this.recordings.use(principalId, needed, request.scope);
    const told = typeof by === "string" ? by : by.map(({ permission: _, ...grant }) => grant);
    return (status) => this.audit.append({ ...entryOf(request), decision: "allowed", by: told, status });
  }

  denied(request: JudgedRequest, denial: OperationDenial): Ended {
    this.denials.remember({ ...request, denial });
    const missing = denial.missing.name;
    return (status) => this.audit.append({ ...entryOf(request), decision: "denied", missing, status });
  }

  /** What is decided by directory roles and app roles, which are no role assignments: there is nothing to remember or to record. */
  directory(request: JudgedRequest, status: number, missing?: string): void {
    const told =
      missing === undefined
        ? { decision: "allowed" as const }
        : { decision: status < 400 ? ("allowed" as const) : ("denied" as const), missing };
    this.audit.append({ ...entryOf(request), ...told, status });
  }

  /**
   * Requests for identities of nodes, which nodes' own records decide.
   * @param times how many like it there were
   */
  identity(request: JudgedRequest, status: number, missing: string | undefined, times: number): void {
    const told =
      missing === undefined ? { decision: "allowed" as const } : { decision: "denied" as const, missing };
    this.audit.append({ ...entryOf(request), ...told, status, ...(times > 1 && { times }) });
  }

  async close(): Promise<void> {
    await Promise.all([this.denials.close(), this.audit.close()]);
  }
}

function entryOf({ at, ...request }: JudgedRequest) {
  return { time: new Date(at).toISOString(), ...request };
}
